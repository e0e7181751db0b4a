"""Who may do what with a case. Each answer is a Verdict whose refusal is read by the person."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from areas import policy
from areas.models import Area, Body
from ledger.actors import SYSTEM
from people import policies as people_policies
from people import standing
from people.models import Appointment, User
from people.roles import Right
from people.verdict import YES, Verdict, no

from . import conditions
from .models import Proposal
from .states import State

ENDORSABLE = (State.ENDORSING, State.SCREENING, State.DELIBERATING)
CALLABLE = (
    State.SCREENING,
    State.DELIBERATING,
    State.NO_QUORUM,
    State.NOT_PASSED,
    State.RESOLVED,
    State.DECIDING,
)
JUDGING = frozenset({Right.SCREEN, Right.DECIDE})  # nobody accepts or answers what they filed themself
MIN_WISH = 6
MIN_PROBLEM = 10
MIN_TITLE = 4


def may_file(user: Any, at: dt.datetime) -> Verdict:
    """May this person begin a proposal at all?"""
    if not user.is_authenticated:
        return no(_("Please sign in first."), remedy="account_login")
    if standing.of(user, at).residence is None:
        return no(_("Please first say where you live, so that the matter reaches the right body."), remedy="people:me")
    return YES


def is_complete(proposal: Proposal, at: dt.datetime) -> Verdict:
    """Is there enough for a moderator to screen?"""
    if len(proposal.title.strip()) < MIN_TITLE:
        return no(_("Please say in one sentence what it is about."))
    if len(proposal.problem.strip()) < MIN_PROBLEM:
        return no(_("Please describe how things are now."))
    if len(proposal.wish.strip()) < MIN_WISH:
        return no(_("Please say how it should be solved."))
    return YES


def proposer(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    if proposal.proposer_id is not None and getattr(by, "pk", None) == proposal.proposer_id:
        return YES
    return no(_("Only the proposer can do this."))


def submitting_proposer(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    return (
        proposer(by, proposal, at)
        and is_complete(proposal, at)
        and conditions.is_long_enough_ago(proposal, at)
        and people_policies.is_resident_of(by, proposal.area, at)
    )


def system(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    if by is SYSTEM:
        return YES
    return no(_("This happens by itself when its time or its threshold has come; nobody can do it by hand."))


def proposer_or_timer(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    return YES if by is SYSTEM else proposer(by, proposal, at)


class Holder:
    """The owner body's people who hold one of these rights; `timer`: the platform may too, when time is up."""

    def __init__(self, *rights: Right, timer: bool = False) -> None:
        self.rights, self.timer = rights, timer

    def __call__(self, by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
        if by is SYSTEM:
            return YES if self.timer else no(_("Only a person in office can do this."))
        if proposal.owner is None:
            return no(_("Nobody owns this case now."))
        verdict = no(_("Please sign in first."))
        for right in self.rights:
            verdict = people_policies.may_act_for(by, proposal.owner, right, at)
            if verdict and right in JUDGING and proposal.proposer_id == by.pk:
                verdict = no(_("You filed this matter yourself. A colleague must do this."))
            if verdict:
                break
        return verdict


class Impartial(Holder):
    """The body that hears an appeal, but nobody who refused the matter or filed it themself."""

    def __call__(self, by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
        verdict = super().__call__(by, proposal, at)
        if verdict and proposer(by, proposal, at):
            return no(_("You filed this matter yourself. A colleague must do this."))
        if verdict and proposal.refused_by_id is not None and proposal.refused_by_id == getattr(by, "pk", None):
            return no(_("You refused this matter yourself. Somebody else must decide the appeal."))
        return verdict


class Answerer(Holder):
    """A body that answers itself must have somebody who may sign."""

    def __call__(self, by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
        verdict = super().__call__(by, proposal, at)
        if verdict and proposal.owner_id not in _with_signers(by, at):
            return no(_("Nobody in this body may sign an answer. Please hand the matter up."))
        return verdict


class AnyOf:
    """Whoever one of these lets in; the refusal is the last one's."""

    def __init__(self, *who: Any) -> None:
        self.who = who

    def __call__(self, by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
        verdict = no(_("Please sign in first."))
        for who in self.who:
            verdict = who(by, proposal, at)
            if verdict:
                break
        return verdict


def extender(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """The body; while endorsements are collected the proposer too."""
    verdict = Holder(Right.STEER)(by, proposal, at)
    if not verdict and proposal.state == State.ENDORSING and proposer(by, proposal, at):
        return YES
    return verdict


def supervisor(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """Who supervises the area of the body that has the case, or one above it."""
    if by is SYSTEM or not by.is_authenticated:
        return no(_("Only a person in office can do this."))
    if proposal.owner is None:
        return no(_("Nobody owns this case now."))
    watched = [body.area.path for body in standing.of(by, at).bodies(Right.SUPERVISE)]
    if not any(proposal.owner.area.path.startswith(path) for path in watched):
        return no(_("Only those who supervise %(body)s may do this.") % {"body": proposal.owner.name})
    return YES if by.second_factor else people_policies.PROVE


def second_supervisor(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """Another person than the one who asked that the case be left out of the rates."""
    verdict = supervisor(by, proposal, at)
    if verdict and proposal.exclusion_by_id == by.pk:
        return no(_("You asked for this yourself. A second person must decide it."))
    return verdict


def heir(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """One of those who endorsed may take over what was withdrawn, if enough households stand behind it."""
    if not getattr(by, "is_authenticated", False):
        return no(_("Please sign in first."), remedy="account_login")
    if not proposal.endorsements.filter(user=by).exists():
        return no(_("Only one of those who endorsed this matter can take it over."))
    needed = policy.value(proposal.area, "case.heirs")
    if proposal.endorsements.count() < needed:
        return no(_("It can be taken over only if at least %(n)s households endorsed it.") % {"n": needed})
    return people_policies.is_resident_of(by, proposal.area, at)


def may_screen(by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """Write the examination while the body has it."""
    if proposal.state not in (State.SCREENING, State.DELIBERATING):
        return no(_("The examination is written before the deliberation opens, and completed while it goes on."))
    return Holder(Right.SCREEN, Right.STEER)(by, proposal, at)


def may_call(user: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """The proposer and those who endorsed may appeal to the next level, one voice a household."""
    if proposal.state not in CALLABLE:
        return no(_("An appeal to the next level is possible from the examination to the answer."))
    verdict = conditions.below_district(proposal, at) and conditions.not_assigned(proposal, at)
    if not verdict:
        return verdict
    if not user.is_authenticated:
        return no(_("Please sign in first."), remedy="account_login")
    if proposal.proposer_id != user.pk and not proposal.endorsements.filter(user=user).exists():
        return no(_("Only the proposer and those who endorsed can appeal to the next level."))
    return people_policies.is_resident_of(user, proposal.area, at)


def _with_signers(by: User, at: dt.datetime) -> set[int]:
    """The bodies in which somebody may sign; asked once for each request."""
    memo: dict[str, Any] = by.memo if by.memo is not None else {}
    if "signing" not in memo:
        bodies = Appointment.objects.current(at).with_right(Right.DECIDE).values_list("body", flat=True)
        memo["signing"] = set(bodies)
    return set(memo["signing"])


def may_see(user: Any, proposal: Proposal, at: dt.datetime) -> bool:
    if proposal.is_public or proposer(user, proposal, at):
        return True
    return proposal.state != State.DRAFT and concerns(user, proposal, at)


def may_endorse(user: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """A verified resident of the case's home area, once a household, until it comes to a vote."""
    if proposal.state not in ENDORSABLE:
        return no(_("Endorsements are not being collected now."))
    if proposal.state == State.ENDORSING and proposal.due_at and at >= proposal.due_at:
        return no(_("The time for endorsements is over."))
    return people_policies.is_resident_of(user, proposal.area, at)


def may_judge(user: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
    """The proposer and those who endorsed; never the handler's own claim."""
    if proposal.state != State.EVALUATING:
        return no(_("There is nothing to judge at present."))
    if proposal.due_at and at >= proposal.due_at:
        return no(_("The time to judge is over."))
    if not user.is_authenticated:
        return no(_("Please sign in first."))
    mine = proposal.proposer_id == user.pk or proposal.endorsements.filter(user=user).exists()
    if not mine:
        return no(_("Only the proposer and those who endorsed can judge the result."))
    if proposal.judgements.filter(user=user, round=proposal.rectified).exists():
        return no(_("You have already judged this result."))
    return YES


def may_use_desk(user: Any, at: dt.datetime) -> Verdict:
    return people_policies.may_work(user, at)


def serves(user: Any, proposal: Proposal, at: dt.datetime) -> bool:
    return isinstance(user, User) and Holder(*Right)(user, proposal, at).allowed


def concerns(user: Any, proposal: Proposal, at: dt.datetime) -> bool:
    """Is it this person's work: in the body that has it, or watching that body?"""
    return serves(user, proposal, at) or (isinstance(user, User) and supervisor(user, proposal, at).allowed)


def may_set_rules(user: Any, area: Area, at: dt.datetime) -> Verdict:
    """Whoever leads the body that sits in this area, or in one above it."""
    if not user.is_authenticated:
        return no(_("Please sign in first."))
    led = [body.pk for body in standing.of(user, at).bodies(Right.STEER)]
    if not Body.objects.sitting(at).filter(pk__in=led, area__path__in=area.lineage_paths).exists():
        reason = _("Only those who lead the body of %(area)s, or the body of an area above it, may change its rules.")
        return no(reason % {"area": area.name})
    return YES if user.second_factor else people_policies.PROVE
