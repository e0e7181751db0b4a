"""What the case page shows, gathered in a fixed number of queries."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from areas import calendar, policy
from areas.models import Level
from deliberation.models import Post, Thread
from notifications import subscriptions
from people.verdict import Verdict
from voting import policies as voting_policies
from voting.models import Ballot

from . import lifecycle, policies, timeline
from .models import Decision, Photo, Proposal, Screening
from .moves import SETBACKS
from .reasons import EXCLUDE, Reason
from .states import DETOURS, State

SHOWN, LATEST = 8, 2
NEXT: dict[str, Promise] = {
    State.SUBMITTED: _("The body says whether it accepts the matter, and why"),
    State.RETURNED: _("The proposer completes it; the number stays the same"),
    State.ENDORSING: _("Enough households endorse: then it must be deliberated in public"),
    State.APPEALED: _("Another body decides whether the refusal stands"),
    State.SCREENING: _("The body examines it and opens the deliberation; it cannot be dropped, only answered"),
    State.DELIBERATING: _("Agree on a plan, then vote or hand up"),
    State.VOTING: _("Votes are counted when time is up"),
    State.NO_QUORUM: _("Deliberate again, or hand up"),
    State.NOT_PASSED: _("Deliberate again, or hand up"),
    State.RESOLVED: _("The body acts on the resolution or hands it up"),
    State.ESCALATED: _("The next level takes it over or hands it back, with reasons"),
    State.HANDED_DOWN: _("The lower level takes it over or hands it back, with reasons"),
    State.ARBITRATING: _("The district's joint meeting assigns it, and that is final"),
    State.REVIEWING: _("Another body says whether the answer stands"),
    State.DEFERRING: _("Another body allows or refuses the deferral"),
    State.DEFERRED: _("It is looked at again; until it is done it counts as not solved"),
    State.SUSPENDED: _("The clock stands still; it goes on by itself when the time is over"),
    State.DECIDING: _("A named officer answers in writing, with reasons"),
    State.DECIDED: _("Start what was promised"),
    State.IMPLEMENTING: _("Carry it out, then the residents judge"),
    State.EVALUATING: _("The proposer and those who endorsed say whether it is solved"),
    State.RECTIFYING: _("Put it right, then it is judged again"),
}


LADDER: dict[int, Promise] = {
    4: _("The office has been reminded"),
    5: _("Noticed in public for being late"),
    6: _("Under supervision"),
}


@dataclass
class Clock:
    """The strip: who has it, until when, how much is left, what comes next.

    left: working days, or hours where the step is measured in hours. said: the last step of the ladder that the clock
    has said, in words. first: what was promised first, if it changed.
    """

    tone: str
    left: int
    overdue: bool
    next: Promise | str
    said: Promise | str = ""
    first: dt.datetime | None = None
    in_hours: bool = False

    @property
    def unit(self) -> str:
        return gettext("hours") if self.in_hours else gettext("working days")

    @property
    def words(self) -> str:
        if not self.left and not self.in_hours:
            return gettext("Overdue") if self.overdue else gettext("Due today")
        if self.in_hours:
            said = gettext("overdue by %(n)s hours") if self.overdue else gettext("%(n)s hours left")
        else:
            said = gettext("overdue by %(n)s working days") if self.overdue else gettext("%(n)s working days left")
        return said % {"n": self.left}


@dataclass
class CasePage:
    case: Proposal
    clock: Clock | None
    inside: bool
    moves: list[Any]
    entries: list[timeline.Entry]
    endorsed: int
    mine: bool
    may_endorse: Verdict
    may_judge: Verdict
    thread: Thread | None
    ballot: Ballot | None
    may_vote: Verdict | None
    decision: Decision | None
    following: bool
    levels: list[tuple[Level, bool]]
    photos: list[Photo]
    can_decide: bool
    latest: list[Post]
    may_call: Verdict
    callers: int
    callers_needed: int
    called: bool
    screening: Screening | None
    can_examine: bool

    @property
    def records(self) -> list[timeline.Entry]:
        return [entry for entry in self.entries if entry.kind == "record.made"]

    @property
    def history(self) -> list[timeline.Entry]:
        return [entry for entry in self.entries if entry.kind != "record.made"]

    @property
    def passed_over(self) -> bool:
        newest = next((entry for entry in self.history if entry.facts.get("to")), None)
        return bool(newest and newest.facts.get("passed"))

    @property
    def forward(self) -> list[Any]:
        """Buttons of their own: what takes the matter on; the rest is behind “more”."""
        return [move for move in self.moves if move.verb not in SETBACKS][:3]

    @property
    def further(self) -> list[Any]:
        return [move for move in self.moves if move not in self.forward]

    @property
    def newest(self) -> list[timeline.Entry]:
        return self.history[:SHOWN]

    @property
    def may_be_endorsed(self) -> bool:
        return self.case.state in policies.ENDORSABLE

    @property
    def threshold_met(self) -> bool:
        return self.case.state != State.ENDORSING and self.endorsed >= self.case.endorsements_needed

    @property
    def endorsed_percent(self) -> float:
        """The bar: full at whichever is larger, what was reached or what is needed."""
        return 100 * self.endorsed / max(self.endorsed, self.case.endorsements_needed, 1)

    @property
    def threshold_mark(self) -> float:
        return 100 * self.case.endorsements_needed / max(self.endorsed, self.case.endorsements_needed, 1)

    @property
    def is_up_appealable(self) -> bool:
        return self.case.state in policies.CALLABLE and self.case.level != Level.DISTRICT

    @property
    def co_responsible(self) -> bool:
        """Another level has it: the home body stays responsible for telling the residents."""
        return not self.case.is_ended and self.case.level < self.case.area.level

    @property
    def left(self) -> str:
        """Where a case on a detour comes from, in words."""
        return self.case.get_left_state_display() if self.case.state in DETOURS else ""

    @property
    def exclusion(self) -> Reason | None:
        return EXCLUDE.get(self.case.exclusion_reason)

    @property
    def refusal(self) -> timeline.Entry | None:
        """The newest return, rejection or hand-back that gives its reason."""
        return next((entry for entry in self.history if entry.reason), None)


def clock_of(case: Proposal, now: dt.datetime) -> Clock | None:
    if case.is_ended or case.owner is None:
        return None
    overdue = bool(case.due_at and now >= case.due_at)
    in_hours = case.due_unit in ("hour", "minute")
    left = (_hours_left if in_hours else _days_left)(case.due_at, now) if case.due_at else 0
    whole = calendar.workdays_between(case.state_since, case.due_at) if case.due_at else 0
    short = case.stage >= 2 if in_hours else left * 5 <= whole
    tone = "alarm" if overdue else "pause" if case.due_at and short else "done"
    first = case.first_due_at if case.first_due_at != case.due_at else None
    return Clock(tone, abs(left), overdue, NEXT.get(case.state, ""), LADDER.get(case.stage, ""), first, in_hours)


def _hours_left(due_at: dt.datetime, now: dt.datetime) -> int:
    """Whole hours, rounded up."""
    return -((now - due_at) // dt.timedelta(hours=1)) if now < due_at else (now - due_at) // dt.timedelta(hours=1)


def _days_left(due_at: dt.datetime, now: dt.datetime) -> int:
    """Working days until the last day; when it is over, minus those since, today among them."""
    return calendar.workdays_between(now, due_at if now < due_at else due_at - dt.timedelta(microseconds=1))


def gather(case: Proposal, user: Any, now: dt.datetime) -> CasePage:
    inside = policies.concerns(user, case, now) or policies.proposer(user, case, now).allowed
    ballot = Ballot.objects.filter(chain=case.chain).order_by("-pk").first()
    thread = Thread.objects.filter(chain=case.chain).first()
    calls = _calls(case, user)
    endorsed = case.endorsements.aggregate(all=Count("pk"), mine=Count("pk", filter=Q(user=user.pk)))
    return CasePage(
        case=case,
        clock=clock_of(case, now),
        inside=inside,
        moves=lifecycle.available_moves(user, case, now) if user.is_authenticated else [],
        entries=timeline.of(case, inside=inside),
        endorsed=endorsed["all"],
        mine=user.is_authenticated and endorsed["mine"] > 0,
        may_endorse=policies.may_endorse(user, case, now),
        may_judge=policies.may_judge(user, case, now),
        thread=thread,
        latest=_latest(thread) if thread else [],
        ballot=ballot,
        may_vote=voting_policies.may_vote(user, ballot, now) if ballot else None,
        decision=case.decisions.last(),
        following=subscriptions.follows(user, case.chain),
        photos=list(case.photos.all()),
        can_decide=inside and lifecycle.may(user, case, "decide", now).allowed,
        may_call=policies.may_call(user, case, now),
        callers=calls["all"],
        callers_needed=policy.value(case.area, "case.callers"),
        called=calls["mine"] > 0,
        screening=Screening.objects.filter(proposal=case).prefetch_related("stakeholders").first(),
        can_examine=inside and policies.may_screen(user, case, now).allowed,
        levels=[(level, level == case.level) for level in sorted(Level, reverse=True) if level <= case.area.level],
    )


def _calls(case: Proposal, user: Any) -> dict[str, int]:
    """Households that appeal from the present level, all and this person's."""
    here = case.calls.filter(level=case.level, turn=case.hand_backs)
    return here.aggregate(all=Count("pk"), mine=Count("pk", filter=Q(user=user.pk)))


def _latest(thread: Thread) -> list[Post]:
    """The newest posts in order, without what they answer: only their first words are shown."""
    posts = thread.posts.select_related("author").filter(number__gt=thread.last_number - LATEST)
    return list(posts.order_by("number"))
