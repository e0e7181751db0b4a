"""Events: append-only, numbered per chain, each holding the hash of the one before it."""

from typing import Any

from django.db import models
from django.db.models import Q

from . import canonical

REFUSAL = "The ledger is append-only: record a new event instead."


class Visibility(models.TextChoices):
    PUBLIC = "public", "Everyone"
    PARTIES = "parties", "Those concerned"
    STAFF = "staff", "Staff"
    SEALED = "sealed", "Sealed"


class WrittenOnce(models.QuerySet[Any]):
    """Rows that are inserted and never touched again. A correction is a new row."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError(REFUSAL)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(REFUSAL)

    def bulk_create(self, objs: Any, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[Any]:
        if update_conflicts:
            raise TypeError(REFUSAL)
        return super().bulk_create(objs, *args, **kwargs)


class Entry(models.Model):
    """A row of the ledger. Also one that is built with the key of an existing row cannot take its place."""

    objects = WrittenOnce.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(REFUSAL)
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(REFUSAL)


class Chain(models.Model):
    """The head of one chain. Its row is locked while an event is appended."""

    id = models.CharField(max_length=60, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default=canonical.GENESIS)

    def __str__(self) -> str:
        return f"{self.id}#{self.number}"


class Event(Entry):
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="events", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=60)
    actor = models.CharField(max_length=64)
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    commitments = models.JSONField(default=dict)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    words: "list[Text]"  # its texts, where ledger.verifying read them along

    class Meta:
        ordering = ["chain_id", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="ledger_event_number")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "kind"], name="ledger_event_subject"),
            models.Index(fields=["actor"], name="ledger_event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}#{self.number} {self.kind}"

    def content(self) -> dict[str, Any]:
        """All that the hash stands for (docs/ledger.md)."""
        return {
            "v": canonical.VERSION,
            "chain": self.chain_id,
            "number": self.number,
            "kind": self.kind,
            "subject": [self.subject_type, self.subject_id],
            "actor": self.actor,
            "visibility": str(self.visibility),
            "at": canonical.instant(self.at),
            "payload": self.payload,
            "commitments": self.commitments,
            "prev": self.prev,
        }

    def fingerprint(self) -> str:
        """The hash that this row's content must have."""
        return canonical.digest(self.content())


class Text(models.Model):
    """The words behind a commitment. Erasing empties salt and text and names the event that did it."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="texts", db_index=False)
    field = models.CharField(max_length=40)
    salt = models.CharField(max_length=32, blank=True)
    text = models.TextField(blank=True)
    erased_by = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "field"], name="ledger_text_field")]

    def __str__(self) -> str:
        return f"{self.event_id}.{self.field}"


class DeliveryState(models.TextChoices):
    PENDING = "pending", "Waiting"
    DONE = "done", "Done"
    DEAD = "dead", "Given up"


class Delivery(models.Model):
    """One event for one follower: the outbox. Written in the event's own transaction."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    follower = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "follower"], name="ledger_delivery_once")]
        indexes = [models.Index(fields=["next_at", "id"], name="ledger_delivery_due", condition=Q(state="pending"))]

    def __str__(self) -> str:
        return f"{self.follower} ← {self.event_id} ({self.state})"


class Seal(Entry):
    """A day's root over the heads of all chains that moved: what makes a cut-off tail visible."""

    at = models.DateTimeField()
    prev = models.CharField(max_length=64)
    root = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prev"], name="ledger_seal_follows_one")]

    def __str__(self) -> str:
        return f"ledger.seal #{self.pk}"


class SealedHead(Entry):
    """A chain's head on the day of a seal; kept for good, so that the seal's root can be computed again."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="heads")
    chain_id = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain_id"]
        constraints = [models.UniqueConstraint(fields=["chain_id", "number"], name="ledger_head_sealed_once")]

    def __str__(self) -> str:
        return f"{self.chain_id}#{self.number}"
