"""The outbox: each event reaches each follower, in spite of failures, and what it does to the database once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger import following
from ledger.following import LEASE, PAUSES, TOGETHER
from ledger.models import Delivery, DeliveryState, Event
from tests.ledger import book
from tests.ledger.book import AT, SECOND

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(days=30)


@pytest.fixture
def heard():
    """What the follower `ear` was handed, by number in the chain."""
    numbers = []
    following.follow("thing.*", name="ear")(lambda event: numbers.append(event.number))
    return numbers


def follow_with_effects(name="effects", *, fails=lambda event: False):
    """A follower whose effect is an event on the chain `effects`; it raises afterwards when it is told to."""

    def handle(event):
        book.note("effects", kind="effect.done", of=event.number)
        if fails(event):
            raise ValueError("no luck")

    following.follow("thing.*", name=name)(handle)


def effects():
    return list(Event.objects.filter(kind="effect.done").order_by("number").values_list("payload__of", flat=True))


def outbox(**which):
    fields = ("follower", "event__number", "state", "attempts", "next_at", "error")
    return list(Delivery.objects.filter(**which).order_by("follower", "pk").values_list(*fields))


def test_an_event_is_handed_over_once(heard):
    book.notes(3)
    assert (following.deliver(AT), following.deliver(LATER)) == (3, 0)
    assert heard == [1, 2, 3]
    assert [(row[1], row[2], row[5]) for row in outbox()] == [(1, "done", ""), (2, "done", ""), (3, "done", "")]


def test_nothing_is_handed_over_before_its_time(heard):
    book.note(at=AT)
    assert (following.deliver(AT - SECOND), heard) == (0, [])


def test_the_oldest_come_first_and_no_more_than_asked(heard):
    book.note(at=AT + SECOND)
    book.note(at=AT)
    book.note(at=AT + SECOND)
    assert (following.deliver(LATER, limit=2), heard) == (2, [2, 1])
    assert (following.deliver(LATER, limit=2), heard) == (1, [2, 1, 3])


def test_drain_goes_on_with_what_followers_caused():
    following.follow("thing.*", name="first")(lambda event: book.note("case:b", kind="echo.made"))
    heard = []
    following.follow("echo.*", name="second")(lambda event: heard.append(event.chain_id))
    book.notes(2)
    assert (following.drain(AT), heard) == (4, ["case:b", "case:b"])


def test_one_follower_can_be_served_alone(heard):
    follow_with_effects()
    book.note()
    assert (following.deliver(AT, only="effects"), effects(), heard) == (1, [1], [])


def test_a_name_is_given_once(heard):
    with pytest.raises(ValueError, match="Two followers are called ear"):
        following.follow_batches("thing.*", name="ear")(lambda events: None)


# ── failures ─────────────────────────────────────────────────────────────────


def test_what_a_failing_follower_wrote_is_undone_and_done_once_in_the_end():
    luck = iter([True, True, False])
    follow_with_effects(fails=lambda event: next(luck))
    book.note()
    for now in (AT, AT + SECOND, AT + 6 * SECOND):
        assert effects() == []
        assert following.deliver(now) == 1
    assert effects() == [1]
    assert outbox() == [("effects", 1, "done", 3, AT + 6 * SECOND + LEASE, "")]


def test_a_failing_follower_holds_up_nobody(heard):
    follow_with_effects("broken", fails=lambda event: event.number == 2)
    following.follow_batches("thing.*", name="broken batch")(lambda events: 1 / 0)
    book.notes(3)
    following.deliver(AT)
    assert (heard, effects()) == ([1, 2, 3], [1, 3])
    assert outbox(follower="broken") == [
        ("broken", 1, "done", 1, AT + LEASE, ""),
        ("broken", 2, "pending", 1, AT + SECOND, "ValueError: no luck"),
        ("broken", 3, "done", 1, AT + LEASE, ""),
    ]
    assert {row[5] for row in outbox(follower="broken batch")} == {"ZeroDivisionError: division by zero"}


def test_pauses_grow_until_the_delivery_is_given_up_and_revived():
    fails = [True]
    follow_with_effects(fails=lambda event: fails[0])
    book.note()
    now, pauses = AT, []
    while True:
        assert following.deliver(now) == 1
        [(_, _, state, attempts, next_at, error)] = outbox()
        assert (error, following.deliver(next_at - SECOND / 2)) == ("ValueError: no luck", 0)
        if state == DeliveryState.DEAD:
            break
        pauses.append(next_at - now)
        now = next_at
    assert (pauses, attempts) == (PAUSES, len(PAUSES) + 1)
    assert pauses == sorted(set(pauses))
    assert (following.deliver(LATER), effects()) == (0, [])
    fails[0] = False
    assert (following.revive(LATER), following.deliver(LATER), following.revive(LATER)) == (1, 1, 0)
    assert (effects(), outbox()) == ([1], [("effects", 1, "done", 1, LATER + LEASE, "")])


def test_reviving_leaves_the_others_alone(heard):
    book.notes(2)
    Delivery.objects.filter(event__number=1).update(state=DeliveryState.DEAD, attempts=9, error="lost")
    assert following.revive(LATER) == 1
    assert outbox() == [("ear", 1, "pending", 0, LATER, ""), ("ear", 2, "pending", 0, AT, "")]


def test_a_follower_that_nobody_knows_any_more_is_waited_for(heard):
    book.note()
    follower = following.FOLLOWERS.pop("ear")
    following.deliver(AT)
    assert outbox() == [("ear", 1, "pending", 1, AT + SECOND, "LookupError: Nobody is registered as ear.")]
    following.FOLLOWERS["ear"] = follower
    assert (following.deliver(AT + SECOND), heard) == (1, [1])


def test_a_long_error_is_cut_and_kept_storable(monkeypatch):
    monkeypatch.setattr(following.log, "disabled", True)  # a test run cannot pass half a character on

    def fail(event):
        raise ValueError("\0\ud83d" + "x" * 5000)

    following.follow("thing.*", name="loud")(fail)
    book.note()
    following.deliver(AT)
    assert Delivery.objects.get().error == "ValueError: " + "x" * 1986


# ── batches ──────────────────────────────────────────────────────────────────


def test_a_batch_takes_many_events_at_once():
    batches = []
    following.follow_batches("thing.*", name="index")(lambda events: batches.append([e.number for e in events]))
    book.notes(5)
    assert (following.deliver(AT, limit=3), following.deliver(AT, limit=3)) == (3, 2)
    assert batches == [[1, 2, 3], [4, 5]]


def test_a_bad_event_is_given_up_alone():
    tries = []

    def index(events):
        tries.append([event.number for event in events])
        if 2 in tries[-1]:
            raise ValueError("event 2")

    following.follow_batches("thing.*", name="index")(index)
    book.notes(3)
    now = AT
    for pause in (*PAUSES, dt.timedelta()):
        following.deliver(now)
        now += pause
    assert tries == [[1, 2, 3]] * TOGETHER + [[1], [2], [3]] + [[2]] * (len(PAUSES) - TOGETHER)
    assert [(row[1], row[2]) for row in outbox()] == [(1, "done"), (2, "dead"), (3, "done")]


@pytest.mark.parametrize("count", [1, 30, 200])
def test_a_batch_costs_the_same_queries_for_any_number_of_events(count):
    following.follow_batches("thing.*", name="index")(lambda events: None)
    book.notes(count)
    with CaptureQueriesContext(connection) as queries:
        assert following.deliver(AT) == count
    assert len(queries) == 6  # the due rows; claim: savepoint, read, mark, release; done


# ── leases ───────────────────────────────────────────────────────────────────


def test_a_claimed_delivery_is_free_again_after_the_lease():
    """A worker that was killed in the middle of a batch leaves just this."""

    def die(events):
        raise KeyboardInterrupt

    following.follow_batches("thing.*", name="index")(die)
    book.note()
    with pytest.raises(KeyboardInterrupt):
        following.deliver(AT)
    assert outbox() == [("index", 1, "pending", 1, AT + LEASE, "")]
    handed: list[Event] = []
    following.FOLLOWERS.clear()
    following.follow_batches("thing.*", name="index")(handed.extend)
    assert (following.deliver(AT + LEASE - SECOND), following.deliver(AT + LEASE), len(handed)) == (0, 1, 1)


def test_a_late_failure_does_not_undo_what_another_worker_did_after_the_lease():
    tries: list[str] = []

    def slow(events):
        tries.append("first" if not tries else "second")
        if tries == ["first"]:
            following.deliver(AT + LEASE)  # somebody else, while the first is still at it
            raise ValueError("too late")

    following.follow_batches("thing.*", name="index")(slow)
    book.note()
    following.deliver(AT)
    assert (tries, outbox()) == (["first", "second"], [("index", 1, "done", 2, AT + LEASE + LEASE, "")])
