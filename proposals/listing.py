"""Finding cases: groups of states in the words of the page, filters, order, and the one figure of each card."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.search.backends import get_search_backend

from areas.models import Area, Level
from deliberation.models import Thread

from . import casepage
from .models import Endorsement, Proposal, ProposalQuerySet
from .states import Outcome, State

GROUPS: dict[str, tuple[Promise, dict[str, Any]]] = {
    "open": (_("You can take part"), {"state__in": [State.ENDORSING, State.DELIBERATING, State.VOTING]}),
    "office": (
        _("With an office"),
        {
            "state__in": [
                State.SCREENING,
                State.RESOLVED,
                State.ESCALATED,
                State.HANDED_DOWN,
                State.ARBITRATING,
                State.DECIDING,
                State.DECIDED,
                State.REVIEWING,
                State.DEFERRING,
            ]
        },
    ),
    "doing": (_("Being carried out"), {"state__in": [State.IMPLEMENTING, State.EVALUATING, State.RECTIFYING]}),
    "failed": (_("Vote not passed, too few took part"), {"state__in": [State.NO_QUORUM, State.NOT_PASSED]}),
    "solved": (_("Closed: solved"), {"state": State.CLOSED, "outcome": Outcome.SOLVED}),
    "unsolved": (
        _("Closed: not solved"),
        {"state": State.CLOSED, "outcome__in": [Outcome.NOT_SOLVED, Outcome.NOT_EVALUATED, Outcome.NOT_CARRIED]},
    ),
    "deferred": (_("Deferred, not solved"), {"state": State.DEFERRED}),
    "suspended": (_("Suspended, clock stopped"), {"state": State.SUSPENDED}),
    "rejected": (_("Not accepted"), {"state__in": [State.REJECTED, State.APPEALED]}),
    "referred": (_("Referred to another procedure"), {"state": State.REFERRED}),
    "lapsed": (_("Too few endorsements"), {"state": State.ENDORSEMENT_FAILED}),
    "withdrawn": (_("Withdrawn"), {"state": State.WITHDRAWN}),
}
ORDERS: dict[str, tuple[Promise, list[Any]]] = {
    "due": (_("Due soonest first"), [F("due_at").asc(nulls_last=True), "-pk"]),
    "new": (_("Newest first"), ["-pk"]),
}


@dataclass
class Wanted:
    """What the reader asked for, from the query string; unknown words are ignored."""

    groups: list[str]
    levels: list[int]
    order: str
    query: str
    area: Area | None
    overdue: bool
    supervised: bool
    mine: bool

    @property
    def is_narrow(self) -> bool:
        return bool(self.groups or self.levels or self.query or self.overdue or self.supervised)

    @classmethod
    def read(cls, data: QueryDict) -> "Wanted":
        return cls(
            groups=[name for name in data.getlist("group") if name in GROUPS],
            levels=[int(n) for n in data.getlist("level") if n.isdigit() and int(n) in Level.values],
            order=data.get("order", "due") if data.get("order") in ORDERS else "due",
            query=typed(data, "q"),
            area=Area.objects.filter(code=typed(data, "area")).first() if data.get("area") else None,
            overdue=data.get("overdue") == "1",
            supervised=data.get("supervised") == "1",
            mine=data.get("mine") == "1",
        )


def typed(data: QueryDict, field: str) -> str:
    """What somebody typed, as far as a database takes it."""
    return data.get(field, "").replace("\0", "").strip()[:80]


def find(user: Any, wanted: Wanted, now: dt.datetime) -> ProposalQuerySet:
    cases = _of(user) if wanted.mine else Proposal.objects.public()
    if wanted.area:
        cases = cases.within(wanted.area)
    if wanted.levels:
        cases = cases.filter(level__in=wanted.levels)
    if wanted.overdue:
        cases = cases.open().due(now)
    if wanted.supervised:
        cases = cases.filter(supervised_at__isnull=False)
    if wanted.groups:
        picked = Proposal.objects.none()
        for name in wanted.groups:
            picked |= cases.filter(**GROUPS[name][1])
        cases = picked
    if wanted.query:
        cases = cases.filter(pk__in=matching(wanted.query))
    return cases.order_by(*ORDERS[wanted.order][1])


def _of(user: Any) -> ProposalQuerySet:
    """What this person has filed, also what is not public yet."""
    if not user.is_authenticated:
        return Proposal.objects.none()
    return Proposal.objects.filter(proposer=user).exclude(state=State.DRAFT)


def matching(query: str) -> list[int]:
    """Keys of the public cases that a search finds, by number or by words."""
    numbered = list(Proposal.objects.public().filter(number=query).values_list("pk", flat=True))
    return numbered or list(get_search_backend().search(query, Proposal.objects.public())[:1000].pks())


def groups(wanted: Wanted) -> list[tuple[str, Promise, int]]:
    """Each group's name, label and number of cases in the chosen area; one query."""
    cases = Proposal.objects.public()
    if wanted.area:
        cases = cases.within(wanted.area)
    rows = list(cases.order_by().values("state", "outcome").annotate(n=Count("pk")))
    return [(name, label, sum(row["n"] for row in rows if _fits(row, rule))) for name, (label, rule) in GROUPS.items()]


def _fits(row: Mapping[str, Any], rule: dict[str, Any]) -> bool:
    states = rule.get("state__in", [rule.get("state")])
    outcomes = rule.get("outcome__in", [rule.get("outcome", row["outcome"])])
    return row["state"] in states and row["outcome"] in outcomes


@dataclass
class Card:
    case: Proposal
    clock: casepage.Clock | None
    endorsed: int
    posts: int


def cards(cases: list[Proposal], now: dt.datetime) -> list[Card]:
    """Each case with its figures; two queries however many cases."""
    endorsed = dict(
        Endorsement.objects.filter(proposal__in=cases).values_list("proposal").annotate(n=Count("pk")).order_by()
    )
    posts = dict(Thread.objects.filter(chain__in=[c.chain for c in cases]).values_list("chain", "last_number"))
    return [Card(c, casepage.clock_of(c, now), endorsed.get(c.pk, 0), posts.get(c.chain, 0)) for c in cases]
