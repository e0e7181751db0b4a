"""Half-way and on the last day those who have not voted are reminded, once, and nobody else learns who they are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from ledger import chains, following
from ledger.models import Event
from notifications import readings
from notifications.models import Notice
from tests.voting import procedure, urn
from voting import casting, clock, reminders
from voting.models import Ballot

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
HALF = urn.AT + (urn.CLOSES - urn.AT) / 2
LAST_DAY = urn.CLOSES - dt.timedelta(days=1)
END = "2026-11-25T02:00:00.000000Z"


def said(ballot: Ballot) -> list[dict[str, object]]:
    return [payload for _kind, payload in procedure.told(ballot, "ballot.reminded")]


def reminded() -> set[int]:
    return set(Notice.objects.filter(kind="ballot_reminded").values_list("user_id", flat=True))


def test_each_stage_is_said_once_however_often_the_clock_comes() -> None:
    urn.neighbours(2)
    ballot = urn.call()
    for now in (urn.AT, HALF - SECOND, HALF, HALF, LAST_DAY - SECOND, LAST_DAY, LAST_DAY, urn.CLOSES - SECOND):
        clock.sweep(now)
    assert said(ballot) == [
        {"ballot": ballot.pk, "stage": "half", "due": END},
        {"ballot": ballot.pk, "stage": "last_day", "due": END},
    ]


def test_a_clock_that_comes_late_says_only_the_latest() -> None:
    urn.neighbours(2)
    ballot = urn.call()
    clock.sweep(urn.AT)
    clock.sweep(urn.CLOSES - SECOND)
    assert [payload["stage"] for payload in said(ballot)] == ["last_day"]


def test_nobody_is_reminded_of_a_ballot_that_is_over() -> None:
    urn.neighbours(2)
    ballot = urn.call()
    clock.sweep(urn.CLOSES)
    assert (said(ballot), reminders.remind(ballot.pk, at=urn.CLOSES)) == ([], False)


def test_a_ballot_of_one_day_has_no_day_before_its_end() -> None:
    urn.neighbours(2)
    ballot = urn.call(closes_at=urn.AT + dt.timedelta(days=1))
    for hours in (0, 11, 12, 23):
        clock.sweep(urn.AT + dt.timedelta(hours=hours))
    assert [payload["stage"] for payload in said(ballot)] == ["half"]


def test_only_those_who_have_not_voted_when_it_is_delivered_are_reminded() -> None:
    early, between, never = urn.neighbours(3)
    ballot = urn.call()
    clock.sweep(urn.AT)
    casting.cast(ballot, by=early, choice="yes", at=urn.AT)
    clock.sweep(HALF)
    casting.cast(ballot, by=between, choice="yes", at=HALF)
    following.drain(HALF)
    assert reminded() == {never.pk}


def test_the_event_names_nobody_and_is_the_same_whoever_has_voted() -> None:
    voter, _other = urn.neighbours(2)
    ballot = urn.call()
    clock.sweep(urn.AT)
    casting.cast(ballot, by=voter, choice="yes", at=urn.AT)
    clock.sweep(HALF)
    [event] = Event.objects.filter(kind="ballot.reminded")
    assert (event.payload, event.commitments, event.actor) == (
        {"ballot": ballot.pk, "stage": "half", "due": END}, {}, "SYSTEM",
    )  # fmt: skip


def test_voting_settles_the_reminder_as_of_the_opening() -> None:
    [voter] = urn.neighbours(1)
    ballot = urn.call()
    clock.sweep(urn.AT)
    clock.sweep(HALF)
    following.drain(HALF)
    casting.cast(ballot, by=voter, choice="yes", at=HALF + SECOND)
    done = Notice.objects.filter(user=voter, kind="ballot_reminded").values_list("done_at", flat=True)
    assert list(done) == [urn.AT]


def test_after_an_extension_the_new_last_day_is_told_too() -> None:
    court = procedure.owners(2)
    for now in (HALF, LAST_DAY, urn.CLOSES):
        clock.sweep(now)
    ballot = court.fresh()
    clock.sweep(ballot.closes_at - procedure.DAY)
    ends = [(payload["stage"], payload["due"]) for payload in said(ballot)]
    assert ends == [("half", END), ("last_day", END), ("last_day", "2026-12-10T16:00:00.000000Z")]


def test_many_open_ballots_are_looked_through_with_two_queries() -> None:
    urn.neighbours(1)
    for n in range(12):
        urn.call(chain=f"case:{n:032}")
    clock.sweep(urn.AT)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(list(reminders.due(HALF))) == 12
    assert len(queries) == 2


def test_the_reminder_says_until_when() -> None:
    [voter] = urn.neighbours(1)
    chains.describe("case", lambda ids: {chain: chains.Link("充电棚", "/cases/1/") for chain in ids})
    urn.call()
    clock.sweep(urn.AT)
    clock.sweep(LAST_DAY)
    following.drain(LAST_DAY)
    with translation.override("en"):
        [reading] = readings.read(Notice.objects.filter(user=voter, kind="ballot_reminded"), voter)
    assert reading.title == "Last day to vote: 充电棚"
    assert reading.body.endswith("Only those who have not voted are told this; nobody else learns of it.")
