"""Followers: who wants to hear of which kind of event, and how each event reaches each of them at least once."""

import datetime as dt
import fnmatch
import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet

from .models import Delivery, DeliveryState, Event

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
PAUSES = [dt.timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600, 21600, 86400)]
TOGETHER = 3  # so often a batch is tried as one; then each event alone, so that only what hurts is given up

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

    Safe to run in many processes at once: a delivery belongs for the length of a lease to whoever claimed it.
    """
    waiting = _due(now).filter(follower=only) if only else _due(now)
    batches: dict[tuple[str, int], list[int]] = defaultdict(list)
    tried = 0
    for pk, name, attempts in list(waiting.order_by("next_at", "id").values_list("pk", "follower", "attempts")[:limit]):
        follower = FOLLOWERS.get(name)
        if follower is None or follower.in_transaction:
            tried += _attempt([pk], now)
        else:
            batches[name, pk if attempts >= TOGETHER else 0].append(pk)
    return tried + sum(_attempt(pks, now) for pks in batches.values())


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


def _due(now: dt.datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.PENDING, next_at__lte=now)


def _attempt(pks: list[int], now: dt.datetime) -> int:
    """Try deliveries to one follower. Returns how many were left to claim."""
    claimed = _claim(pks, now)
    try:
        if claimed:
            _hand_over(claimed)
    except Exception as error:
        log.exception("Follower %s failed on %s", claimed[0].follower, ", ".join(str(d.event) for d in claimed))
        for delivery in claimed:
            _postpone(delivery, now, f"{type(error).__name__}: {error}")
    return len(claimed)


@transaction.atomic
def _claim(pks: list[int], now: dt.datetime) -> list[Delivery]:
    """Those that nobody else took meanwhile, ours until the lease ends. Counted first: also a crash is an attempt."""
    free = _due(now).filter(pk__in=pks).select_for_update(of=("self",), skip_locked=True)
    mine = list(free.select_related("event").order_by("pk"))
    Delivery.objects.filter(pk__in=[d.pk for d in mine]).update(attempts=F("attempts") + 1, next_at=now + LEASE)
    for delivery in mine:
        delivery.attempts += 1
    return mine


def _hand_over(deliveries: list[Delivery]) -> None:
    """Whoever marks a delivery done in its transaction may act: a second one, late after its lease, finds it done."""
    follower, events = FOLLOWERS.get(deliveries[0].follower), [delivery.event for delivery in deliveries]
    pending = Delivery.objects.filter(pk__in=[d.pk for d in deliveries], state=DeliveryState.PENDING)
    if follower is None:
        raise LookupError(f"Nobody is registered as {deliveries[0].follower}.")
    if follower.in_transaction:
        with transaction.atomic():
            if pending.update(state=DeliveryState.DONE, error=""):
                follower.handle(events)
    else:
        follower.handle(events)
        pending.update(state=DeliveryState.DONE, error="")


def _postpone(delivery: Delivery, now: dt.datetime, error: str) -> None:
    """Unless somebody else took it over after our lease."""
    gone = delivery.attempts > len(PAUSES)
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING, attempts=delivery.attempts).update(
        state=DeliveryState.DEAD if gone else DeliveryState.PENDING,
        next_at=now if gone else now + PAUSES[delivery.attempts - 1],
        error="".join(sign for sign in error[:2000] if sign.isprintable() or sign == "\n"),
    )
