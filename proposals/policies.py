"""Who may do what with a case. Each answer is a Verdict whose refusal is read by the person."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from ledger.actors import SYSTEM
from people import policies as people_policies
from people import standing
from people.models import Appointment, User
from people.roles import Right
from people.verdict import YES, Verdict, no

from .models import Proposal
from .states import State

ENDORSABLE = (State.ENDORSING, State.DELIBERATING)
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
            if verdict:
                break
        return verdict


class Answerer(Holder):
    """A body that answers itself must have somebody who may sign."""

    def __call__(self, by: Any, proposal: Proposal, at: dt.datetime) -> Verdict:
        verdict = super().__call__(by, proposal, at)
        if verdict and proposal.owner_id not in _with_signers(by, at):
            return no(_("Nobody in this body may sign an answer. Please hand the matter up."))
        return verdict


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
    return proposal.state != State.DRAFT and Holder(*Right)(user, proposal, at).allowed


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
