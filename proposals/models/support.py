"""Who supports a case, and the pictures with it."""

import uuid

from django.db import models

from areas.models import Area, Level
from people.models import User

from .case import Proposal


class Endorsement(models.Model):
    """A resident's support. What counts is the household: one door, one endorsement."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="endorsements")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="endorsements")
    household = models.CharField(max_length=64)
    courtyard = models.ForeignKey(Area, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "household"], name="proposals_one_endorsement_a_household"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} ← {self.household[:8]}"


class Call(models.Model):
    """A supporter's household asks the next level to take the case (an appeal counts at one level, one turn)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="calls")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    household = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    turn = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "household", "level", "turn"], name="proposals_one_call_a_turn")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} ↑ {self.household[:8]}"


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
