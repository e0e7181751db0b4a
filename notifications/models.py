"""What a person was told, by which ways, and what they wish to be told."""

import datetime as dt

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from people.models import User

from .kinds import KINDS, Group, NoticeKind


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> "NoticeQuerySet":
        return self.filter(user=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def news(self) -> "NoticeQuerySet":
        return self.filter(act_key="")

    def to_do(self, now: dt.datetime) -> "NoticeQuerySet":
        """Acts that are neither done nor too late."""
        return self.filter(waiting(now))

    def in_order(self, now: dt.datetime) -> "NoticeQuerySet":
        """What waits for the person first, then the rest; each part newest first."""
        waits = Case(When(waiting(now), then=Value(True)), default=Value(False))
        return self.alias(waits=waits).order_by("-waits", "-at", "-pk")


def waiting(now: dt.datetime) -> Q:
    return ~Q(act_key="") & Q(done_at=None) & (Q(due_at=None) | Q(due_at__gt=now))


class Notice(models.Model):
    """One person is told of one event. Its words are not kept here: they are made anew for each reading."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    event = models.ForeignKey("ledger.Event", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    url = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    act_key = models.CharField(max_length=80, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="notifications_notice_once"),
            models.CheckConstraint(
                condition=~Q(act_key="") | Q(due_at=None, done_at=None), name="notifications_only_acts_are_due"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="notifications_inbox"),
            models.Index(fields=["user"], name="notifications_unread", condition=Q(read_at=None)),
            models.Index(fields=["act_key", "user"], name="notifications_open_act", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"

    @property
    def needs_act(self) -> bool:
        return bool(self.act_key)

    def waits_at(self, now: dt.datetime) -> bool:
        """The same as waiting(), for one row."""
        return self.needs_act and not self.done_at and (self.due_at is None or self.due_at > now)

    @property
    def meaning(self) -> NoticeKind | None:
        """None when the platform no longer knows this kind."""
        return KINDS.get(self.kind)


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class OutgoingState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    UNWANTED = "unwanted", _("No longer wanted")


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def due(self, now: dt.datetime) -> "OutgoingQuerySet":
        return self.filter(state=OutgoingState.PENDING, next_at__lte=now)

    def failed(self) -> "OutgoingQuerySet":
        return self.filter(state=OutgoingState.FAILED)


class Outgoing(models.Model):
    """One notice on one way out. The key stays the same through all tries, so that a repeat can be recognised."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="outgoing")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    key = models.UUIDField(unique=True, editable=False)
    state = models.CharField(max_length=8, choices=OutgoingState.choices, default=OutgoingState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outgoing"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notifications_outgoing_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="notifications_sent_at",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], name="notifications_outgoing_due", condition=Q(state="pending"))
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key} ({self.state})"


class Preference(models.Model):
    """A person's own word on one group and one way out. No row: the group's default holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_preferences")
    group = models.CharField(max_length=10, choices=Group.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "group", "channel"], name="notifications_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.group} by {self.channel}: {self.wanted}"


class Subscription(models.Model):
    """A person follows what happens on one chain."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="subscriptions")
    chain = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "chain"], name="notifications_subscription_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.chain}"
