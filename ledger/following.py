"""Followers: who wants to hear of which kind of event, and how each event reaches each of them at least once."""

import datetime as dt
import fnmatch
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from .models import Delivery, DeliveryState, Event

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
PAUSES = [dt.timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600, 21600, 86400)]

Handler = Callable[[Event], None]
BatchHandler = Callable[[list[Event]], None]


@dataclass(frozen=True)
class Follower:
    name: str
    kinds: tuple[str, ...]
    handle: BatchHandler
    in_transaction: bool


FOLLOWERS: dict[str, Follower] = {}
_work = threading.Event()


def follow(*kinds: str, name: str) -> Callable[[Handler], Handler]:
    """Register a handler for kinds of events (`case.*` matches by pattern).

    The handler runs in the transaction that marks the delivery done, so that what it writes to the database happens
    exactly once. What leaves the database (mail, files, sockets) must bear being done twice.
    """

    def register(handle: Handler) -> Handler:
        _add(Follower(name, kinds, lambda events: handle(events[0]), in_transaction=True))
        return handle

    return register


def follow_batches(*kinds: str, name: str) -> Callable[[BatchHandler], BatchHandler]:
    """Register a handler that takes many events at once, outside any transaction: for an index, for slow rendering.

    Each event comes at least once; the handler must bear repeats.
    """

    def register(handle: BatchHandler) -> BatchHandler:
        _add(Follower(name, kinds, handle, in_transaction=False))
        return handle

    return register


def names_for(kind: str) -> list[str]:
    return [f.name for f in FOLLOWERS.values() if any(fnmatch.fnmatchcase(kind, k) for k in f.kinds)]


def wake() -> None:
    """Tell the embedded deliverer that there is work."""
    _work.set()


def wait(seconds: float) -> None:
    """Sleep until woken, or so many seconds."""
    _work.wait(seconds)
    _work.clear()


def deliver(now: dt.datetime, *, limit: int = 200, only: str | None = None) -> int:
    """Hand up to `limit` waiting events to their followers, oldest first. Returns how many were tried.

    Safe to run in many processes at once: a row is claimed by compare-and-set on its number of attempts.
    """
    due = Delivery.objects.filter(state=DeliveryState.PENDING, next_at__lte=now)
    if only:
        due = due.filter(follower=only)
    batches: dict[str, list[int]] = {}
    tried = 0
    for pk, name, attempts in list(due.order_by("next_at", "id").values_list("pk", "follower", "attempts")[:limit]):
        claimed = Delivery.objects.filter(pk=pk, attempts=attempts, state=DeliveryState.PENDING, next_at__lte=now)
        if not claimed.update(attempts=F("attempts") + 1, next_at=now + LEASE):
            continue
        tried += 1
        follower = FOLLOWERS.get(name)
        if follower is not None and not follower.in_transaction:
            batches.setdefault(name, []).append(pk)
        else:
            _attempt([pk], now)
    for pks in batches.values():
        _attempt(pks, now)
    return tried


def drain(now: dt.datetime) -> int:
    """Deliver until nothing is due, including what followers caused."""
    total = 0
    while done := deliver(now):
        total += done
    return total


def revive(now: dt.datetime) -> int:
    """Give the dead letters another life (the operator's button)."""
    count = Delivery.objects.filter(state=DeliveryState.DEAD).update(
        state=DeliveryState.PENDING, attempts=0, next_at=now, error=""
    )
    wake()
    return count


def _add(follower: Follower) -> None:
    if follower.name in FOLLOWERS:
        raise ValueError(f"Two followers are called {follower.name}.")
    FOLLOWERS[follower.name] = follower


def _attempt(pks: list[int], now: dt.datetime) -> None:
    deliveries = list(Delivery.objects.select_related("event").filter(pk__in=pks).order_by("pk"))
    name, events = deliveries[0].follower, [delivery.event for delivery in deliveries]
    done = Delivery.objects.filter(pk__in=pks)
    try:
        follower = FOLLOWERS.get(name)
        if follower is None:
            raise LookupError(f"Nobody is registered as {name}.")
        if follower.in_transaction:
            with transaction.atomic():
                follower.handle(events)
                done.update(state=DeliveryState.DONE, error="")
        else:
            follower.handle(events)
            done.update(state=DeliveryState.DONE, error="")
    except Exception as error:
        log.exception("Follower %s failed on %s", name, ", ".join(str(event) for event in events))
        for delivery in deliveries:
            _postpone(delivery, now, f"{type(error).__name__}: {error}")


def _postpone(delivery: Delivery, now: dt.datetime, error: str) -> None:
    gone = delivery.attempts > len(PAUSES)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.DEAD if gone else DeliveryState.PENDING,
        next_at=now if gone else now + PAUSES[delivery.attempts - 1],
        error=error[:2000],
    )
