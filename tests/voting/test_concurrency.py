"""Many at once, on whichever database the tests run: one paper for one right, and a sharp end."""

import datetime as dt
import functools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from ledger.models import Event
from people.models import User
from people.verdict import Refused
from tests import build
from tests.voting import estate, urn, web
from voting import auditing, casting, clock, counting, policies
from voting.models import Ballot, BallotPaper, Receipt

pytestmark = pytest.mark.django_db(transaction=True)

ONE_SECOND_BEFORE = urn.CLOSES - dt.timedelta(seconds=1)


def together(acts: Iterable[Callable[[], object]]) -> list[object]:
    """Run all acts at the same time, each on a connection of its own; what they gave or raised, in their order."""
    acts = list(acts)
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait()
            return act()
        except Refused as refused:
            return refused.verdict
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def caster(ballot: Ballot, voter: User, choice: str, at: dt.datetime = urn.AT) -> Callable[[], str]:
    return lambda: casting.cast(ballot, by=voter, choice=choice, at=at)


def test_thirty_casts_for_one_right_give_one_paper() -> None:
    voter, _other = urn.neighbours(2)
    ballot = urn.call()
    answers = together(caster(ballot, voter, choice) for choice in ("yes", "no", "abstain") * 10)
    codes = [answer for answer in answers if isinstance(answer, str)]
    assert Counter(answer for answer in answers if not isinstance(answer, str)) == {policies.VOTED: 29}
    assert list(Receipt.objects.values_list("code", flat=True)) == codes
    assert (BallotPaper.objects.count(), Ballot.objects.get().turnout) == (1, 1)


def test_thirty_papers_of_one_owner_at_once_supersede_each_other() -> None:
    court = build.courtyard()
    owner = estate.account(estate.flat(court, door="101"))
    ballot = estate.call(court)
    codes = together(caster(ballot, owner, choice) for choice in ("yes", "no", "abstain") * 10)
    papers = dict(BallotPaper.objects.filter(entry__voter=owner).values_list("receipt", "superseded"))
    assert papers.keys() == set(codes)
    assert Counter(papers.values()) == {False: 1, True: 29}
    assert list(auditing.faults(urn.count(ballot))) == []


def test_of_two_papers_from_one_browser_the_code_of_the_one_that_counts_is_told(client: Client) -> None:
    court = build.courtyard()
    owner = estate.account(estate.flat(court, door="101"))
    ballot = estate.call(court, **web.open_now())
    build.sign_in(client, owner)
    superseded = casting.cast(ballot, by=owner, choice="yes", at=ballot.opens_at)
    client.post(f"/ballots/{ballot.pk}/cast/", {"choice": "no", "mine": "on"})
    session = client.session
    session[f"receipt:{ballot.pk}"] = superseded  # the earlier request came to its end later
    session.save()
    told = client.get(f"/ballots/{ballot.pk}/receipt/").content.decode()
    code = ballot.papers.effective().get().receipt
    assert (code != superseded, code in told, superseded in told) == (True, True, False)


def test_thirty_voters_at_once_are_all_counted() -> None:
    voters = urn.neighbours(30)
    ballot = urn.call()
    answers = together(caster(ballot, voter, "yes" if n % 3 else "no") for n, voter in enumerate(voters))
    assert len({answer for answer in answers if isinstance(answer, str)}) == 30
    clock.sweep(urn.AT)
    closed = urn.count(ballot)
    assert closed.tally == urn.plain("passed", roll=30, yes=20, no=10)
    assert list(auditing.check()) == []


def test_a_paper_counts_if_and_only_if_it_was_acknowledged() -> None:
    voters = urn.neighbours(60)
    ballot = urn.call()
    clock.sweep(urn.AT)
    answers: list[object] = []

    def cast_in_turn(some: list[User]) -> None:
        for voter in some:
            try:
                answers.append(casting.cast(ballot, by=voter, choice="yes", at=ONE_SECOND_BEFORE))
            except Refused as refused:
                answers.append(refused.verdict)

    def close_in_the_middle() -> bool:
        while Receipt.objects.count() < 6:
            time.sleep(0.001)
        return counting.close(ballot.pk, at=urn.CLOSES)

    casters = [functools.partial(cast_in_turn, voters[n::6]) for n in range(6)]
    assert together([*casters, close_in_the_middle])[-1] is True
    codes = {answer for answer in answers if isinstance(answer, str)}
    closed = Ballot.objects.get()
    assert codes == set(Receipt.objects.values_list("code", flat=True))
    assert closed.tally == urn.plain(closed.result, roll=60, yes=len(codes))
    assert (closed.turnout, closed.papers.count()) == (len(codes), len(codes))
    assert [answer for answer in answers if not isinstance(answer, str)] == [policies.OVER] * (60 - len(codes))
    assert len(codes) >= 6
    assert list(auditing.check()) == []


def test_several_workers_close_once() -> None:
    voters = urn.neighbours(3)
    ballot = urn.call()
    urn.cast(ballot, dict.fromkeys(voters, "yes"))
    moved = together([lambda: clock.sweep(urn.CLOSES)] * 6)
    assert sum(int(str(count)) for count in moved) == 2
    assert Event.objects.filter(kind="ballot.closed").count() == 1
    assert list(auditing.check()) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_casters_share_the_ballot_and_the_close_waits_for_them() -> None:
    first, second = urn.neighbours(2)
    ballot = urn.call()
    clock.sweep(urn.AT)
    closed = threading.Event()

    def close() -> None:
        counting.close(ballot.pk, at=urn.CLOSES)
        closed.set()
        connections.close_all()

    with transaction.atomic():
        casting.cast(ballot, by=first, choice="yes", at=ONE_SECOND_BEFORE)
        assert isinstance(together([caster(ballot, second, "no", ONE_SECOND_BEFORE)])[0], str)
        closing = threading.Thread(target=close)
        closing.start()
        assert not closed.wait(0.5)
    closing.join(10)
    assert urn.numbers(ballot) == urn.plain("not_passed", roll=2, yes=1, no=1)


def test_who_comes_while_the_close_is_under_way_waits_and_finds_it_closed() -> None:
    in_time, late = urn.neighbours(2)
    ballot = urn.call()
    clock.sweep(urn.AT)
    urn.cast(ballot, {in_time: "yes"})
    answers: list[object] = []
    arrival = threading.Thread(target=lambda: answers.extend(together([caster(ballot, late, "no", ONE_SECOND_BEFORE)])))
    with transaction.atomic():
        counting.close(ballot.pk, at=urn.CLOSES)
        arrival.start()
        arrival.join(0.5)
        assert answers == []
    arrival.join(10)
    assert (answers, BallotPaper.objects.count()) == ([policies.OVER], 1)
