"""What happens to a roll after it was frozen: claims to be on it, and corrections by two persons, each traced."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from people.models import User

from ..states import ChangeKind, Ruling
from .ballot import Ballot, RollEntry
from .register import Owner


class RollClaim(models.Model):
    """“I should be on this roll”, with a day until which it is ruled on."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="claims")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roll_claims")
    home = models.CharField(max_length=100)
    text = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ruling = models.CharField(max_length=9, choices=Ruling.choices, default=Ruling.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "by"], condition=Q(ruling="open"), name="voting_one_open_claim_each"
            ),
            models.CheckConstraint(
                condition=Q(ruling="open", ruled_by=None, ruled_at=None)
                | ~Q(ruling="open") & Q(ruled_by__isnull=False, ruled_at__isnull=False),
                name="voting_claim_ruled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.home


class RollCorrection(models.Model):
    """One change of a frozen roll: asked for by one officer and made by another, never in a ballot that has ended.

    facts: {"unit": [masked label, area]} and, by kind, {"area": new area}; owner: who has the unit from now on.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=8, choices=ChangeKind.choices)
    entry = models.ForeignKey(RollEntry, on_delete=models.PROTECT, related_name="corrections", null=True, blank=True)
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    facts: Any = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ruling = models.CharField(max_length=9, choices=Ruling.choices, default=Ruling.OPEN)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ruling="open", made_by=None, made_at=None)
                | ~Q(ruling="open") & Q(made_by__isnull=False, made_at__isnull=False) & ~Q(made_by=F("asked_by")),
                name="voting_correction_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
