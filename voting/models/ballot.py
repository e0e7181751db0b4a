"""Ballots, and the frozen roll of each."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from areas.models import Area
from ledger import canonical
from people.models import User

from ..outcomes import Outcome
from ..states import COUNTED, Channel, Kind, Result, RollKind, Ruling, State
from ..tally import Check, Rule
from .register import Owner

WAITING = [State.ANNOUNCED, State.OPEN]


class BallotQuerySet(models.QuerySet["Ballot"]):
    def open(self, at: dt.datetime) -> "BallotQuerySet":
        return self.filter(state__in=WAITING, opens_at__lte=at, closes_at__gt=at)

    def announced(self, at: dt.datetime) -> "BallotQuerySet":
        return self.filter(state=State.ANNOUNCED, opens_at__gt=at)

    def ended(self) -> "BallotQuerySet":
        return self.exclude(state__in=WAITING)

    def beyond_objection(self, at: dt.datetime) -> "BallotQuerySet":
        """Counted, the time to object is over, and every objection was ruled on."""
        open_ones = Q(objections__ruling=Ruling.OPEN)
        counted = self.filter(state=State.CLOSED)
        return counted.filter(Q(objections_until=None) | Q(objections_until__lte=at)).exclude(open_ones)

    def open_for(self, user: Any, at: dt.datetime) -> "BallotQuerySet":
        """Open ballots on whose roll this person is and has not voted; soonest deadline first. Hands are raised
        elsewhere."""
        mine = RollEntry.objects.filter(voter=user.pk, voted=False).values("ballot")
        return self.open(at).filter(pk__in=mine).exclude(kind=Kind.OPEN_SHOW).order_by("closes_at", "pk")

    def with_turnout(self) -> "BallotQuerySet":
        """Each ballot with its turnout, in one query; counted for the rows of a page only. The property gives way."""
        marks = RollEntry.objects.filter(ballot=OuterRef("pk"), voted=True).order_by().values("ballot")
        count = Coalesce(Subquery(marks.annotate(n=Count("*")).values("n")), 0)
        return self.annotate(turnout=count)  # type: ignore[no-redef]


class Ballot(models.Model):
    """One question put to one roll. It belongs to a chain and knows nothing else of the case."""

    chain = models.CharField(max_length=60, db_index=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="ballots")
    question = models.TextField()
    plan = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SECRET)
    roll_kind = models.CharField(max_length=10, choices=RollKind.choices, default=RollKind.RESIDENTS)
    part = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=100, blank=True)
    terms: Any = models.JSONField()
    options: Any = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ANNOUNCED)
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    roll_size = models.PositiveIntegerField(default=0)
    roll_area = models.PositiveBigIntegerField(default=0)
    roll_hash = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    tally: Any = models.JSONField(null=True, blank=True)
    extended_from = models.DateTimeField(null=True, blank=True)
    objections_until = models.DateTimeField(null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        indexes = [models.Index(fields=["state", "closes_at"], name="voting_ballot_due")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="voting_ballot_lasts"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "final", "annulled"], tally__isnull=False) & ~Q(result="")
                | Q(state__in=["announced", "open", "stopped"], tally=None, result=""),
                name="voting_no_result_before_close",
            ),
            models.CheckConstraint(
                condition=Q(kind="open_show", roll_kind="residents") & ~Q(place="")
                | ~Q(kind="open_show") & Q(place=""),
                name="voting_show_has_place",
            ),
            models.UniqueConstraint(
                fields=["chain"], condition=Q(state__in=["announced", "open"]), name="voting_one_ballot_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("voting:ballot", args=[self.pk])

    @property
    def rule(self) -> Rule:
        return Rule.of(self.terms)

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED

    @property
    def has_file(self) -> bool:
        """A tally file that anyone can check."""
        return self.is_counted and not self.is_old

    @property
    def is_stopped(self) -> bool:
        return self.state == State.STOPPED

    def takes_votes(self, at: dt.datetime) -> bool:
        """By the clock, to the second: also when the sweep that writes the opening or the close is late."""
        return not self.is_show and self.state in WAITING and self.opens_at <= at < self.closes_at

    def phase(self, at: dt.datetime) -> State:
        """What the clock says, between two sweeps too."""
        if self.state not in WAITING:
            return State(self.state)
        if at < self.opens_at:
            return State.ANNOUNCED
        return State.OPEN if at < self.closes_at else State.CLOSED

    @property
    def is_named(self) -> bool:
        return self.kind == Kind.NAMED

    @property
    def is_show(self) -> bool:
        """By show of hands: `place` is where the meeting is, `opens_at` when it begins."""
        return self.kind == Kind.OPEN_SHOW

    @property
    def is_changeable(self) -> bool:
        """May a voter change their mind until the close? Only where the paper belongs to the voter."""
        return self.is_named and bool(self.terms.get("changeable"))

    @cached_property
    def turnout(self) -> int:
        """How many have voted; never what they chose."""
        return self.entries.filter(voted=True).count()

    @cached_property
    def area_turnout(self) -> int:
        """The floor area of those who have voted, in 0.01 m²."""
        found: int = self.entries.filter(voted=True).aggregate(n=Coalesce(Sum("floor_area"), 0))["n"]
        return found

    @property
    def participation(self) -> list[Check]:
        """By heads, and by floor area where it counts."""
        checks = [Check(self.turnout, self.roll_size, self.rule.quorum)]
        return [*checks, Check(self.area_turnout, self.roll_area, self.rule.quorum)] if self.rule.by_area else checks

    @property
    def outcome(self) -> Outcome | None:
        """None before the close."""
        return None if self.tally is None else Outcome(self.tally, self.rule)

    def facts(self) -> dict[str, Any]:
        """What the event `ballot.called` fixes for good."""
        facts = {
            "ballot": self.pk,
            "area": self.area.code,
            "ballot_kind": str(self.kind),
            "rule": self.terms,
            "roll": self.roll_size,
            "roll_hash": self.roll_hash,
            "opens_at": canonical.instant(self.opens_at),
            "closes_at": canonical.instant(self.extended_from or self.closes_at),
        }
        if self.is_old:
            return facts
        facts |= {"due": canonical.instant(self.opens_at)} if self.is_show else {}
        return facts | {"roll_kind": str(self.roll_kind), "part": self.part, "roll_area": self.roll_area}

    @property
    def is_old(self) -> bool:
        """Called by version 0.2 or before, which knew one method and no floor area."""
        return "method" not in self.terms


class RollEntryQuerySet(models.QuerySet["RollEntry"]):
    def with_vote(self) -> "RollEntryQuerySet":
        """Without the rights from which a correction took every unit. Rolls of version 0.2 and before had no units."""
        return self.exclude(~Q(token=""), units=[])


class RollEntry(models.Model):
    """One voting right of one ballot, frozen when the ballot was called, and the mark that it was used.

    `token` names the right in public and only in this ballot. `units` are [label, floor area in 0.01 m²] with masked
    labels; `frozen` keeps what they were at the notice when a correction changed them since.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="entries")
    token = models.CharField(max_length=20, blank=True)
    voter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roll_entries", null=True, blank=True)
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="roll_entries", null=True, blank=True)
    label = models.CharField(max_length=100)
    units: Any = models.JSONField(default=list, blank=True)
    frozen: Any = models.JSONField(null=True, blank=True)
    floor_area = models.PositiveBigIntegerField(default=0)
    voted = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "roll entries"
        constraints = [
            models.UniqueConstraint(fields=["ballot", "voter"], name="voting_one_right_each"),
            models.UniqueConstraint(fields=["ballot", "owner"], name="voting_one_right_an_owner"),
            models.UniqueConstraint(
                fields=["ballot", "token"], condition=~Q(token=""), name="voting_one_right_a_token"
            ),
            models.CheckConstraint(
                condition=Q(voted=False, channel="") | Q(voted=True) & ~Q(channel=""), name="voting_mark_has_channel"
            ),
            models.CheckConstraint(condition=~Q(voter=None, owner=None), name="voting_right_is_somebodys"),
        ]

    def __str__(self) -> str:
        return self.label
