"""A voter lets somebody else cast for them: in writing, for one ballot, until a day."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from people.models import User

from ..states import ProxyState
from .ballot import RollEntry


def letter_path(proxy: "Proxy", name: str) -> str:
    return f"proxies/{proxy.entry.ballot_id}/{uuid.uuid4()}.jpg"


class ProxyQuerySet(models.QuerySet["Proxy"]):
    def given(self) -> "ProxyQuerySet":
        return self.filter(state=ProxyState.GIVEN)

    def in_force(self, at: dt.datetime) -> "ProxyQuerySet":
        return self.given().filter(until__gt=at)


class Proxy(models.Model):
    """letter: a photo of the signed letter; one given on the platform by the voter's own account needs none."""

    entry = models.ForeignKey(RollEntry, on_delete=models.PROTECT, related_name="proxies")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proxies")
    scope = models.CharField(max_length=200)
    letter = models.FileField(upload_to=letter_path, blank=True)
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ProxyState.choices, default=ProxyState.GIVEN)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProxyQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "pk"]
        verbose_name_plural = "proxies"
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(state="given"), name="voting_one_proxy_a_right"),
            models.CheckConstraint(condition=Q(until__gt=models.F("given_at")), name="voting_proxy_lasts"),
            models.CheckConstraint(
                condition=Q(state="given", ended_at=None) | ~Q(state="given") & Q(ended_at__isnull=False),
                name="voting_proxy_end_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.scope

    @property
    def is_given(self) -> bool:
        return self.state == ProxyState.GIVEN

    @property
    def is_used(self) -> bool:
        return self.state == ProxyState.USED
