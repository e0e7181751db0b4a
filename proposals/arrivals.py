"""Where a move leads when that is not one fixed state: who has the case then, and which clock runs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from areas import competence
from areas.models import Body, Level
from people.verdict import Refused, no
from voting import limits as voting_limits

from . import conditions, consequences, limits
from .consequences import Step
from .states import State


class Clock(StrEnum):
    FRESH = "fresh"  # the state's own time, from now
    KEEP = "keep"  # the running one
    HELD = "held"  # the one that stood still goes on


@dataclass(frozen=True)
class Arrival:
    """passed: vacant levels that were passed over. period: instead of the state's own time."""

    state: State
    owner: Any
    passed: tuple[Level, ...] = ()
    clock: Clock = Clock.FRESH
    period: dict[str, Any] | None = None


def at_home(step: Step) -> Arrival:
    ruling = _competent(step, step.proposal.area.level)
    return Arrival(State.SUBMITTED, ruling.body, ruling.passed)


def put_to_vote(step: Step) -> Arrival:
    """Its clock holds the notice and the time to vote."""
    case = step.proposal
    assert case.owner is not None
    voting = limits.period(case.owner.area, State.VOTING)
    period = voting_limits.with_notice(case.area, consequences.called(step).roll_kind, voting)
    return Arrival(State.VOTING, case.owner, period=period)


def stay(step: Step) -> Arrival:
    return Arrival(State(step.proposal.state), step.proposal.owner, clock=Clock.KEEP)


def one_up(step: Step) -> Arrival:
    """To the next level that sits and, by the competence list, may have it; if the list names none, to the next.

    What nobody has accepted yet is not public: it goes up without a hand-over.
    """
    ruling = _nearest_above(step)
    state = State.SUBMITTED if step.proposal.state == State.SUBMITTED else State.ESCALATED
    return Arrival(state, ruling.body, ruling.passed)


def one_down(step: Step) -> Arrival:
    """To the next level below that sits, on the way home."""
    body = conditions.body_below(step.proposal, step.at)
    if body is None:
        raise Refused(no(_("No body sits below this level on the way to the matter's home.")))
    listed_or_refused(step, body)
    return Arrival(State.HANDED_DOWN, body)


def taken_over(step: Step) -> Arrival:
    """The new owner goes on where the case was left, or at the answer; what came down is talked over again."""
    case = step.proposal
    left, down = State(case.left_state), case.state == State.HANDED_DOWN
    if down and left in (State.RESOLVED, State.DECIDING):
        return Arrival(State.DELIBERATING, case.owner)
    return Arrival(State.DECIDING if left in (State.RESOLVED, State.DECIDING) else left, case.owner)


def handed_back(step: Step) -> Arrival:
    """Once to where it came from; the second time the district's joint meeting assigns it (domain.md §2)."""
    if step.proposal.hand_backs == 0:
        return back(step)
    ruling = _competent(step, Level.DISTRICT)
    return Arrival(State.ARBITRATING, ruling.body)


def back(step: Step) -> Arrival:
    """To the state and the owner that it left; its clock goes on with what was left."""
    case = step.proposal
    return Arrival(State(case.left_state), case.left_owner or case.owner, clock=Clock.HELD)


def assigned(step: Step) -> Arrival:
    """To the body that was named, in the state in which the quarrel began; an answer already due stays due."""
    body = _named(step)
    left = State(step.proposal.left_state)
    return Arrival(State.DECIDING if left == State.RESOLVED else left, body)


def reassigned(step: Step) -> Arrival:
    """To the body that was named; the clock does not stop for it."""
    return Arrival(State(step.proposal.state), _named(step), clock=Clock.KEEP)


def succeeded(step: Step) -> Arrival:
    """The owner no longer sits: the body that is competent now has it, with the same clock."""
    case = step.proposal
    ruling = _competent(step, case.level)
    return Arrival(State(case.state), ruling.body, ruling.passed, clock=Clock.KEEP)


def appealed(step: Step) -> Arrival:
    return Arrival(State.APPEALED, _another(step))


def reviewed(step: Step) -> Arrival:
    return Arrival(State.REVIEWING, _another(step))


def asked_to_defer(step: Step) -> Arrival:
    return Arrival(State.DEFERRING, _another(step))


def suspended(step: Step) -> Arrival:
    return Arrival(State.SUSPENDED, step.proposal.owner)


def deferred(step: Step) -> Arrival:
    case = step.proposal
    assert case.left_owner and case.recheck_on
    return Arrival(State.DEFERRED, case.left_owner, period=conditions.days_until(case.recheck_on, step.at))


def accepted_after_all(step: Step) -> Arrival:
    return Arrival(State.ENDORSING, step.proposal.left_owner)


def answered_anew(step: Step) -> Arrival:
    return Arrival(State.DECIDING, step.proposal.left_owner)


def put_right(step: Step) -> Arrival:
    """The first failure stays where it is; the second goes one level up, if there is one."""
    case = step.proposal
    up = competence.above(case.owner, step.at) if case.owner and case.rectified >= 1 else None
    return Arrival(State.RECTIFYING, up or case.owner)


def reopened_anew(step: Step) -> Arrival:
    return Arrival(State.RECTIFYING, step.proposal.owner)


def listed_or_refused(step: Step, body: Body) -> None:
    """What is not on a community's or courtyard's list is not sent there, and the list says who is competent."""
    verdict = conditions.is_listed(body, step.proposal, step.at)
    if not verdict and body.area.level >= Level.COMMUNITY:
        raise Refused(verdict)


def _competent(step: Step, level: int) -> competence.Ruling:
    case = step.proposal
    try:
        return competence.competent(case.area, level, step.at, case.category)
    except competence.NobodySits as vacant:
        reason = _("No body sits at this level or above. Please tell the district: it has to name one.")
        raise Refused(no(reason)) from vacant


def _nearest_above(step: Step) -> competence.Ruling:
    case, skipped = step.proposal, []
    nearest = ruling = _competent(step, case.level - 1)
    while not conditions.is_listed(ruling.body, case, step.at):
        level = ruling.body.area.level
        if level == Level.DISTRICT:
            return nearest
        skipped.append(level)
        ruling = _competent(step, level - 1)
    step.facts |= {"off_list": skipped} if skipped else {}
    return ruling


def _named(step: Step) -> Body:
    bodies = {body.pk: body for body in conditions.bodies_on_the_way(step.proposal, step.at)}
    body = bodies.get(step.facts.get("body", 0))
    if body is None:
        raise Refused(no(_("Please choose a body that sits between the matter's home and the district.")))
    if body.pk == step.proposal.owner_id and step.proposal.state != State.ARBITRATING:
        raise Refused(no(_("This body has it already. Please choose another one.")))
    listed_or_refused(step, body)
    return body


def _another(step: Step) -> Body:
    case = step.proposal
    assert case.owner is not None
    body = competence.other(case.owner, step.at)
    if body is None:
        raise Refused(no(_("There is no other body that could look at it. Review by law and the courts stay open.")))
    return body
