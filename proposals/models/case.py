"""One case: a row with one state, one level, one owner and one clock. Only lifecycle.move writes the state."""

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from areas.models import Area, Body, Category, Level
from people.models import User

from ..states import DETOURS, ENDED, LOOKS, OUTCOME_LOOKS, PUBLIC, Exclusion, Kind, Look, Outcome, State

CLOSED_TEXT = frozenset({"private", "unlawful", "mediation"})
# What was withdrawn before anybody accepted it was never public and does not become so.
IS_PUBLIC = Q(state__in=PUBLIC) & ~Q(state=State.WITHDRAWN, endorsements_needed=0)


def new_chain() -> str:
    return f"case:{uuid.uuid4().hex}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def public(self) -> "ProposalQuerySet":
        """What everybody may read: from the acceptance on, and rejected ones with their reason."""
        return self.filter(IS_PUBLIC)

    def open(self) -> "ProposalQuerySet":
        return self.exclude(state__in=ENDED)

    def due(self, now: dt.datetime) -> "ProposalQuerySet":
        """Cases whose clock has run out."""
        return self.filter(due_at__lte=now)

    def ringing(self, now: dt.datetime) -> "ProposalQuerySet":
        """Cases of which the clock has something to say: a warning, the end of the time, a step of the ladder."""
        return self.filter(ring_at__lte=now)

    def within(self, area: Area) -> "ProposalQuerySet":
        return self.filter(area__path__startswith=area.path)

    def for_cards(self) -> "ProposalQuerySet":
        return self.select_related("area", "owner__area")


class Proposal(index.Indexed, models.Model):
    """`area` is home and never changes; `level` and `owner` tell who has it now; `due_at` is the running clock.

    The clock: `first_due_at` is what was promised first, `due_minutes` how many counted minutes the whole step has
    (in `due_unit`, see areas.calendar), `stage` how many of its stages were said (deadlines.STAGES), `ring_at` when
    there is the next thing to do, `held` a clock that stands still while the case is on a detour. `revision` grows
    with each write: two cannot both be first.
    """

    chain = models.CharField(max_length=60, unique=True, default=new_chain, editable=False)
    number = models.CharField(max_length=12, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PROPOSAL)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT, db_index=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="proposals")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    owner = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    proposer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="proposals")
    title = models.CharField(_("what it is, in one sentence"), max_length=30, blank=True)
    problem = models.TextField(_("how things are now"), max_length=500, blank=True)
    wish = models.TextField(_("how it should be solved"), max_length=500, blank=True)
    place = models.CharField(_("exact place"), max_length=60, blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    state_since = models.DateTimeField()
    owner_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    due_provisional = models.BooleanField(default=False)
    first_due_at = models.DateTimeField(null=True, blank=True)
    due_unit = models.CharField(max_length=8, blank=True)
    due_minutes = models.PositiveIntegerField(default=0)
    stage = models.PositiveSmallIntegerField(default=0)
    ring_at = models.DateTimeField(null=True, blank=True, db_index=True)
    extended = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    held: Any = models.JSONField(default=dict, blank=True)
    supervised_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    left_state = models.CharField(max_length=20, choices=State.choices, blank=True)
    left_owner = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    endorsements_needed = models.PositiveIntegerField(default=0)
    rectified = models.PositiveSmallIntegerField(default=0)
    refusal = models.CharField(max_length=30, blank=True)
    refused_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    hand_backs = models.PositiveSmallIntegerField(default=0)
    assigned = models.BooleanField(default=False)
    appealed = models.BooleanField(default=False)
    reviewed = models.BooleanField(default=False)
    exclusion = models.CharField(max_length=8, choices=Exclusion.choices, blank=True)
    exclusion_reason = models.CharField(max_length=30, blank=True)
    exclusion_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    recheck_on = models.DateField(null=True, blank=True)
    earlier = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later")

    objects = ProposalQuerySet.as_manager()

    search_auto_update = False
    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("number"),
        index.SearchField("searchable_text"),
        index.SearchField("area_name"),
        index.FilterField("state"),
    ]

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="proposals_state_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, number=None, submitted_at=None)
                | (~Q(state=State.DRAFT) & Q(number__isnull=False, submitted_at__isnull=False)),
                name="proposals_number_from_submission",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, *sorted(ENDED)]) | Q(owner__isnull=False),
                name="proposals_open_case_has_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED)) | Q(closed_at=None), name="proposals_closed_when_ended"
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED) & ~Q(outcome="") | ~Q(state=State.CLOSED) & Q(outcome=""),
                name="proposals_outcome_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(DETOURS)) & ~Q(left_state="")
                | ~Q(state__in=sorted(DETOURS)) & Q(left_state=""),
                name="proposals_left_state_on_a_detour",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, *sorted(ENDED)], due_at=None, ring_at=None)
                | ~Q(state__in=[State.DRAFT, *sorted(ENDED)]) & Q(due_at__isnull=False),
                name="proposals_open_case_has_a_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.chain}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("proposals:detail", args=[self.number])

    @classmethod
    def get_indexed_objects(cls) -> "ProposalQuerySet":
        return cls.objects.public().select_related("area")

    def searchable_text(self) -> str:
        return "\n".join((self.problem, self.wish, self.place)) if self.text_is_public else ""

    def area_name(self) -> str:
        return self.area.name

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_public(self) -> bool:
        """The same as IS_PUBLIC, for one row."""
        return self.state in PUBLIC and not (self.state == State.WITHDRAWN and not self.endorsements_needed)

    @property
    def text_is_public(self) -> bool:
        """A rejected matter is listed with its reason; its words only if they are lawful and not private."""
        return self.is_public and self.refusal not in CLOSED_TEXT

    @property
    def proposer_name(self) -> str:
        return self.proposer.name if self.proposer and not self.proposer.closed_at else gettext("Closed account")

    @property
    def status(self) -> str:
        """The state in words; an ended case says how it ended."""
        return self.get_outcome_display() if self.outcome else self.get_state_display()

    @property
    def look(self) -> Look:
        return OUTCOME_LOOKS[self.outcome] if self.outcome else LOOKS[self.state]


class Counter(models.Model):
    """The running number of cases in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}-{self.last:04d}"

    @staticmethod
    def next_number(year: int) -> str:
        """The next number, such as 2026-0417; call it inside the transaction that uses it."""
        Counter.objects.bulk_create([Counter(year=year)], ignore_conflicts=True)
        Counter.objects.filter(year=year).update(last=F("last") + 1)
        return f"{year}-{Counter.objects.get(year=year).last:04d}"
