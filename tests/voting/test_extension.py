"""More time, once, when too few have taken part until the end."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from areas import policy
from ledger import following
from notifications.models import Notice
from people.verdict import Refused
from tests import build
from tests.voting import procedure, urn
from voting import auditing, casting, policies
from voting.models import Ballot
from voting.states import State

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGER = dt.datetime(2026, 12, 11, tzinfo=SHANGHAI)  # 24:00 of the fifteenth day after 25 November
SECOND = dt.timedelta(seconds=1)


def instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_without_a_quorum_the_ballot_goes_on_once_and_what_was_cast_stays() -> None:
    court = procedure.owners(3)
    court.cast("yes")
    ballot = court.sweep(urn.CLOSES)
    assert (ballot.state, ballot.extended_from, ballot.closes_at, ballot.turnout) == (
        State.OPEN, urn.CLOSES, LONGER, 1,
    )  # fmt: skip
    assert procedure.told(ballot, "ballot.extended", "ballot.closed") == [
        ("ballot.extended", {"ballot": ballot.pk, "was": instant(urn.CLOSES), "due": instant(LONGER)})
    ]
    casting.cast(ballot, by=court.people[1], choice="yes", at=LONGER - SECOND)
    with pytest.raises(Refused) as late:
        casting.cast(ballot, by=court.people[2], choice="yes", at=LONGER)
    assert late.value.verdict == policies.OVER
    counted = court.sweep(LONGER)
    assert (counted.state, counted.result, counted.turnout) == (State.CLOSED, "passed", 2)
    assert list(auditing.check()) == []


def test_the_second_end_is_the_last() -> None:
    court = procedure.owners(3)
    court.sweep(urn.CLOSES)
    counted = court.sweep(LONGER)
    assert (counted.state, counted.result, counted.closes_at) == (State.CLOSED, "no_quorum", LONGER)
    assert len(procedure.told(counted, "ballot.extended")) == 1


def test_a_sweep_that_runs_twice_extends_once() -> None:
    court = procedure.owners(3)
    first, second = (court.sweep(urn.CLOSES).closes_at for _ in range(2))
    assert (first, second, len(procedure.told(court.ballot, "ballot.extended"))) == (LONGER, LONGER, 1)


def test_a_ballot_with_its_quorum_is_counted_at_its_end() -> None:
    court = procedure.owners(3)
    court.cast("yes", "no")
    counted = court.sweep(urn.CLOSES)
    assert (counted.state, counted.extended_from, counted.result) == (State.CLOSED, None, "not_passed")


def test_the_quorum_by_floor_area_counts_too() -> None:
    court = procedure.owners(3)
    right = court.right(2)
    right.units, right.floor_area = [["3栋 3**", 100_000]], 100_000
    right.save()
    Ballot.objects.filter(pk=court.ballot.pk).update(roll_area=116_000)
    court.cast("yes", "yes")
    assert [check.met for check in court.fresh().participation] == [True, False]


@pytest.mark.parametrize("days", [0, 5])
def test_the_area_says_how_long_and_nought_is_not_at_all(days: int) -> None:
    court = procedure.owners(3)
    policy.assign(court.area, "voting.extension.owners", {"n": days, "unit": "day"}, by=court.chair, at=urn.AT)
    ballot = court.sweep(urn.CLOSES)
    assert (ballot.state, ballot.extended_from) == ((State.OPEN, urn.CLOSES) if days else (State.CLOSED, None))


def test_a_residents_ballot_is_not_extended_by_itself() -> None:
    urn.neighbours(3)
    ended = urn.count(urn.call())
    assert (ended.state, ended.result, ended.extended_from) == (State.FINAL, "no_quorum", None)


def test_only_those_who_have_not_voted_are_told() -> None:
    court = procedure.owners(3)
    court.cast("yes")
    court.sweep(urn.CLOSES)
    following.drain(urn.CLOSES)
    asked = Notice.objects.filter(kind="ballot_extended")
    assert {(notice.user_id, notice.due_at) for notice in asked} == {(person.pk, LONGER) for person in court.people[1:]}


def test_an_end_that_was_moved_behind_the_ledgers_back_is_found() -> None:
    court = procedure.owners(3)
    ballot = court.sweep(urn.CLOSES)
    assert list(auditing.faults(ballot)) == []
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=LONGER + procedure.DAY)
    found = [problem.what for problem in auditing.faults(court.fresh())]
    assert found == ["its end is not the one that the ledger tells"]
    Ballot.objects.filter(pk=ballot.pk).update(closes_at=urn.CLOSES, extended_from=None)
    found = [problem.what for problem in auditing.faults(court.fresh())]
    assert found == ["its end is not the one that the ledger tells"]


def test_an_end_moved_without_an_extension_is_found() -> None:
    court = procedure.owners(3, chain="case:" + "e" * 32)
    build.person()
    Ballot.objects.filter(pk=court.ballot.pk).update(closes_at=LONGER, extended_from=urn.CLOSES)
    assert [problem.what for problem in auditing.faults(court.fresh())] == [
        "its end is not the one that the ledger tells"
    ]
