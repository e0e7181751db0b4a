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

from areas.models import Area, Body, Level
from people.models import User

from .states import ENDED, LOOKS, OUTCOME_LOOKS, PUBLIC, Kind, Look, Outcome, State

CLOSED_TEXT = frozenset({"private", "unlawful"})


def new_chain() -> str:
    return f"case:{uuid.uuid4().hex}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def public(self) -> "ProposalQuerySet":
        """What everybody may read: from the acceptance on, and rejected ones with their reason."""
        return self.filter(state__in=PUBLIC)

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Public cases, one's own, and what waits for a body one serves in."""
        if not user.is_authenticated:
            return self.public()
        serving = Q(owner__appointments__user=user, owner__appointments__until=None) & ~Q(state=State.DRAFT)
        return self.filter(Q(state__in=PUBLIC) | Q(proposer=user) | Q(pk__in=self.model.objects.filter(serving)))

    def open(self) -> "ProposalQuerySet":
        return self.exclude(state__in=ENDED)

    def due(self, now: dt.datetime) -> "ProposalQuerySet":
        """Cases whose clock has run out."""
        return self.filter(due_at__lte=now)

    def within(self, area: Area) -> "ProposalQuerySet":
        return self.filter(area__path__startswith=area.path)

    def for_cards(self) -> "ProposalQuerySet":
        return self.select_related("area", "owner__area")


class Proposal(index.Indexed, models.Model):
    """`area` is home and never changes; `level` and `owner` tell who has it now; `due_at` is the running clock."""

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
    closed_at = models.DateTimeField(null=True, blank=True)
    left_state = models.CharField(max_length=20, choices=State.choices, blank=True)
    left_owner = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    endorsements_needed = models.PositiveIntegerField(default=0)
    rectified = models.PositiveSmallIntegerField(default=0)
    refusal = models.CharField(max_length=30, blank=True)

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
                condition=Q(state=State.ESCALATED) & ~Q(left_state="") | ~Q(state=State.ESCALATED) & Q(left_state=""),
                name="proposals_left_state_when_handed_up",
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
        return self.state in PUBLIC

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


class Endorsement(models.Model):
    """A resident's support. What counts is the household: one door, one endorsement."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="endorsements")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="endorsements")
    household = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "household"], name="proposals_one_endorsement_a_household"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} ← {self.household[:8]}"


class Photo(models.Model):
    """A re-encoded picture without metadata, and its thumbnail."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="photos")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    image = models.FileField(upload_to="photos/%Y/%m")
    thumbnail = models.FileField(upload_to="photos/%Y/%m")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sha256[:12]


class Decision(models.Model):
    """The official answer of a body, signed by a named officer. A correction is a new version."""

    class Result(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Partly adopted")
        DECLINED = "declined", _("Declined")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="decisions")
    version = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(max_length=10, choices=Result.choices)
    summary = models.CharField(_("the answer in one sentence"), max_length=120)
    reasons = models.TextField(_("reasons"), max_length=4000)
    basis = models.CharField(_("legal basis"), max_length=200)
    actions = models.TextField(_("who does what until when, at what cost"), max_length=2000, blank=True)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    signer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_as = models.CharField(max_length=80)
    contact = models.CharField(_("contact"), max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "version"], name="proposals_decision_version"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.version}: {self.result}"

    @property
    def look(self) -> Look:
        return {
            self.Result.ADOPTED: Look("done", "circle-check"),
            self.Result.PARTLY: Look("pause", "contrast"),
            self.Result.DECLINED: Look("end", "circle-x"),
        }[self.Result(self.result)]


class Judgement(models.Model):
    """What the proposer or an endorser says of the result, and apart from it of the answer and manner."""

    class Solved(models.TextChoices):
        YES = "yes", _("Solved")
        PARTLY = "partly", _("Partly solved")
        NO = "no", _("Not solved")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="judgements")
    round = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    is_proposer = models.BooleanField()
    solved = models.CharField(max_length=10, choices=Solved.choices)
    manner = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "round", "user"], name="proposals_one_judgement_a_round"),
            models.CheckConstraint(condition=Q(manner__gte=1, manner__lte=5), name="proposals_manner_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.solved}"


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
