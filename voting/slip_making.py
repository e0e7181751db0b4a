"""Making slips to print: each with a serial that nobody guesses, named ones made out to a right."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from ledger.recording import record
from people.models import User
from people.verdict import YES

from . import corrections, paper, policies, serials
from .models import WAITING, Ballot, RollEntry, Slip
from .states import SlipState


def make_out(ballot: Ballot, rights: Iterable[RollEntry], *, by: User, at: dt.datetime) -> list[Slip]:
    """A slip for each of these rights of a named ballot. A right may have several; the first that counts uses it."""
    return _make(ballot, list(rights), by=by, at=at)


def make_blank(ballot: Ballot, count: int, *, by: User, at: dt.datetime) -> list[Slip]:
    """Slips of a secret ballot, with nothing of anybody on them."""
    return _make(ballot, [None] * count, by=by, at=at)


@transaction.atomic
def _make(ballot: Ballot, rights: list[RollEntry | None], *, by: User, at: dt.datetime) -> list[Slip]:
    held = paper.hold(ballot.pk, by=by, at=at)
    corrections.require(YES if held.state in WAITING and at < held.closes_at else policies.OVER)
    if any((right is not None) != held.is_named or (right and right.ballot_id != held.pk) for right in rights):
        raise ValueError("A named ballot's slips are made out to its rights, a secret one's to nobody.")
    drawn: set[str] = set()
    while len(drawn) < len(rights):
        drawn.add(serials.draw())
    slips = [Slip(ballot=held, serial=serial, entry=right) for serial, right in zip(drawn, rights, strict=True)]
    made = Slip.objects.bulk_create(slips)
    if made:
        record("ballot.slips_printed", chain=held.chain, subject=held, by=by, at=at, ballot=held.pk, count=len(made))
    return made


def without_slip(ballot: Ballot) -> QuerySet[RollEntry]:
    """The rights of a named ballot that have not voted and for which no slip is under way."""
    under_way = ballot.slips.filter(state__in=[SlipState.PRINTED, *paper.UNREAD]).values("entry")
    return ballot.entries.filter(voted=False).exclude(units=[]).exclude(pk__in=under_way).order_by("label", "pk")
