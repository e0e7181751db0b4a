"""Ways out of the house: each row is tried until it went, with growing pauses, and then shown to the operator."""

import datetime as dt
import logging
from collections.abc import Callable

from django.db.models import F

from . import preferences
from .channels import email
from .models import Channel, Outgoing, OutgoingState

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=10)
PAUSES = [dt.timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440)]
PATIENCE = 3

CHANNELS: dict[str, Callable[[Outgoing], None]] = {Channel.EMAIL: email.send}


def send_due(now: dt.datetime, *, limit: int = 50) -> int:
    """Try what is due, oldest first; returns how many went out. After PATIENCE misses in a row the rest waits.

    Safe in many processes: a row is claimed by compare-and-set. One that was claimed by a process that died is due
    again after the lease and goes out under the same key.
    """
    sent = misses = 0
    for row in Outgoing.objects.due(now).order_by("next_at", "id").select_related("notice__user")[:limit]:
        if not _claim(row, now):
            continue
        if _attempt(row, now):
            sent, misses = sent + 1, 0
        elif (misses := misses + 1) >= PATIENCE:
            break
    return sent


def send_again(now: dt.datetime) -> int:
    """Give what was given up another life (the operator's button)."""
    return Outgoing.objects.failed().update(state=OutgoingState.PENDING, attempts=0, next_at=now, error="")


def _claim(row: Outgoing, now: dt.datetime) -> bool:
    mine = Outgoing.objects.due(now).filter(pk=row.pk, attempts=row.attempts)
    return bool(mine.update(attempts=F("attempts") + 1, next_at=now + LEASE))


def _attempt(row: Outgoing, now: dt.datetime) -> bool:
    """False when the way out did not take it."""
    if not _still_wanted(row, now):
        _note(row, state=OutgoingState.UNWANTED)
        return True
    try:
        CHANNELS[row.channel](row)
    except Exception as error:
        log.warning("%s was not taken: %s", row, error)
        _postpone(row, now, f"{type(error).__name__}: {error}")
        return False
    _note(row, state=OutgoingState.SENT, sent_at=now, error="")
    return True


def _still_wanted(row: Outgoing, now: dt.datetime) -> bool:
    """Asked at the moment of sending: nothing goes to who switched it off or left, nor for an act done or too late."""
    notice, kind = row.notice, row.notice.meaning
    if kind is None or not notice.user.is_active or notice.user.closed_at or not notice.user.email:
        return False
    if notice.needs_act and not notice.waits_at(now):
        return kind.must
    return notice.user_id in preferences.wanting([notice.user_id], kind, Channel(row.channel))


def _postpone(row: Outgoing, now: dt.datetime, error: str) -> None:
    tries = row.attempts + 1
    if tries > len(PAUSES):
        _note(row, state=OutgoingState.FAILED, error=error[:500])
    else:
        _note(row, next_at=now + PAUSES[tries - 1], error=error[:500])


def _note(row: Outgoing, **changes: object) -> None:
    Outgoing.objects.filter(pk=row.pk).update(**changes)
