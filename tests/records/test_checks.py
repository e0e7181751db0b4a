from pathlib import Path

import pytest

from ledger import recording, verifying
from ledger.actors import SYSTEM
from ledger.models import Event
from records import making
from records.models import Kind, Record, storage
from tests.records import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    cast = story.submitted()
    story.discussed(cast)
    return making.make(Kind.DECISION, story.decided(cast))


def problems():
    return [str(problem) for problem in verifying.CHECKS["records"]()]


def row(record):
    return f"records.record #{record.pk} (槐荫里议答〔2026〕1号 v1)"


def event(record):
    return Event.objects.get(kind="record.made", subject_id=str(record.pk))


def test_what_is_as_it_was_made_is_clean(record):
    assert problems() == []


def test_what_is_only_reserved_is_no_problem(record):
    making.reserve(Kind.CASE_FILE, record.event)
    assert problems() == []


def test_one_altered_byte_is_named(record):
    with Path(storage().path(record.file.name)).open("r+b") as kept:
        kept.seek(record.size // 2)
        byte = kept.read(1)
        kept.seek(record.size // 2)
        kept.write(bytes([byte[0] ^ 1]))
    assert problems() == [f"{row(record)}: its file {record.file.name} was altered after it was made"]


def test_a_file_that_is_gone_is_named(record):
    storage().delete(record.file.name)
    assert problems() == [f"{row(record)}: its file {record.file.name} is missing"]


@pytest.mark.parametrize(("column", "value"), [("pages", 3), ("size", 1), ("kind", "case_file")])
def test_an_altered_row_is_named(record, column, value):
    Record.objects.filter(pk=record.pk).update(**{column: value})
    assert problems() == [f"{row(record)}: its {column} is not that of {event(record)}"]


def test_a_hash_that_was_made_to_fit_an_altered_file_is_named(record):
    Record.objects.filter(pk=record.pk).update(sha256="f" * 64)
    assert problems() == [
        f"{row(record)}: its sha256 is not that of {event(record)}",
        f"{row(record)}: its file {record.file.name} was altered after it was made",
    ]


def test_a_record_that_is_gone_is_named(record):
    told = event(record)
    Record.objects.filter(pk=record.pk).delete()
    assert problems() == [f"records.record #{record.pk}: is missing, although {told} says it was made"]


def test_a_record_that_nobody_made_is_named(record):
    other = recording.record("case.decided", chain="case:other", subject=record, by=SYSTEM, at=story.AT)
    Record.objects.filter(pk=record.pk).update(chain=other.chain_id)
    assert problems() == [f"{row(record)}: nothing in the ledger says that it was made"]
