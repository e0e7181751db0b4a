"""What a show of hands gave: counted in a meeting, entered by one officer and confirmed by another."""

import uuid
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import F, Q

from people.models import User

from .ballot import Ballot


def minutes_path(count: "HandCount", name: str) -> str:
    return f"minutes/{count.ballot_id}/{uuid.uuid4()}{Path(name).suffix}"


class HandCount(models.Model):
    """counts: yes, no and abstain as heads, or these for each option. Each time they make up all who were present."""

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="hand_count")
    present = models.PositiveIntegerField()
    counts: Any = models.JSONField()
    minutes = models.FileField(upload_to=minutes_path)
    minutes_hash = models.CharField(max_length=64)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("entered_by")),
                name="voting_hands_counted_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.present}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None
