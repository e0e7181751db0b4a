"""An objection against a result, and what was ruled on it."""

from django.db import models
from django.db.models import Q

from people.models import User

from ..states import Remedy, Ruling
from .ballot import Ballot


class Objection(models.Model):
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="objections")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="objections")
    grounds = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ruling = models.CharField(max_length=9, choices=Ruling.choices, default=Ruling.OPEN)
    remedy = models.CharField(max_length=8, choices=Remedy.choices, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ruling="open", ruled_by=None, ruled_at=None, remedy="")
                | ~Q(ruling="open") & Q(ruled_by__isnull=False, ruled_at__isnull=False),
                name="voting_objection_ruled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ruling="accepted") & ~Q(remedy="") | ~Q(ruling="accepted") & Q(remedy=""),
                name="voting_upheld_objection_has_remedy",
            ),
        ]

    def __str__(self) -> str:
        return self.grounds
