"""Objections, claims and corrections, held against the ledger: none is gone, none was added, each says what it said."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from ledger.models import Event
from ledger.verifying import Problem
from people.models import Alias

from .models import Ballot, Objection, RollClaim, RollCorrection
from .states import Ruling


@dataclass(frozen=True)
class Kept:
    """key: how the events name a row. steps: for each kind of event the fields that say who did it, and when."""

    model: type[models.Model]
    key: str
    steps: Mapping[str, tuple[str, str]]


KEPT = (
    Kept(
        Objection,
        "objection",
        {"objection.made": ("by", "made_at"), "objection.ruled": ("ruled_by", "ruled_at")},
    ),
    Kept(RollClaim, "claim", {"roll.claimed": ("by", "made_at"), "roll.claim_ruled": ("ruled_by", "ruled_at")}),
    Kept(
        RollCorrection,
        "correction",
        {
            "roll.correction_asked": ("asked_by", "asked_at"),
            "roll.corrected": ("made_by", "made_at"),
            "roll.correction_refused": ("made_by", "made_at"),
        },
    ),
)
RULINGS = {"roll.corrected": Ruling.ACCEPTED, "roll.correction_refused": Ruling.REFUSED}


def faults(ballot: Ballot) -> Iterator[Problem]:
    for kept in KEPT:
        yield from _faults(ballot, kept)


def _faults(ballot: Ballot, kept: Kept) -> Iterator[Problem]:
    rows = {row.pk: row for row in kept.model._default_manager.filter(ballot=ballot)}
    told = _told(ballot, kept)
    for pk in sorted(rows.keys() ^ told.keys()):
        is_gone = "is gone, though the ledger tells of it"
        yield Problem(_row(kept, pk), "is not in the ledger" if pk in rows else is_gone)
    people = dict(Alias.objects.filter(chain=ballot.chain).values_list("ref", "user"))
    for pk in sorted(rows.keys() & told.keys()):
        if not _is_as_told(rows[pk], told[pk], kept, people):
            yield Problem(_row(kept, pk), "does not say what the ledger tells of it")


def _told(ballot: Ballot, kept: Kept) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    mine = Event.objects.filter(chain_id=ballot.chain, kind__in=kept.steps, payload__ballot=ballot.pk)
    for event in mine.prefetch_related("texts").order_by("number"):
        found[event.payload[kept.key]].append(event)
    return found


def _is_as_told(row: Any, events: list[Event], kept: Kept, people: Mapping[str, int]) -> bool:
    last = events[-1]
    if row.ruling != RULINGS.get(last.kind, last.payload.get("ruling", Ruling.OPEN)):
        return False
    return getattr(row, "remedy", "") == last.payload.get("remedy", "") and all(
        _is_step(row, event, *kept.steps[event.kind], people) for event in events
    )


def _is_step(row: Any, event: Event, who: str, when: str, people: Mapping[str, int]) -> bool:
    """A person whose reference was unlinked, and words that were erased, are passed over."""
    if getattr(row, when) != event.at or people.get(event.actor, getattr(row, f"{who}_id")) != getattr(
        row, f"{who}_id"
    ):
        return False
    return all(text.erased_by_id or getattr(row, text.field) == text.text for text in event.texts.all())


def _row(kept: Kept, pk: int) -> str:
    return f"{kept.model._meta.label_lower} #{pk}"
