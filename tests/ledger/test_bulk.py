"""Whole histories at once are as true as those that grew."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger import bulk, canonical, following
from ledger.bulk import Draft
from ledger.models import Chain, Delivery, Event, Text, Visibility
from tests.ledger import book
from tests.ledger.book import AT, SECOND

pytestmark = pytest.mark.django_db

SUBJECT = ("ledger.chain", "subject")


def drafts(count):
    return [
        Draft("thing.happened", SUBJECT, "SYSTEM", AT + n * SECOND, {"n": n}, texts={"title": f"第{n}件"})
        for n in range(1, count + 1)
    ]


def columns(**which):
    rows = Event.objects.filter(**which).order_by("number")
    return [event.content() | {"chain": "", "prev": "", "commitments": [*event.commitments]} for event in rows]


def test_a_history_is_what_recording_it_event_by_event_gives():
    bulk.write({"case:bulk": drafts(3)})
    for n in range(1, 4):
        book.note("case:grown", at=AT + n * SECOND, texts={"title": f"第{n}件"}, n=n)
    assert columns(chain_id="case:bulk") == columns(chain_id="case:grown")
    words = Text.objects.order_by("event__number").values_list("event__number", "field", "text")
    assert list(words.filter(event__chain_id="case:bulk")) == list(words.filter(event__chain_id="case:grown"))
    assert book.problems() == []


def test_it_goes_on_by_recording():
    assert bulk.write({"case:a": drafts(2), "case:b": drafts(1), "case:c": []}) == 3
    event = book.note("case:a")
    assert (event.number, event.prev) == (3, Event.objects.get(chain_id="case:a", number=2).hash)
    assert list(Chain.objects.order_by("pk").values_list("pk", "number")) == [
        ("case:a", 3),
        ("case:b", 1),
        ("case:c", 0),
    ]
    assert Chain.objects.get(pk="case:c").hash == canonical.GENESIS
    assert book.problems() == []


def test_nobody_is_told():
    following.follow("thing.*", name="ear")(lambda event: None)
    bulk.write({"case:a": drafts(2)})
    assert Delivery.objects.count() == 0


def test_the_visibility_is_part_of_it():
    bulk.write({"case:a": [Draft("a.b", SUBJECT, "ref", AT, {}, Visibility.SEALED)]})
    assert list(Event.objects.values_list("actor", "visibility")) == [("ref", "sealed")]


def test_a_chain_that_exists_is_refused_and_nothing_is_written():
    book.note("case:b")
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.write({"case:a": drafts(1), "case:b": drafts(1)})
    assert Event.objects.count() == 1


def test_a_hundred_histories_cost_as_many_queries_as_one():
    counts = []
    for chains in (1, 20):
        with CaptureQueriesContext(connection) as queries:
            bulk.write({f"case:{chains}-{n}": drafts(3) for n in range(chains)})
        counts.append(len(queries))
    assert counts == [5, 5]  # savepoint, chains, events, texts, release
