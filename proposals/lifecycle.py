"""The only writer of a case's state: verdict → compare-and-set → ledger event, in one transaction."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from areas import calendar, competence
from areas.models import Level
from ledger.models import Event, Visibility
from ledger.recording import record
from notifications import inbox
from people.verdict import YES, Refused, Verdict, no

from . import limits, notices
from .consequences import Step
from .models import Counter, Proposal
from .moves import MOVES, SETBACKS, TABLE, Move
from .states import ENDED, State


class Stale(Refused):
    """Somebody else moved the case first: a door that can shows the fresh page, every other one says the sentence."""

    def __init__(self) -> None:
        super().__init__(no(_("Somebody else has just moved this case on. Here is how it stands now.")))


def may(by: Any, proposal: Proposal, verb: str, at: dt.datetime) -> Verdict:
    """May it happen now (the state), and may this person do it?"""
    move = MOVES[verb]
    if proposal.state not in move.sources:
        return no(
            _("This case is now “%(state)s”, so this step is not possible.") % {"state": proposal.get_state_display()}
        )
    if verb == "hand_up" and proposal.owner and proposal.owner.area.level == Level.DISTRICT:
        return no(_("There is no level above the district."))
    return move.who(by, proposal, at)


def available_moves(by: Any, proposal: Proposal, at: dt.datetime) -> list[Move]:
    """What this person can do now by a button of its own; what takes the matter forward comes first."""
    found = [move for move in TABLE if move.by_form and may(by, proposal, move.verb, at)]
    return sorted(found, key=lambda move: move.verb in SETBACKS)


@transaction.atomic
def move(
    proposal: Proposal,
    verb: str,
    *,
    by: Any,
    at: dt.datetime,
    texts: Mapping[str, str] | None = None,
    **facts: Any,
) -> Event:
    """Make one move. `texts` (what a person wrote) is committed, not kept in the chain; `facts` are codes and numbers.

    Raises Refused with the reason, or Stale when somebody was first; `proposal` then is as it was.
    """
    verdict = may(by, proposal, verb, at)
    if not verdict:
        raise Refused(verdict)
    chosen = MOVES[verb]
    verdict = _has_reason(chosen, facts, texts or {})
    if not verdict:
        raise Refused(verdict)
    step = Step(proposal, by, at, dict(facts), dict(texts or {}))
    passed = _plan(step, chosen)
    for also in chosen.also:
        also(step)
    _write(step)
    event = record(
        chosen.event,
        chain=proposal.chain,
        subject=proposal,
        by=by,
        at=at,
        visibility=Visibility.PUBLIC if proposal.is_public else Visibility.PARTIES,
        texts=texts,
        verb=verb,
        to=proposal.state,
        owner=proposal.owner_id,
        level=proposal.level,
        due=proposal.due_at.isoformat() if proposal.due_at else None,
        provisional=proposal.due_provisional,
        passed=[int(level) for level in passed],
        **step.facts,
    )
    if step.facts["from"] != proposal.state:
        inbox.settle(notices.act_key(proposal.chain, step.facts["from"]), at=at)
    for then in chosen.then:
        then(step)
    return event


@dataclass(frozen=True)
class _Arrival:
    state: State
    owner: Any
    level: int
    passed: tuple[Level, ...] = ()


def _has_reason(chosen: Move, facts: Mapping[str, Any], texts: Mapping[str, str]) -> Verdict:
    if chosen.reasons and facts.get("reason") not in chosen.reasons:
        return no(_("Please choose a reason."))
    if chosen.text and not texts.get("text", "").strip():
        return no(_("Please write: %(what)s.") % {"what": chosen.text})
    return YES


def _arrival(step: Step, chosen: Move) -> _Arrival:
    """Where the case goes, who owns it there, and which vacant levels were passed over."""
    case = step.proposal
    left = State(case.left_state) if case.left_state else None
    if chosen.verb in ("submit", "resubmit"):
        ruling = competence.competent(case.area, case.area.level, step.at)
        return _Arrival(State.SUBMITTED, ruling.body, ruling.body.area.level, ruling.passed)
    if chosen.verb == "hand_up":
        ruling = competence.competent(case.area, case.level - 1, step.at)
        return _Arrival(State.ESCALATED, ruling.body, ruling.body.area.level, ruling.passed)
    if chosen.verb == "take_over":
        assert left is not None
        target = State.DECIDING if left in (State.RESOLVED, State.DECIDING) else left
        return _Arrival(target, case.owner, case.level)
    if chosen.verb == "hand_back":
        assert left is not None and case.left_owner is not None
        return _Arrival(left, case.left_owner, case.left_owner.area.level)
    if chosen.verb == "report":
        return _Arrival(State(case.state), case.owner, case.level)
    assert chosen.target is not None
    return _Arrival(chosen.target, case.owner, case.level)


def _plan(step: Step, chosen: Move) -> tuple[Level, ...]:
    """Fill step.changes with the columns that this move writes."""
    case, at = step.proposal, step.at
    there = _arrival(step, chosen)
    step.facts["from"] = case.state
    step.changes["state"] = there.state
    if there.state == case.state:
        return there.passed
    step.changes |= {"owner": there.owner, "level": there.level, "state_since": at}
    if there.owner != case.owner:
        step.changes["owner_since"] = at
    if chosen.verb == "submit":
        step.changes |= {"number": Counter.next_number(at.astimezone(calendar.SHANGHAI).year), "submitted_at": at}
    handed_up = there.state == State.ESCALATED
    step.changes |= {
        "left_state": case.state if handed_up else "",
        "left_owner": case.owner if handed_up else None,
        "refusal": step.facts.get("reason", "") if there.state in (State.RETURNED, State.REJECTED) else "",
        "outcome": step.facts.get("outcome", "") if there.state == State.CLOSED else "",
        "closed_at": at if there.state in ENDED else None,
    }
    due = None if there.state in ENDED else limits.deadline(there.owner.area, there.state, at)
    step.changes |= {"due_at": due and due.at, "due_provisional": bool(due and due.provisional)}
    return there.passed


def _write(step: Step) -> None:
    """Compare-and-set on the state and its entry time: zero rows written means that somebody was first."""
    case = step.proposal
    mine = Proposal.objects.filter(
        pk=case.pk, state=case.state, state_since=case.state_since, owner=case.owner_id, rectified=case.rectified
    )
    if not mine.update(**step.changes):
        raise Stale
    for name, value in step.changes.items():
        setattr(case, name, value)
