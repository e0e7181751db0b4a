"""What a resident sees of their own: what waits for them, what is still open to them, what runs, what has ended."""

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from areas import calendar, policy
from areas.models import Area, PolicyValue
from people.models import User

from . import casepage, worklist
from .models import Decision, Endorsement, Judgement, Proposal, ProposalQuerySet
from .moves import MOVES
from .states import ENDED, State
from .worklist import Act, Group, Task

PER_PAGE, CHOICES = 30, 60
GROUPS = ["asked", "open", "running", "ended"]
REFUSED = Q(state__in=MOVES["appeal"].sources, appealed=False)
ANSWERED = Q(state__in=MOVES["ask_review"].sources, reviewed=False)


class Terms:
    """How long an appeal and a review are open, by the rules of each home area; one query however many areas."""

    def __init__(self) -> None:
        keys = ("case.appeal_within", "case.review_within")
        self.values = list(PolicyValue.objects.filter(key__in=keys).select_related("area").order_by("area__level"))

    def until(self, area: Area, name: str, at: dt.datetime) -> dt.datetime:
        own = [row.value for row in self.values if row.key == name and area.path.startswith(row.area.path)]
        return calendar.add_period(at, own[-1] if own else policy.KEYS[name].default).at


def page(user: User, now: dt.datetime, number: str | None) -> tuple[Page[Proposal], list[Group]]:
    """number: of the page."""
    terms, asked = Terms(), _asked(user, now)
    cases = _answered(Proposal.objects.filter(Q(proposer=user) | asked))
    objectionable = [case.pk for case in _newest(cases.exclude(asked)) if _objection(case, terms, now)]
    ranked = worklist.ranked(cases, [asked, Q(pk__in=objectionable), ~Q(state__in=ENDED)]).for_cards()
    found = Paginator(ranked, PER_PAGE).get_page(number)
    tasks = [_task(user, case, GROUPS[worklist.rank(case)], terms, now) for case in found]
    return found, worklist.grouped(tasks, GROUPS, worklist.sizes(ranked))


def _asked(user: User, now: dt.datetime) -> Q:
    """Drafts, what came back for completion, and results that this person has not judged yet."""
    endorsed = Exists(Endorsement.objects.filter(proposal=OuterRef("pk"), user=user))
    judged = Exists(Judgement.objects.filter(proposal=OuterRef("pk"), round=OuterRef("rectified"), user=user))
    to_judge = Q(state=State.EVALUATING, due_at__gt=now) & (Q(proposer=user) | Q(endorsed)) & ~Q(judged)
    return Q(state__in=[State.DRAFT, State.RETURNED], proposer=user) | to_judge


def _answered(cases: ProposalQuerySet) -> ProposalQuerySet:
    """With the moment of the newest answer."""
    newest = Decision.objects.filter(proposal=OuterRef("pk")).order_by("-version")
    return cases.annotate(answered_at=Subquery(newest.values("at")[:1]))


def _newest(cases: ProposalQuerySet) -> ProposalQuerySet:
    """The newest refusals and answers: only of these there can be some to which one may still object."""
    newest = Coalesce(F("closed_at"), F("answered_at")).desc(nulls_last=True)
    return cases.filter(REFUSED | ANSWERED).select_related("area").order_by(newest)[:CHOICES]


def _objection(case: Proposal, terms: Terms, now: dt.datetime) -> tuple[str, dt.datetime] | None:
    """The move by which the proposer has it looked at by another body, and until when."""
    answered: dt.datetime | None = vars(case)["answered_at"]
    if case.state in MOVES["appeal"].sources and not case.appealed:
        verb, since, within = "appeal", case.closed_at, "case.appeal_within"
    elif case.state in MOVES["ask_review"].sources and not case.reviewed:
        verb, since, within = "ask_review", answered, "case.review_within"
    else:
        return None
    until = since and terms.until(case.area, within, since)
    return (verb, until) if until and now < until else None


def _task(user: User, case: Proposal, group: str, terms: Terms, now: dt.datetime) -> Task:
    task = Task(case, group, casepage.clock_of(case, now), casepage.NEXT.get(case.state, ""))
    objection = _objection(case, terms, now) if case.proposer_id == user.pk else None
    if group == "asked":
        task.do, act = _asks(case)
        task.acts, task.others = [act], [worklist.act(case, MOVES[objection[0]])] if objection else []
    elif group == "open" and objection:
        verb, task.until = objection
        task.do = _("You can appeal: another body then decides") if verb == "appeal" else _("You can have it reviewed")
        task.acts = [worklist.act(case, MOVES[verb])]
    return task


def _asks(case: Proposal) -> tuple[str | Promise, Act]:
    args: list[Any] = [case.number]
    if case.state == State.DRAFT:
        return _("Not filed yet: only you see it"), Act(_("Go on writing"), "pencil", reverse("proposals:new"))
    if case.state == State.RETURNED:
        reason = MOVES["return"].reasons.get(case.refusal)
        facts = {"reason": reason.label if reason else ""}
        says = _("%(reason)s Please complete it; the number stays the same") % facts
        return says, Act(_("Complete it"), "pencil", reverse("proposals:complete", args=args))
    judge = Act(_("Judge the result"), "star", reverse("proposals:judge", args=args))
    return _("Is it solved? Without your word it ends as not evaluated"), judge
