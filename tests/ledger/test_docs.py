"""docs/ledger.md shows real bytes and hashes."""

import datetime as dt
import json

from django.apps import apps

from ledger import canonical, following, sealing
from ledger.models import Event
from tests.ledger import book

SALT = "000102030405060708090a0b0c0d0e0f"


def test_the_worked_example_is_what_the_code_makes():
    commitment = canonical.commitment(SALT, "同意受理。")
    event = Event(
        chain_id="case:5f0c2d6e8b7a4f1e9d3c2b1a00ff7e61",
        number=1,
        kind="case.accepted",
        subject_type="proposals.proposal",
        subject_id="17",
        actor="SYSTEM",
        visibility="public",
        at=book.AT,
        payload={"to": "endorsing", "level": 4},
        commitments={"note": commitment},
        prev=canonical.GENESIS,
    )
    heads = [(event.chain_id, 1, event.fingerprint())]
    evening = dt.datetime(2026, 11, 18, 16, 0, tzinfo=dt.UTC)
    root = sealing.root_of(evening, canonical.GENESIS, heads)
    shown_event, shown_seal = book.blocks("json")
    assert shown_event == canonical.encode(event.content()).decode()
    assert book.blocks("text")[-3:] == [commitment, event.fingerprint(), root]
    assert canonical.digest(json.loads(shown_seal)) == root
    assert canonical.encode(json.loads(shown_seal)).decode() == shown_seal


def test_the_printed_reader_agrees():
    reader = book.reader()
    for line, root in zip(book.blocks("json"), book.blocks("text")[-2:], strict=True):
        assert (reader["canonical"](json.loads(line)), reader["digest"](json.loads(line))) == (line, root)


def test_every_field_of_an_event_is_described():
    table = book.PAGE.partition("## An event")[2].partition("##")[0]
    described = {
        word for row in table.splitlines() if row.startswith("| `") for word in row.split("|")[1].split("`")[1::2]
    }
    columns = {field.name for field in apps.get_model("ledger", "event")._meta.concrete_fields} - {"id"}
    assert described == columns


def test_the_pauses_are_those_of_the_code():
    shown = "1 s, 5 s, 30 s, 2 min, 10 min, 1 h, 6 h and 24 h"
    assert shown in book.PAGE
    units = {"s": 1, "min": 60, "h": 3600}
    spans = [part.split() for part in shown.replace(" and", ",").split(", ")]
    assert [pause.total_seconds() for pause in following.PAUSES] == [int(n) * units[unit] for n, unit in spans]
