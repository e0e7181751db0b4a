"""What records does when a case moved on: an answer and each correction becomes a letter, a closed case a file."""

from ledger.following import follow_batches
from ledger.models import Event

from . import making
from .models import Kind


@follow_batches("case.decided", "case.corrected", name="records.decision_letter")
def write_letters(events: list[Event]) -> None:
    _make_each(Kind.DECISION, events)


@follow_batches("case.closed", name="records.case_file")
def bind_files(events: list[Event]) -> None:
    _make_each(Kind.CASE_FILE, events)


def _make_each(kind: Kind, events: list[Event]) -> None:
    """One paper that cannot be made does not keep the others from being made."""
    failures = []
    for event in events:
        try:
            making.make(kind, event)
        except Exception as failure:
            failure.add_note(f"while making the {kind} of {event}")
            failures.append(failure)
    if failures:
        raise failures[0]
