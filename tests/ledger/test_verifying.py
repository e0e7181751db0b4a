"""Whatever is done to the tables behind the application's back is named with its row."""

import gc
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import bulk, sealing, verifying
from ledger.bulk import Draft
from ledger.models import Event, Seal
from ledger.verifying import CHUNK, Problem
from tests.ledger import book

pytestmark = pytest.mark.django_db

HEAD = "ledger.chain case:a: its head is not its last event: events were cut off or added"


@pytest.fixture
def events():
    """Five events of case:a between two other chains, all sealed, and one day later one more on case:b."""
    book.notes(2, "case:0")
    made = book.notes(5)
    book.notes(2, "case:b")
    sealing.seal(book.AT)
    book.note("case:b", n=3)
    sealing.seal(book.AT)
    assert book.problems() == []
    return made


def altered(number):
    return f"case:a#{number} thing.happened: was altered after it was written"


def unsealed(number):
    return f"case:a#{number}: is not as {first_seal()} has it"


def first_seal():
    return Seal.objects.earliest("pk")


# ── events ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "change",
    [
        ("payload = %s", {"n": 7}),
        ("payload = %s", {"n": 2.5}),
        ("payload = %s", [1]),
        ("commitments = %s", {"title": "0" * 64}),
        ("commitments = %s", ["title"]),
        ("actor = %s", "somebody else"),
        ("visibility = %s", "sealed"),
        ("subject_id = %s", "other"),
        ("subject_type = %s", "other.model"),
        ("at = %s", "2026-11-18 02:00:00.000001+00:00"),
    ],
    ids=str,
)
def test_a_changed_column_is_named(events, change):
    column, value = change
    book.sql(f"UPDATE ledger_event SET {column} WHERE id = %s", value, events[1].pk)
    gone = ["case:a#2 thing.happened “title”: its row is gone: erasing would have left it, empty"]
    assert book.problems() == [altered(2)] + (gone if value == {"title": "0" * 64} else [])


def test_a_changed_kind_is_named(events):
    book.sql("UPDATE ledger_event SET kind = 'thing.undone' WHERE id = %s", events[1].pk)
    assert book.problems() == ["case:a#2 thing.undone: was altered after it was written"]


def test_a_changed_prev_breaks_twice(events):
    book.sql("UPDATE ledger_event SET prev = %s WHERE id = %s", "0" * 64, events[1].pk)
    assert book.problems() == ["case:a#2 thing.happened: does not follow from the event before it", altered(2)]


def test_a_changed_hash_breaks_the_event_its_successor_and_the_seal(events):
    book.sql("UPDATE ledger_event SET hash = %s WHERE id = %s", "0" * 64, events[4].pk)
    assert book.problems() == [altered(5), HEAD, unsealed(5)]


def test_an_event_with_a_hash_made_to_fit_is_betrayed_by_the_next(events):
    book.forge(events[1], payload={"n": 7})
    assert book.problems() == ["case:a#3 thing.happened: does not follow from the event before it"]


def test_a_whole_chain_made_to_fit_is_betrayed_by_the_seal(events):
    prev = book.forge(events[1], payload={"n": 7})
    for event in events[2:]:
        prev = book.forge(event, prev=prev)
    book.sql("UPDATE ledger_chain SET hash = %s WHERE id = 'case:a'", prev)
    assert book.problems() == [unsealed(5)]


def test_events_taken_out_of_the_middle_are_missing(events):
    book.sql("DELETE FROM ledger_event WHERE id = %s", events[1].pk)
    assert book.problems() == ["case:a#2: is missing"]
    book.sql("DELETE FROM ledger_event WHERE id = %s", events[2].pk)
    assert book.problems() == ["case:a#2 to #3: are missing"]


def test_the_first_event_is_missing(events):
    book.sql("DELETE FROM ledger_event WHERE id = %s", events[0].pk)
    assert book.problems() == ["case:a#1: is missing"]


def test_a_gap_that_was_closed_does_not_follow(events):
    book.sql("DELETE FROM ledger_event WHERE id = %s", events[1].pk)
    prev = events[0].hash
    for event in events[2:]:
        prev = book.forge(event, number=event.number - 1, prev=prev)
    assert book.problems() == [HEAD, unsealed(5)]


def test_a_tail_cut_off_is_betrayed_by_the_head(events):
    book.sql("DELETE FROM ledger_event WHERE chain_id = 'case:a' AND number > 3")
    assert book.problems() == [HEAD, unsealed(5)]


def test_a_tail_cut_off_with_its_head_set_back_is_betrayed_by_the_seal(events):
    book.sql("DELETE FROM ledger_event WHERE chain_id = 'case:a' AND number > 3")
    book.sql("UPDATE ledger_chain SET number = 3, hash = %s WHERE id = 'case:a'", events[2].hash)
    assert book.problems() == [unsealed(5)]


def test_an_event_appended_past_the_head_is_betrayed_by_it(events):
    book.sql(
        "INSERT INTO ledger_event (chain_id, number, kind, subject_type, subject_id, actor, visibility, at, payload,"
        " commitments, prev, hash) SELECT chain_id, 6, kind, subject_type, subject_id, actor, visibility, at, payload,"
        " commitments, hash, hash FROM ledger_event WHERE id = %s",
        events[4].pk,
    )
    book.forge(Event.objects.get(chain_id="case:a", number=6))
    assert book.problems() == [HEAD]


def test_an_event_inserted_without_its_hash_is_named(events):
    book.sql(
        "INSERT INTO ledger_event (chain_id, number, kind, subject_type, subject_id, actor, visibility, at, payload,"
        " commitments, prev, hash) SELECT chain_id, 6, kind, subject_type, subject_id, actor, visibility, at, payload,"
        " commitments, hash, %s FROM ledger_event WHERE id = %s",
        "0" * 64,
        events[4].pk,
    )
    book.sql("UPDATE ledger_chain SET number = 6, hash = %s WHERE id = 'case:a'", "0" * 64)
    assert book.problems() == [altered(6)]


def test_an_event_moved_to_another_chain_is_missed_and_found(events):
    book.sql("UPDATE ledger_event SET chain_id = 'case:b', number = 4 WHERE id = %s", events[4].pk)
    assert book.problems() == [
        HEAD,
        "case:b#4 thing.happened: does not follow from the event before it",
        "case:b#4 thing.happened: was altered after it was written",
        HEAD.replace("case:a", "case:b"),
        unsealed(5),
    ]


def test_a_head_set_forward_is_named(events):
    book.sql("UPDATE ledger_chain SET number = 6 WHERE id = 'case:a'")
    assert book.problems() == [HEAD]


def test_a_chain_whose_events_are_all_gone_is_named(events):
    book.sql("DELETE FROM ledger_event WHERE chain_id = 'case:a'")
    assert book.problems() == ["ledger.chain case:a: all its events are gone", unsealed(5)]
    assert book.problems("case:a") == ["ledger.chain case:a: all its events are gone"]
    assert book.problems("case:b") == []


def test_a_chain_row_that_is_gone_is_named(events):
    book.sql("UPDATE ledger_chain SET id = 'case:z' WHERE id = 'case:a'")
    assert book.problems() == [
        "ledger.chain case:z: all its events are gone",
        "ledger.chain case:a: is gone, although there are events of it",
    ]
    book.sql("UPDATE ledger_chain SET id = 'case:a' WHERE id = 'case:z'")  # the database itself refuses at commit


# ── the command ──────────────────────────────────────────────────────────────


def last_seal():
    seal = Seal.objects.latest("pk")
    return f"Last seal: #{seal.pk} of 2026-11-18, root {seal.root}."


def test_the_command_is_clean_or_counts_the_problems(events, capsys):
    told = ["Erased texts: none.", last_seal()]
    assert book.verify(capsys) == (0, [*told, "All is as it was written: 10 events checked."])
    book.sql("UPDATE ledger_event SET actor = 'x' WHERE id IN (%s, %s)", events[1].pk, events[3].pk)
    assert book.verify(capsys) == (1, [altered(2), altered(4), *told, "2 problem(s) found in 10 events."])


def test_the_command_checks_one_chain(events, capsys):
    book.sql("UPDATE ledger_event SET actor = 'x' WHERE id = %s", events[1].pk)
    told = ["Erased texts: none.", last_seal()]
    assert book.verify(capsys, "case:b") == (0, [*told, "All is as it was written: 3 events checked."])
    assert book.verify(capsys, "case:a") == (1, [altered(2), *told, "1 problem(s) found in 5 events."])
    assert book.verify(capsys, "case:c") == (1, ["There is no chain case:c."])


def test_an_empty_ledger_is_clean(capsys):
    assert book.verify(capsys) == (0, ["Erased texts: none.", "All is as it was written: 0 events checked."])


# ── what the rooms add ───────────────────────────────────────────────────────


def test_a_room_adds_its_own_check_after_the_ledgers(events):
    verifying.check("rooms")(lambda: iter([Problem("rooms.room #1", "has no door")]))
    book.sql("UPDATE ledger_event SET actor = 'x' WHERE id = %s", events[1].pk)
    assert book.problems() == [altered(2), "rooms.room #1: has no door"]
    assert book.problems("case:a") == [altered(2)]


def test_a_check_that_breaks_off_is_a_problem_and_the_others_run(caplog):
    def breaks():
        yield Problem("rooms.room #1", "has no door")
        raise KeyError("window")

    verifying.check("broken")(breaks)
    verifying.check("sound")(lambda: iter([Problem("rooms.room #2", "has no door")]))
    assert book.problems() == [
        "rooms.room #1: has no door",
        "broken: could not be checked to the end: KeyError: 'window'",
        "rooms.room #2: has no door",
    ]
    assert [line.getMessage() for line in caplog.records] == ["The check of broken broke off"]


# ── size ─────────────────────────────────────────────────────────────────────


DRAFT = Draft("thing.happened", ("ledger.chain", "subject"), "SYSTEM", book.AT, {}, texts={"title": "灯"})


def queries():
    with CaptureQueriesContext(connection) as seen:
        assert book.problems() == []
    return len(seen)


def test_verify_asks_as_often_for_one_event_as_for_a_thousand():
    bulk.write({"case:w": [DRAFT] * 10})
    few = queries()
    bulk.write({"case:x": [DRAFT] * 490, "case:y": [DRAFT] * 500})
    assert Event.objects.count() == CHUNK
    assert queries() == few


def peak():
    """The most bytes in use during verify; the collector looks at nothing that was there before."""
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    try:
        assert list(verifying.verify()) == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()


def test_memory_does_not_grow_with_the_record(monkeypatch):
    monkeypatch.setattr(verifying, "CHUNK", 50)
    bulk.write({"case:x": [DRAFT] * 200, "case:y": [DRAFT] * 200})
    small = peak()
    bulk.write({f"case:{n}": [DRAFT] * 4 for n in range(500)})
    assert peak() < 3 * small  # six times the events
