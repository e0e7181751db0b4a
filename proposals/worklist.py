"""Cases as a list of tasks: what is to be done with each, until when, by which button; in groups, the urgent first."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from . import casepage
from .deadlines import STAGES, SUPERVISED
from .models import Proposal, ProposalQuerySet
from .move import Move
from .states import Look
from .timeline import CLOCK

HEADS: dict[str, tuple[Look, Any]] = {
    "overdue": (Look("alarm", "circle-alert"), ngettext_lazy("%(n)s overdue", "%(n)s overdue", "n")),
    "soon": (
        Look("pause", "hourglass"),
        ngettext_lazy("%(n)s due within three working days", "%(n)s due within three working days", "n"),
    ),
    "later": (Look("done", "clock"), ngettext_lazy("%(n)s with time enough", "%(n)s with time enough", "n")),
    "red": (Look("alarm", "circle-alert"), ngettext_lazy("Red: %(n)s overdue", "Red: %(n)s overdue", "n")),
    "amber": (
        Look("pause", "hourglass"),
        ngettext_lazy("Amber: %(n)s with little time left", "Amber: %(n)s with little time left", "n"),
    ),
    "watched": (Look("end", "eye"), ngettext_lazy("%(n)s watched besides", "%(n)s watched besides", "n")),
    "asked": (Look("open", "hand"), ngettext_lazy("%(n)s waits for you", "%(n)s wait for you", "n")),
    "open": (
        Look("pause", "scale"),
        ngettext_lazy("%(n)s with which you need not be content", "%(n)s with which you need not be content", "n"),
    ),
    "running": (Look("doing", "clock"), ngettext_lazy("%(n)s under way", "%(n)s under way", "n")),
    "ended": (Look("end", "archive"), ngettext_lazy("%(n)s ended", "%(n)s ended", "n")),
}
BY_RANK = ("rank", F("due_at").asc(nulls_last=True), F("closed_at").desc(nulls_last=True), "-pk")


@dataclass(frozen=True)
class Act:
    """A button: it leads to the page on which the act is done."""

    label: str | Promise
    icon: str
    address: str


@dataclass
class Task:
    """acts: what comes next. others: what is possible besides. until: the last moment for an act that is a choice.

    bulk: the moves for which it may be chosen together with others; mark: how it stands, for them.
    """

    case: Proposal
    group: str
    clock: casepage.Clock | None
    do: str | Promise = ""
    acts: list[Act] = field(default_factory=list)
    others: list[Act] = field(default_factory=list)
    until: dt.datetime | None = None
    bulk: list[Move] = field(default_factory=list)
    mark: str = ""

    @property
    def address(self) -> str:
        return self.case.get_absolute_url() if self.case.number else reverse("proposals:new")

    @property
    def ladder(self) -> tuple[str | Promise, str] | None:
        """What the ladder of supervision said last of a late case: in words, with its icon."""
        stage = SUPERVISED if self.case.supervised_at else self.case.stage
        return (casepage.LADDER[stage], CLOCK[STAGES[stage - 1].event][1]) if stage in casepage.LADDER else None


@dataclass(frozen=True)
class Group:
    """n: on all pages."""

    name: str
    n: int
    tasks: list[Task]

    @property
    def look(self) -> Look:
        return HEADS[self.name][0]

    @property
    def title(self) -> str:
        return str(HEADS[self.name][1] % {"n": self.n})


def act(case: Proposal, move: Move) -> Act:
    return Act(move.label, move.icon, reverse("proposals:move", args=[case.number, move.verb]))


def ranked(cases: ProposalQuerySet, ranks: Collection[Q]) -> ProposalQuerySet:
    """Each with the number of the first of these that fits, in this order; what fits none comes last."""
    whens = [When(fits, then=Value(n)) for n, fits in enumerate(ranks)]
    return cases.annotate(rank=Case(*whens, default=Value(len(whens)), output_field=IntegerField())).order_by(*BY_RANK)


def rank(case: Proposal) -> int:
    return int(vars(case)["rank"])


def sizes(cases: ProposalQuerySet) -> dict[int, int]:
    """How many there are of each rank, on all pages; one query."""
    return dict(cases.order_by().values_list("rank").annotate(n=Count("pk")))  # type: ignore[misc]  # ranked before


def grouped(tasks: list[Task], names: list[str], counted: dict[int, int]) -> list[Group]:
    """Without the groups of which this page has nothing."""
    groups = [Group(name, counted.get(n, 0), [t for t in tasks if t.group == name]) for n, name in enumerate(names)]
    return [group for group in groups if group.tasks]
