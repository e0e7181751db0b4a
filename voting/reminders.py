"""Half-way and on the last day, those who have not voted are reminded: once each, however often the clock comes by."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from ledger import canonical
from ledger.actors import SYSTEM
from ledger.models import Event
from ledger.recording import record

from .models import Ballot
from .states import Kind, State

REMINDED = "ballot.reminded"
HALF, LAST_DAY = "half", "last_day"
_DAY = dt.timedelta(days=1)


def due(at: dt.datetime) -> Iterator[int]:
    """The open ballots of which a reminder is due and was not sent. Two queries, however many are open."""
    asking = Ballot.objects.filter(state=State.OPEN, closes_at__gt=at).exclude(kind=Kind.OPEN_SHOW)
    open_ones = list(asking.order_by("closes_at", "pk"))
    said = _said(ballot.pk for ballot in open_ones)
    for ballot in open_ones:
        stage = _stage(ballot, at)
        if stage and (ballot.pk, *stage) not in said:
            yield ballot.pk


@transaction.atomic
def remind(pk: int, *, at: dt.datetime) -> bool:
    """False when it is too early, or somebody was first. Who is told is found when the notices are written."""
    ballot = Ballot.objects.select_for_update().get(pk=pk)
    stage = _stage(ballot, at) if ballot.state == State.OPEN and at < ballot.closes_at else None
    if stage is None or (pk, *stage) in _said([pk]):
        return False
    facts: dict[str, Any] = {"ballot": pk, "stage": stage[0], "due": stage[1]}
    record(REMINDED, chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, **facts)
    return True


def _stage(ballot: Ballot, at: dt.datetime) -> tuple[str, str] | None:
    """The latest that is due, and the end that it reminds of: a clock that comes late does not say two at once."""
    first_end = ballot.extended_from or ballot.closes_at
    half, last_day = ballot.opens_at + (first_end - ballot.opens_at) / 2, ballot.closes_at - _DAY
    if at >= last_day > ballot.opens_at:
        return LAST_DAY, canonical.instant(ballot.closes_at)
    return (HALF, canonical.instant(first_end)) if half <= at < first_end else None


def _said(ballots: Iterable[int]) -> set[tuple[int, str, str]]:
    mine = Event.objects.filter(kind=REMINDED, subject_id__in=[str(pk) for pk in ballots])
    told = mine.values_list("payload", flat=True)
    return {(payload["ballot"], payload["stage"], payload["due"]) for payload in told}
