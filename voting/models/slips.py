"""Paper ballots: printed with a serial, taken back, and keyed in twice by people who do not see each other's entry."""

import uuid

from django.db import models
from django.db.models import Q

from people.models import User

from ..states import SlipFault, SlipState
from .ballot import Ballot, RollEntry


def scan_path(slip: "Slip", name: str) -> str:
    return f"slips/{slip.ballot_id}/{uuid.uuid4()}.jpg"


class Slip(models.Model):
    """One printed paper. On a named ballot it is made out to a right; on a secret one nothing says whose it is."""

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="slips")
    serial = models.CharField(max_length=12)
    entry = models.ForeignKey(RollEntry, on_delete=models.PROTECT, related_name="slips", null=True, blank=True)
    state = models.CharField(max_length=8, choices=SlipState.choices, default=SlipState.PRINTED)
    fault = models.CharField(max_length=10, choices=SlipFault.choices, blank=True)
    scan = models.FileField(upload_to=scan_path, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    visitors = models.ManyToManyField(User, related_name="+", blank=True)

    class Meta:
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "serial"], name="voting_serial_once"),
            models.CheckConstraint(
                condition=Q(state="invalid") & ~Q(fault="") | ~Q(state="invalid") & Q(fault=""),
                name="voting_invalid_slip_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="printed", returned_at=None) | ~Q(state="printed") & Q(returned_at__isnull=False),
                name="voting_slip_back_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class Reading(models.Model):
    """What one clerk read on a slip: sealed like every choice until the close, or why it does not count."""

    slip = models.ForeignKey(Slip, on_delete=models.PROTECT, related_name="readings")
    clerk = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    envelope = models.TextField(blank=True)
    fault = models.CharField(max_length=10, choices=SlipFault.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["slip", "clerk"], name="voting_one_reading_a_clerk"),
            models.CheckConstraint(
                condition=Q(envelope="") & ~Q(fault="") | ~Q(envelope="") & Q(fault=""),
                name="voting_reading_says_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id}/{self.clerk_id}"
