"""What time does to ballots: they open, are extended or counted, become final; and of whom it reminds."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from . import balloting, claiming, counting, objections, reminders
from .models import Ballot, BallotQuerySet
from .states import State

log = logging.getLogger(__name__)


def sweep(now: dt.datetime) -> int:
    """Do what is due. Safe to run twice, late, or in several processes; returns how many ballots it moved, and how
    many times it told somebody that something is waiting."""
    opening = Ballot.objects.filter(state=State.ANNOUNCED, opens_at__lte=now)
    closing = Ballot.objects.filter(state=State.OPEN, closes_at__lte=now)
    moved = _each(_first_due(opening), balloting.begin, now) + _each(_first_due(closing), counting.close, now)
    moved += _each(_first_due(Ballot.objects.beyond_objection(now)), counting.finish, now)
    told = _each(reminders.due(now), reminders.remind, now)
    told += _each(claiming.overdue(now).values_list("pk", flat=True), claiming.remind, now)
    return moved + told + _each(objections.overdue(now).values_list("pk", flat=True), objections.remind, now)


def _first_due(due: BallotQuerySet) -> Iterable[int]:
    return due.order_by("closes_at", "pk").values_list("pk", flat=True)


def _each(due: Iterable[int], act: Callable[..., bool], now: dt.datetime) -> int:
    """One that fails keeps no other one waiting; the next sweep tries it again."""
    done = 0
    for pk in list(due):
        try:
            done += act(pk, at=now)
        except Exception:
            log.exception("%s %s of %s failed", act.__module__, act.__name__, pk)
    return done
