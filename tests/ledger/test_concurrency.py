"""Many at once, on whichever database the tests run."""

import threading
from collections import Counter

import pytest
from django.db import transaction

from ledger import following, recording, sealing, verifying
from ledger.actors import SYSTEM
from ledger.models import Chain, Delivery, Event, Seal, SealedHead, Text
from tests.ledger import book
from tests.ledger.book import AT, SECOND

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, EACH = 6, 8


def test_all_append_to_one_new_chain():
    book.together(*[lambda: book.notes(EACH)] * THREADS)
    assert book.numbers("case:a") == list(range(1, THREADS * EACH + 1))
    assert book.problems() == []


def test_all_append_to_two_chains_by_turns_and_in_one_transaction():
    def both():
        for n in range(EACH):
            with transaction.atomic():
                book.note("case:a", n=n)
                book.note("case:b", n=n)
            book.note("case:b" if n % 2 else "case:a", n=n)

    book.together(*[both] * THREADS)
    expected = list(range(1, THREADS * EACH * 3 // 2 + 1))
    assert (book.numbers("case:a"), book.numbers("case:b")) == (expected, expected)
    assert book.problems() == []


def test_who_rolls_back_leaves_no_gap():
    def half():
        for n in range(EACH):
            try:
                with transaction.atomic():
                    book.note(n=n)
                    if n % 2:
                        raise LookupError
            except LookupError:
                pass

    book.together(*[half] * THREADS)
    assert book.numbers("case:a") == list(range(1, THREADS * EACH // 2 + 1))
    assert set(Event.objects.values_list("payload__n", flat=True)) == set(range(0, EACH, 2))
    assert book.problems() == []


def follow_with_effects():
    following.follow("thing.*", name="effects")(
        lambda event: book.note("effects", kind="effect.done", of=[event.chain_id, event.number])
    )


def effects():
    return Counter(tuple(of) for of in Event.objects.filter(kind="effect.done").values_list("payload__of", flat=True))


def test_two_deliverers_do_everything_once():
    follow_with_effects()
    batch: Counter[tuple[str, int]] = Counter()
    following.follow_batches("thing.*", name="index")(
        lambda events: batch.update((event.chain_id, event.number) for event in events)
    )
    book.notes(20, "case:a")
    book.notes(20, "case:b")
    book.together(*[lambda: following.drain(AT)] * 2)
    everything = Counter((chain, n) for chain in ("case:a", "case:b") for n in range(1, 21))
    assert (effects(), batch) == (everything, everything)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("done", 1)}
    assert book.problems() == []


def test_a_handler_that_outlives_its_lease_still_acts_once():
    begun, answers = threading.Event(), []

    def slow(event):
        book.note("effects", kind="effect.done", of=[event.chain_id, event.number])
        begun.set()
        second.join(0.5)  # long enough for the other to come and find the row taken

    following.follow("thing.*", name="slow")(slow)
    book.note()

    def come_later():
        begun.wait(10)
        answers.append(following.deliver(AT + following.LEASE + SECOND))

    second = threading.Thread(target=lambda: book.together(come_later))
    second.start()
    following.deliver(AT)
    second.join()
    assert (answers, effects()) == ([0], Counter([("case:a", 1)]))
    assert list(Delivery.objects.values_list("state", "attempts")) == [("done", 1)]


def test_two_who_erase_the_same_words_write_one_event():
    book.note(texts={"title": "灯"})
    counts = book.together(*[lambda: recording.erase(Text.objects.all(), by=SYSTEM, at=AT, reason="request")] * 2)
    assert sorted(counts) == [0, 1]
    assert (book.numbers("case:a"), book.problems()) == ([1, 2], [])


def test_two_seals_at_once_make_one():
    book.notes(3)
    book.note("case:b")
    made = book.together(*[lambda: sealing.seal(AT)] * 2)
    assert [seal.root for seal in made if seal] == [seal.root for seal in Seal.objects.all()]
    assert list(SealedHead.objects.values_list("chain_id", "number")) == [("case:a", 3), ("case:b", 1)]
    assert book.problems() == []


def test_sealing_waits_for_no_appender():
    book.note()
    with transaction.atomic():
        held = Chain.objects.select_for_update().get()
        read = book.together(sealing.unsealed_heads)
    assert read == [[("case:a", 1, held.hash)]]


def test_verify_sees_one_instant_and_stops_nobody():
    book.notes(3)
    with verifying.snapshot():
        assert Event.objects.count() == 3
        book.together(lambda: book.notes(2), lambda: book.note("case:b"))
        assert (book.problems(), Event.objects.count()) == ([], 3)
    assert (book.problems(), Event.objects.count()) == ([], 6)
