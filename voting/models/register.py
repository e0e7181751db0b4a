"""The standing register of owners of a courtyard: units with their floor area, and who votes for each.

It changes with every sale. A ballot freezes what it needs of it into its own roll.
"""

from django.db import models
from django.db.models import Q

from areas.models import Area
from people.models import User

from ..states import Purpose


class Owner(models.Model):
    """One head on an owners' roll, however many units: a person, an organisation, or the developer."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="owners")
    name = models.CharField(max_length=60)
    identity = models.CharField(max_length=64, blank=True)
    is_developer = models.BooleanField(default=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ownerships", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["area", "identity"], condition=~Q(identity=""), name="voting_owner_once"),
            models.UniqueConstraint(fields=["area", "user"], name="voting_owner_account_once"),
            models.UniqueConstraint(
                fields=["area"], condition=Q(is_developer=True), name="voting_one_developer_an_area"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """An exclusive part: a flat, a shop, a parking stall. `floor_area` is in 0.01 m²."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="units")
    building = models.CharField(max_length=20)
    entrance = models.CharField(max_length=20, blank=True)
    door = models.CharField(max_length=20)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.FLAT)
    floor_area = models.PositiveIntegerField()
    voter = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="votes_for")
    owners = models.ManyToManyField(Owner, related_name="units")

    class Meta:
        ordering = ["area", "building", "entrance", "door"]
        constraints = [
            models.UniqueConstraint(fields=["area", "building", "entrance", "door"], name="voting_unit_once"),
            models.CheckConstraint(condition=Q(floor_area__gt=0), name="voting_unit_has_floor"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return " ".join(part for part in (self.building, self.entrance, self.door) if part)
