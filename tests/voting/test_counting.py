"""The close counts what was cast, exactly once; what was changed behind its back is named and not counted."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from ledger import verifying
from ledger.models import Event
from tests.voting import urn
from voting import auditing, clock, counting, envelopes
from voting.models import Ballot, BallotPaper, Receipt
from voting.states import Choice, State

pytestmark = pytest.mark.django_db

THREE = ("yes", "yes", "no")


def voted(choices: tuple[str, ...] = THREE, abroad: int = 1) -> Ballot:
    """An open ballot with these papers in the urn, and some neighbours who did not vote."""
    voters = urn.neighbours(len(choices) + abroad)
    ballot = urn.call()
    urn.cast(ballot, dict(zip(voters, choices, strict=False)))
    clock.sweep(urn.AT)
    return ballot


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def closed_events() -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind="ballot.closed").values_list("payload", flat=True))


def findings() -> list[str]:
    return [str(problem) for problem in auditing.check()]


@pytest.mark.parametrize(
    ("choices", "abroad", "result"),
    [(THREE, 1, "passed"), (THREE, 3, "no_quorum"), (("yes", "no", "abstain"), 0, "not_passed"), ((), 2, "no_quorum")],
)
def test_a_close_records_the_exact_tally(choices: tuple[str, ...], abroad: int, result: str) -> None:
    ballot = voted(choices, abroad)
    assert clock.sweep(urn.CLOSES) == 1
    numbers = {choice: choices.count(choice) for choice in ("yes", "no", "abstain")}
    expected = {"ballot": ballot.pk} | urn.plain(result, roll=len(choices) + abroad, **numbers)
    assert closed_events() == [expected]
    ballot.refresh_from_db()
    assert {"ballot": ballot.pk} | urn.numbers(ballot) == expected
    assert (ballot.state, ballot.result) == (State.FINAL, result)
    assert sorted(ballot.papers.values_list("content", flat=True)) == sorted(choices)
    assert findings() == []


def test_a_close_comes_by_the_clock_and_once() -> None:
    ballot = voted()
    early = urn.CLOSES - dt.timedelta(microseconds=1)
    late = urn.CLOSES + dt.timedelta(days=3)
    assert [clock.sweep(early), clock.sweep(late), clock.sweep(late), counting.close(ballot.pk, at=late)] == [
        1,  # a reminder
        1,
        0,
        0,
    ]
    assert len(closed_events()) == 1


def test_a_late_sweep_opens_and_closes_at_once() -> None:
    urn.neighbours(1)
    urn.call()
    assert clock.sweep(urn.CLOSES) == 2
    kinds = Event.objects.filter(chain_id=urn.CHAIN).values_list("kind", flat=True)
    assert list(kinds) == ["ballot.called", "ballot.opened", "ballot.closed", "ballot.published", "ballot.final"]


def test_the_close_writes_papers_and_receipts_anew_in_an_order_that_tells_nothing() -> None:
    ballot = voted(("yes",) * 4 + ("no",) * 4)
    before = set(ballot.papers.values_list("pk", "envelope"))
    codes = set(ballot.receipts.values_list("code", flat=True))
    urn.count(ballot)
    with connection.cursor() as cursor:
        row = "rowid" if connection.vendor == "sqlite" else "ctid"
        cursor.execute(f"SELECT id FROM voting_ballotpaper ORDER BY {row}")
        physical = [str(pk).replace("-", "") for (pk,) in cursor.fetchall()]
        cursor.execute(f"SELECT code FROM voting_receipt ORDER BY {row}")
        shown = [code for (code,) in cursor.fetchall()]
    assert physical == sorted(physical)
    assert shown == sorted(codes)
    assert not before & set(ballot.papers.values_list("pk", "envelope"))


def test_one_ballot_that_fails_keeps_no_other_waiting(caplog: pytest.LogCaptureFixture) -> None:
    ballot = voted()
    other = urn.call(chain="case:" + "d" * 32)
    clock.sweep(urn.AT)
    called = Event.objects.get(kind="ballot.called", subject_id=str(ballot.pk))
    QuerySet(Event).filter(pk=called.pk).update(payload=called.payload | {"rule": {"method": "dice"}})
    Ballot.objects.filter(pk=ballot.pk).update(terms={"method": "dice"})
    assert clock.sweep(urn.CLOSES) == 1
    states = dict(Ballot.objects.values_list("pk", "state"))
    assert states == {ballot.pk: State.OPEN, other.pk: State.FINAL}
    assert f"voting.counting close of {ballot.pk} failed" in caplog.text


def forged(ballot: Ballot) -> None:
    """A copy of somebody's envelope on a new paper."""
    envelope = ballot.papers.values_list("envelope", flat=True)[0]
    BallotPaper.objects.create(ballot=ballot, envelope=envelope)


def swapped(ballot: Ballot) -> None:
    one, other = ballot.papers.all()[:2]
    BallotPaper.objects.filter(pk=one.pk).update(envelope=other.envelope)


def from_another_ballot(ballot: Ballot) -> None:
    paper = ballot.papers.all()[0]
    BallotPaper.objects.filter(pk=paper.pk).update(envelope=envelopes.seal(ballot.pk + 1, paper.pk, Choice.YES))


def stuffed(ballot: Ballot) -> None:
    """A mark and a receipt for a neighbour who did not vote, with a paper that nobody cast."""
    sql("UPDATE voting_rollentry SET voted = %s, channel = 'web' WHERE ballot_id = %s", True, ballot.pk)
    Receipt.objects.create(ballot=ballot, code="AAAA-AAAA")
    forged(ballot)


TAMPERING: dict[str, Callable[[Ballot], Any]] = {
    "a paper is added": forged,
    "a paper is changed": swapped,
    "a paper comes from elsewhere": from_another_ballot,
    "a paper is taken out": lambda ballot: sql("DELETE FROM voting_ballotpaper WHERE ballot_id = %s", ballot.pk),
    "the urn is stuffed": stuffed,
    "a mark is made": lambda ballot: sql("UPDATE voting_rollentry SET voted = %s, channel = 'web'", True),
    "a mark is taken away": lambda ballot: sql("UPDATE voting_rollentry SET voted = %s, channel = ''", False),
    "a receipt is added": lambda ballot: Receipt.objects.create(ballot=ballot, code="AAAA-AAAA"),
    "a voter is taken off": lambda ballot: sql("DELETE FROM voting_rollentry WHERE voted = %s", False),
    "the roll's size is changed": lambda ballot: sql("UPDATE voting_ballot SET roll_size = 3"),
    "the rule is changed": lambda ballot: Ballot.objects.update(terms=ballot.terms | {"quorum": [1, 9, False]}),
    "the question is changed": lambda ballot: sql("UPDATE voting_ballot SET question = 'another'"),
    "the end is moved": lambda ballot: Ballot.objects.update(closes_at=urn.CLOSES - dt.timedelta(days=1)),
}


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING.keys())
def test_what_was_changed_before_the_close_is_not_counted(tamper: Callable[[Ballot], Any]) -> None:
    ballot = voted()
    tamper(ballot)
    assert clock.sweep(urn.CLOSES) == 1
    ballot = Ballot.objects.get(pk=ballot.pk)
    assert (ballot.state, ballot.outcome, closed_events()) == (State.STOPPED, None, [])
    [stopped] = Event.objects.filter(kind="ballot.stopped")
    assert set(stopped.payload) == {"ballot", "faults", "rows"}
    assert not ballot.papers.exclude(content=None).exists()
    assert findings()[-1] == f"voting.ballot #{ballot.pk}: was not counted: it did not add up when voting ended"


def altered(choice: str) -> Callable[[Ballot], set[str]]:
    def tamper(ballot: Ballot) -> set[str]:
        paper = ballot.papers.exclude(content=choice).first()
        assert paper
        sql("UPDATE voting_ballotpaper SET content = %s WHERE id = %s", f'"{choice}"', _sql_id(paper))
        return {f"voting.ballotpaper {paper.pk}", f"voting.ballot #{ballot.pk}"}

    return tamper


def added(ballot: Ballot) -> set[str]:
    paper = BallotPaper.objects.create(ballot=ballot, envelope="x", content="yes")
    return {f"voting.ballotpaper {paper.pk}", f"voting.ballot #{ballot.pk}"}


def removed(ballot: Ballot) -> set[str]:
    paper = ballot.papers.first()
    assert paper
    sql("DELETE FROM voting_ballotpaper WHERE id = %s", _sql_id(paper))
    return {f"voting.ballot #{ballot.pk}"}


def announced_otherwise(ballot: Ballot) -> set[str]:
    Ballot.objects.update(tally=urn.plain("not_passed", roll=4, yes=1, no=2))
    return {f"voting.ballot #{ballot.pk}"}


def declared_otherwise(ballot: Ballot) -> set[str]:
    sql("UPDATE voting_ballot SET result = 'not_passed'")
    return {f"voting.ballot #{ballot.pk}"}


@pytest.mark.parametrize(
    "tamper", [altered("no"), altered("yes"), added, removed, announced_otherwise, declared_otherwise]
)
def test_verify_names_the_row_that_was_changed_after_the_close(tamper: Callable[[Ballot], set[str]]) -> None:
    ballot = urn.count(voted())
    assert findings() == []
    rows = tamper(ballot)
    assert {problem.row for problem in auditing.check()} == rows


def test_verify_asks_the_voting_room_too() -> None:
    urn.count(voted())
    assert list(verifying.verify()) == []
    sql("UPDATE voting_ballot SET result = 'not_passed'")
    assert len(list(verifying.verify())) == 1


def _sql_id(paper: BallotPaper) -> Any:
    return paper.pk.hex if connection.vendor == "sqlite" else paper.pk
