"""What verify checks of the records: the stored bytes, the row and the event say the same."""

import hashlib
from collections.abc import Iterator

from ledger.models import Event
from ledger.verifying import Problem, check

from .models import Record

FACTS = ("kind", "number", "version", "sha256", "size", "pages")


@check("records")
def records() -> Iterator[Problem]:
    told = {event.payload["record"]: event for event in Event.objects.filter(kind="record.made")}
    for record in Record.objects.made().order_by("pk").iterator(chunk_size=500):
        row = f"records.record #{record.pk} ({record})"
        event = told.pop(record.pk, None)
        if event is None or event.chain_id != record.chain:
            yield Problem(row, "nothing in the ledger says that it was made")
        elif event.payload != record.facts():
            yield Problem(row, f"its {_differing(event, record)} is not that of {event}")
        if trouble := _bytes(record):
            yield Problem(row, trouble)
    for event in told.values():
        yield Problem(f"records.record #{event.payload['record']}", f"is missing, although {event} says it was made")


def _differing(event: Event, record: Record) -> str:
    facts = record.facts()
    return ", ".join(name for name in FACTS if event.payload.get(name) != facts[name])


def _bytes(record: Record) -> str:
    try:
        found = hashlib.sha256(record.read()).hexdigest()
    except FileNotFoundError:
        return f"its file {record.file.name} is missing"
    return "" if found == record.sha256 else f"its file {record.file.name} was altered after it was made"
