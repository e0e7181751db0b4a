"""Clerks, voters and the close at the same time, on whichever database the tests run."""

import functools
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from people.models import User
from tests.voting import slips, urn
from tests.voting.slips import AT
from tests.voting.test_concurrency import ONE_SECOND_BEFORE, together
from voting import auditing, casting, counting, keying, paper, policies, slip_making
from voting.keying import Said
from voting.models import Ballot, BallotPaper, Reading, Slip

pytestmark = pytest.mark.django_db(transaction=True)


def reader(slip: Slip, clerk: User, word: str, at: Any = AT) -> Callable[[], object]:
    return functools.partial(keying.read, slip, slips.said(word), by=clerk, at=at)


def states(ballot: Ballot) -> Counter[tuple[str, str]]:
    return Counter(ballot.slips.values_list("state", "fault"))


def test_six_clerks_read_one_slip_at_once() -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks(6)
    slip = slips.slip_for(ballot, owner, clerks[0])
    answers = together(reader(slip, clerk, "yes") for clerk in clerks)
    assert Counter(answers) == {None: 2, keying.READ: 4}
    assert (states(ballot), Reading.objects.count(), BallotPaper.objects.count()) == ({("valid", ""): 1}, 2, 1)


def test_one_clerk_reads_one_slip_twice_at_once() -> None:
    owner, *_others = slips.flats(2)
    ballot, (clerk, *_) = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owner, clerk)
    answers = together([reader(slip, clerk, "yes")] * 4)
    assert Counter(answers) == {None: 1, keying.TWICE: 3}
    assert (states(ballot), BallotPaper.objects.count()) == ({("returned", ""): 1}, 0)


def test_four_slips_of_one_right_give_one_paper() -> None:
    owner, *_others = slips.flats(2)
    ballot, (first, second, *_) = slips.named(), slips.clerks()
    papers = [slips.slip_for(ballot, owner, first) for _ in range(4)]
    for slip in papers:
        keying.read(slip, Said("yes"), by=first, at=AT)
    assert together(reader(slip, second, "yes") for slip in papers) == [None] * 4
    assert states(ballot) == {("valid", ""): 1, ("invalid", "duplicate"): 3}
    assert BallotPaper.objects.effective().count() == 1


@pytest.mark.parametrize("round_number", range(4))
def test_a_phone_races_a_slip(round_number: int) -> None:
    owner, *_others = slips.flats(2)
    ballot, (first, second, *_) = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owner, first)
    keying.read(slip, Said("no"), by=first, at=AT)
    phone = functools.partial(casting.cast, ballot, by=owner.user, choice="yes", at=AT)
    answers = together([phone, reader(slip, second, "no")])
    by_phone = isinstance(answers[0], str)
    assert answers[1] is None
    assert by_phone or answers[0] == policies.VOTED
    assert states(ballot) == ({("invalid", "duplicate"): 1} if by_phone else {("valid", ""): 1})
    assert list(BallotPaper.objects.values_list("channel", flat=True)) == ["web" if by_phone else "paper"]


def test_one_mark_takes_in_one_slip() -> None:
    voter, _other = urn.neighbours(2)
    ballot, (clerk, *_) = slips.secret(), slips.clerks()
    made = slip_making.make_blank(ballot, 4, by=clerk, at=AT)
    paper.mark(ballot.entries.get(voter=voter), by=clerk, at=AT)
    answers = together(functools.partial(paper.take_back, slip, by=clerk, at=AT) for slip in made)
    assert Counter(answer for answer in answers if not isinstance(answer, Slip)) == {paper.UNMARKED: 3}
    assert states(ballot) == {("returned", ""): 1, ("printed", ""): 3}


def test_a_phone_races_a_mark() -> None:
    voter, _other = urn.neighbours(2)
    ballot, (clerk, *_) = slips.secret(), slips.clerks()
    phone = functools.partial(casting.cast, ballot, by=voter, choice="yes", at=AT)
    mark = functools.partial(paper.mark, ballot.entries.get(voter=voter), by=clerk, at=AT)
    answers = together([phone, mark, mark])
    used = ballot.entries.get(voter=voter).channel
    assert [answers[0] == policies.VOTED, answers.count(paper.USED)] == ([False, 2] if used == "web" else [True, 1])
    assert BallotPaper.objects.count() == (used == "web")


def test_a_reading_counts_if_and_only_if_it_was_acknowledged() -> None:
    owners = slips.flats(12)
    ballot, (first, second, *_) = slips.named(), slips.clerks()
    papers = [slips.slip_for(ballot, owner, first) for owner in owners]
    for slip in papers:
        keying.read(slip, Said("yes"), by=first, at=AT)
    after = urn.CLOSES + 24 * slips.HOUR
    readings = [reader(slip, second, "yes", ONE_SECOND_BEFORE) for slip in papers]
    answers = together([*readings, functools.partial(counting.close, ballot.pk, at=after)])
    closed = Ballot.objects.get()
    acknowledged = answers[:-1].count(None)
    assert Counter(answers[:-1]) == Counter({None: acknowledged, keying.READ: 12 - acknowledged})
    assert (closed.tally["yes"], closed.turnout) == ([acknowledged, 8000 * acknowledged], acknowledged)
    late = {("invalid", "late"): 12 - acknowledged}
    assert states(ballot) == Counter({("valid", ""): acknowledged} | late)
    assert list(auditing.check()) == []


def test_who_reads_while_the_close_is_under_way_waits_and_finds_it_closed() -> None:
    owner, *_others = slips.flats(2)
    ballot, (first, second, *_) = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owner, first)
    keying.read(slip, Said("yes"), by=first, at=AT)
    answers: list[object] = []
    act = reader(slip, second, "yes", ONE_SECOND_BEFORE)
    arrival = threading.Thread(target=lambda: answers.extend(together([act])))
    with transaction.atomic():
        counting.close(ballot.pk, at=urn.CLOSES + 24 * slips.HOUR)
        arrival.start()
        arrival.join(0.5)
        assert answers == []
    arrival.join(10)
    assert (answers, BallotPaper.objects.count()) == ([keying.READ], 0)
