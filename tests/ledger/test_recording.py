"""Appending: a chain grows event by event, and nothing that was written is written again."""

import contextlib
import datetime as dt
import time

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from ledger import canonical, following, recording
from ledger.actors import SYSTEM
from ledger.models import Chain, Delivery, Event, Seal, SealedHead, Text, Visibility
from tests.ledger import book

pytestmark = pytest.mark.django_db


class Somebody:
    def actor_ref(self, chain):
        return f"ref in {chain}"


def follow(name, *kinds):
    following.follow(*kinds, name=name)(lambda event: None)


def chain_of(*events):
    return [(event.chain_id, event.number, event.prev, event.hash) for event in events]


def test_each_event_follows_from_the_one_before():
    first, second, third = book.notes(3)
    assert chain_of(first, second, third) == [
        ("case:a", 1, canonical.GENESIS, first.fingerprint()),
        ("case:a", 2, first.hash, second.fingerprint()),
        ("case:a", 3, second.hash, third.fingerprint()),
    ]
    assert (Chain.objects.get().number, Chain.objects.get().hash) == (3, third.hash)
    assert len({first.hash, second.hash, third.hash}) == 3


def test_chains_do_not_touch_each_other():
    events = [book.note("case:a"), book.note("case:b"), book.note("case:a")]
    assert [(event.chain_id, event.number) for event in events] == [("case:a", 1), ("case:b", 1), ("case:a", 2)]
    assert (events[1].prev, events[2].prev) == (canonical.GENESIS, events[0].hash)


def test_the_row_holds_what_was_said():
    event = recording.record(
        "thing.happened",
        chain="case:a",
        subject=book.SUBJECT,
        by=Somebody(),
        at=book.AT,
        visibility=Visibility.PARTIES,
        texts={"title": "楼道的灯", "note": ""},
        level=4,
        share=(2, 3),
    )
    stored = Event.objects.get()
    salts = {text.field: text.salt for text in stored.texts.all()}
    assert stored.content() == {
        "v": 1,
        "chain": "case:a",
        "number": 1,
        "kind": "thing.happened",
        "subject": ["ledger.chain", "subject"],
        "actor": "ref in case:a",
        "visibility": "parties",
        "at": "2026-11-18T02:00:00.000000Z",
        "payload": {"level": 4, "share": [2, 3]},
        "commitments": {
            "title": canonical.commitment(salts["title"], "楼道的灯"),
            "note": canonical.commitment(salts["note"], ""),
        },
        "prev": canonical.GENESIS,
    }
    assert stored.hash == stored.fingerprint() == event.hash
    texts = Text.objects.filter(erased_by=None).order_by("field").values_list("event", "field", "text")
    assert list(texts) == [(event.pk, "note", ""), (event.pk, "title", "楼道的灯")]


def test_the_same_words_have_another_commitment_each_time():
    commitments = [book.note(texts={"title": "灯"}).commitments["title"] for _ in range(2)]
    assert commitments[0] != commitments[1]


@pytest.mark.parametrize("value", [0.5, dt.date(2026, 11, 18), book.AT, b"1", {"deep": [1.0]}], ids=repr)
def test_a_payload_without_an_exact_form_leaves_nothing_behind(value):
    with pytest.raises(TypeError):
        book.note(value=value)
    assert (Event.objects.count(), Chain.objects.count(), Delivery.objects.count()) == (0, 0, 0)


def test_an_event_needs_an_aware_time():
    with pytest.raises(ValueError):
        book.note(at=dt.datetime(2026, 11, 18, 10, 0))  # noqa: DTZ001
    assert Event.objects.count() == 0


def test_everyone_who_follows_the_kind_finds_it_in_the_outbox():
    follow("one", "thing.*")
    follow("two", "other.kind", "thing.happened")
    follow("three", "thing")
    event = book.note()
    rows = Delivery.objects.order_by("follower").values_list("event", "follower", "state", "attempts", "next_at")
    assert list(rows) == [(event.pk, "one", "pending", 0, book.AT), (event.pk, "two", "pending", 0, book.AT)]


def test_a_rollback_leaves_neither_event_nor_delivery():
    follow("one", "thing.*")
    book.note()
    with contextlib.suppress(RuntimeError), transaction.atomic():
        book.note(texts={"title": "灯"})
        book.note("case:b")
        raise RuntimeError
    assert (book.numbers("case:a"), book.numbers("case:b"), Text.objects.count()) == ([1], [], 0)
    assert list(Delivery.objects.values_list("event__number", flat=True)) == [1]
    assert [event.number for event in book.notes(2)] == [2, 3]
    assert book.problems() == []


@pytest.mark.django_db(transaction=True)
def test_the_deliverer_is_woken_by_the_commit_and_not_before():
    following.wait(0)
    with transaction.atomic():
        book.note()
        assert waited(0.2) >= 0.2
    assert waited(5) < 1


def waited(seconds):
    start = time.monotonic()
    following.wait(seconds)
    return time.monotonic() - start


def test_an_event_costs_as_many_queries_in_a_long_chain(django_assert_num_queries):
    follow("one", "thing.*")
    follow("two", "thing.*")
    book.notes(30)
    with django_assert_num_queries(7):  # savepoint, head, event, texts, head again, outbox, release
        book.note(texts={"title": "灯", "note": "坏了"})


# ── append-only ──────────────────────────────────────────────────────────────

CHANGES = {
    "save": lambda event: event.save(),
    "save with fields": lambda event: event.save(update_fields=["kind"]),
    "delete": lambda event: event.delete(),
    "update": lambda event: Event.objects.update(kind="other"),
    "update of a part": lambda event: Event.objects.filter(pk=event.pk).update(kind="other"),
    "update through the chain": lambda event: event.chain.events.update(kind="other"),
    "delete of a set": lambda event: Event.objects.all().delete(),
    "bulk update": lambda event: Event.objects.bulk_update([event], ["kind"]),
    "update or create": lambda event: Event.objects.update_or_create({"kind": "other"}, pk=event.pk),
    "upsert": lambda event: Event.objects.bulk_create(
        [event], update_conflicts=True, unique_fields=["chain", "number"], update_fields=["kind"]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_event_cannot_be_changed(change):
    event = book.note()
    event.kind = "other"
    with pytest.raises(TypeError, match="append-only"), transaction.atomic():
        change(event)
    assert list(Event.objects.values_list("kind", flat=True)) == ["thing.happened"]


def test_an_event_cannot_be_replaced_by_one_with_its_key():
    event = book.note()
    twin = Event(pk=event.pk, **{field: getattr(event, field) for field in ("chain", "number", "at", "kind")})
    twin.kind = "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert list(Event.objects.values_list("kind", flat=True)) == ["thing.happened"]


def test_a_number_is_given_once():
    event = book.note()
    event.pk, event._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


def test_a_chain_with_events_cannot_be_deleted():
    with pytest.raises(ProtectedError):
        book.note().chain.delete()


@pytest.mark.parametrize("model", [Seal, SealedHead])
def test_seals_cannot_be_changed(model):
    made = Seal.objects.create(at=book.AT, prev=canonical.GENESIS, root="1" * 64)
    SealedHead.objects.create(seal=made, chain_id="case:a", number=1, hash="2" * 64)
    row = model.objects.get()
    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=7)):
        with pytest.raises(TypeError, match="append-only"):
            change()
    assert model.objects.get() == row


def test_the_platform_has_one_reserved_reference():
    assert (SYSTEM.actor_ref("case:a"), SYSTEM.actor_ref("system"), str(SYSTEM)) == ("SYSTEM", "SYSTEM", "SYSTEM")
