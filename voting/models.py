"""Ballots, the frozen roll of each, and what was put into the urn.

A secret ballot keeps three tables that no column joins: who has voted (RollEntry), what was chosen (BallotPaper) and
which receipt codes were handed out (Receipt). None of them keeps a time or an order. A database still shows its owner
in which order, and in which transaction, it wrote its rows. So a choice lies in a sealed envelope while the ballot is
open, and at the close all papers and receipts are written anew, under new random numbers, in the order of those.
What remains: whoever holds the database *and* the key can connect the rows until the close, and after it as long as an
old backup or log of the database exists.
"""

import datetime as dt
import uuid
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from areas.models import Area
from ledger import canonical
from people.models import User

from .states import Channel, Choice, Kind, Result, State
from .tally import Check, Outcome, Rule

WAITING = [State.ANNOUNCED, State.OPEN]


class BallotQuerySet(models.QuerySet["Ballot"]):
    def open(self, at: dt.datetime) -> "BallotQuerySet":
        return self.filter(state__in=WAITING, opens_at__lte=at, closes_at__gt=at)

    def announced(self, at: dt.datetime) -> "BallotQuerySet":
        return self.filter(state=State.ANNOUNCED, opens_at__gt=at)

    def ended(self) -> "BallotQuerySet":
        return self.exclude(state__in=WAITING)

    def open_for(self, user: Any, at: dt.datetime) -> "BallotQuerySet":
        """Open ballots on whose roll this person is and has not voted; soonest deadline first."""
        mine = RollEntry.objects.filter(voter=user.pk, voted=False).values("ballot")
        return self.open(at).filter(pk__in=mine).order_by("closes_at", "pk")

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
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SECRET)
    terms: Any = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ANNOUNCED)
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=64)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    roll_size = models.PositiveIntegerField(default=0)
    roll_hash = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    yes = models.PositiveIntegerField(null=True)
    no = models.PositiveIntegerField(null=True)
    abstain = models.PositiveIntegerField(null=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        indexes = [models.Index(fields=["state", "closes_at"], name="voting_ballot_due")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="voting_ballot_lasts"),
            models.CheckConstraint(
                condition=(
                    Q(state="closed", yes__isnull=False, no__isnull=False, abstain__isnull=False) & ~Q(result="")
                )
                | (~Q(state="closed") & Q(result="", yes=None, no=None, abstain=None)),
                name="voting_no_result_before_close",
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
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @property
    def is_stopped(self) -> bool:
        return self.state == State.STOPPED

    def takes_votes(self, at: dt.datetime) -> bool:
        """By the clock, to the second: also when the sweep that writes the opening or the close is late."""
        return self.state in WAITING and self.opens_at <= at < self.closes_at

    def phase(self, at: dt.datetime) -> State:
        """What the clock says, between two sweeps too."""
        if self.state not in WAITING:
            return State(self.state)
        if at < self.opens_at:
            return State.ANNOUNCED
        return State.OPEN if at < self.closes_at else State.CLOSED

    @cached_property
    def turnout(self) -> int:
        """How many have voted; never what they chose."""
        return self.entries.filter(voted=True).count()

    @property
    def participation(self) -> Check:
        return Check(self.turnout, self.roll_size, self.rule.quorum)

    @property
    def outcome(self) -> Outcome | None:
        """None before the close."""
        if self.yes is None or self.no is None or self.abstain is None:
            return None
        return Outcome(self.roll_size, self.yes, self.no, self.abstain, self.rule)

    def facts(self) -> dict[str, Any]:
        """What the event `ballot.called` fixes for good."""
        return {
            "ballot": self.pk,
            "area": self.area.code,
            "ballot_kind": str(self.kind),
            "rule": self.terms,
            "roll": self.roll_size,
            "roll_hash": self.roll_hash,
            "opens_at": canonical.instant(self.opens_at),
            "closes_at": canonical.instant(self.closes_at),
        }


class RollEntry(models.Model):
    """One voting right of one ballot, frozen when the ballot was called, and the mark that it was used."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="entries")
    voter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roll_entries")
    label = models.CharField(max_length=60)
    voted = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)

    class Meta:
        verbose_name_plural = "roll entries"
        constraints = [
            models.UniqueConstraint(fields=["ballot", "voter"], name="voting_one_right_each"),
            models.CheckConstraint(
                condition=Q(voted=False, channel="") | Q(voted=True) & ~Q(channel=""), name="voting_mark_has_channel"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class BallotPaper(models.Model):
    """One paper in the urn. `choice` stays empty until the close; before it only the envelope knows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="papers")
    envelope = models.CharField(max_length=64)
    choice = models.CharField(max_length=8, choices=Choice.choices, blank=True)

    def __str__(self) -> str:
        return _("A paper of ballot %(ballot)s") % {"ballot": self.ballot_id}


class Receipt(models.Model):
    """A code that one voter was shown. It proves that a vote arrived, and cannot prove what it said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="receipts")
    code = models.CharField(max_length=9)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "code"], name="voting_receipt_once")]

    def __str__(self) -> str:
        return self.code
