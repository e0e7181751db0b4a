"""Ballots open and close by the clock."""

import datetime as dt
import logging
from collections.abc import Callable

from . import balloting, counting
from .models import Ballot, BallotQuerySet
from .states import State

log = logging.getLogger(__name__)


def sweep(now: dt.datetime) -> int:
    """Open and close what is due. Safe to run twice, late, or in several processes; returns how many it moved."""
    opening = Ballot.objects.filter(state=State.ANNOUNCED, opens_at__lte=now)
    closing = Ballot.objects.filter(state=State.OPEN, closes_at__lte=now)
    return _each(opening, balloting.begin, now) + _each(closing, counting.close, now)


def _each(due: BallotQuerySet, act: Callable[..., bool], now: dt.datetime) -> int:
    """One ballot that fails keeps no other one waiting; the next sweep tries it again."""
    moved = 0
    for pk in list(due.order_by("closes_at", "pk").values_list("pk", flat=True)):
        try:
            moved += act(pk, at=now)
        except Exception:
            log.exception("%s of ballot %s failed", act.__name__, pk)
    return moved
