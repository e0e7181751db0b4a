"""Paper ballots: two who agree, one right and one paper through any channel, whatever the clerks do."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from people.models import User
from people.verdict import Refused
from tests.voting import slips, urn
from tests.voting.slips import AT, HOUR, findings, refused, state
from voting import auditing, casting, clock, keying, paper, policies, slip_making
from voting.keying import Said, agreed
from voting.models import Ballot, BallotPaper, Reading, Slip
from voting.tallyfile import InvalidPaper

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
EARLY = urn.CLOSES - SECOND


# ── the vectors of the domain ────────────────────────────────────────────────


def test_v9_a_right_that_was_used_by_phone_is_not_used_again_by_paper() -> None:
    owners = slips.flats()
    ballot, clerks = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owners[0], clerks[0])
    casting.cast(ballot, by=owners[0].user, choice="yes", at=AT)
    slips.read(slip, clerks, "no", "no")
    assert state(slip) == ("invalid", "duplicate")
    closed = urn.count(ballot)
    assert paper.invalid(closed) == [InvalidPaper(slip.serial, "paper", "duplicate")]
    assert paper.channels(closed) == {"web": 1, "paper": 0, "proxy": 0}
    assert (closed.tally["yes"], closed.tally["no"], closed.tally["papers"]) == ([1, 8000], [0, 0], [1, 8000])
    assert findings() == []


def test_v10_an_unsigned_slip_does_not_take_part() -> None:
    owners = slips.flats()
    ballot, clerks = slips.named(), slips.clerks()
    words = ["yes"] * 6 + ["no", "unsigned"]
    for owner, word in zip(owners, words, strict=False):
        slips.read(slips.slip_for(ballot, owner, clerks[0]), clerks, word, word)
    closed = urn.count(ballot)
    assert closed.tally == {
        "method": "yes_no",
        "result": "no_quorum",
        "roll": [12, 96000],
        "papers": [7, 56000],
        "yes": [6, 48000],
        "no": [1, 8000],
        "abstain": [0, 0],
        "winners": [],
    }
    assert [line.reason for line in paper.invalid(closed)] == ["unsigned"]
    assert paper.channels(closed) == {"web": 0, "paper": 7, "proxy": 0}
    assert findings() == []


def test_eight_good_slips_reach_the_same_line() -> None:
    """V1 on paper: both lines include the number itself."""
    owners = slips.flats()
    ballot, clerks = slips.named(), slips.clerks()
    for owner, word in zip(owners, ["yes"] * 6 + ["no"] * 2, strict=False):
        slips.read(slips.slip_for(ballot, owner, clerks[0]), clerks, word, word)
    closed = urn.count(ballot)
    assert (closed.result, closed.tally["yes"], closed.tally["papers"]) == ("passed", [6, 48000], [8, 64000])


# ── two readings, and a third ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["yes"], ("returned", "")),
        (["unsigned"], ("returned", "")),
        (["yes", "yes"], ("valid", "")),
        (["two", "two"], ("invalid", "two")),
        (["yes", "no"], ("disputed", "")),
        (["yes", "unsigned"], ("disputed", "")),
        (["unsigned", "altered"], ("disputed", "")),
        (["yes", "no", "no"], ("valid", "")),
        (["yes", "no", "yes"], ("valid", "")),
        (["yes", "unsigned", "unsigned"], ("invalid", "unsigned")),
        (["wrong", "yes", "yes"], ("valid", "")),
        (["yes", "no", "abstain"], ("invalid", "unreadable")),
        (["yes", "altered", "two"], ("invalid", "unreadable")),
    ],
)
def test_what_two_of_three_read_is_so(words: list[str], expected: tuple[str, str]) -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    slip = slips.read(slips.slip_for(ballot, owner, clerks[0]), clerks, *words)
    assert state(slip) == expected
    in_urn = [Counter(words).most_common(1)[0][0]] if expected[0] == "valid" else []
    assert [content for _pk, content, _area in _opened(ballot)] == in_urn
    marked = list(ballot.entries.filter(voted=True).values_list("owner", "channel"))
    assert marked == ([(owner.pk, "paper")] if in_urn else [])


def _opened(ballot: Ballot) -> list[Any]:
    from voting import urn as the_urn

    return list(the_urn.opened(ballot))


@given(st.lists(st.sampled_from("abcd"), max_size=3))
def test_agreement_is_a_majority_of_three(words: list[str]) -> None:
    most = Counter(words).most_common(1)
    expected = most[0][0] if most and most[0][1] > 1 else "unreadable" if len(words) == 3 else None
    found = agreed([Said(fault=word) for word in words])
    assert (found.fault if found else None) == expected


def test_nobody_reads_a_slip_twice_nor_one_that_is_done() -> None:
    owner, *_others = slips.flats(2)
    ballot, (first, second, third) = slips.named(), slips.clerks()
    [slip] = slip_making.make_out(ballot, [slips.right(ballot, owner)], by=first, at=AT)
    assert refused(keying.read, slip, Said("yes"), by=first, at=AT) == keying.NOT_IN
    paper.take_back(slip, by=first, at=AT)
    keying.read(slip, Said("yes"), by=first, at=AT)
    assert refused(keying.read, slip, Said("yes"), by=first, at=AT) == keying.TWICE
    keying.read(slip, Said("yes"), by=second, at=AT)
    assert refused(keying.read, slip, Said("yes"), by=third, at=AT) == keying.READ
    assert Reading.objects.count() == 2


def test_each_clerk_is_given_what_they_have_not_read() -> None:
    owners = slips.flats(3)
    ballot, (first, second, third) = slips.named(), slips.clerks()
    one, two = sorted((slips.slip_for(ballot, owner, first) for owner in owners[:2]), key=lambda slip: slip.serial)
    keying.read(one, Said("yes"), by=first, at=AT)
    assert [list(keying.waiting(ballot, clerk)) for clerk in (first, second)] == [[two], [one, two]]
    keying.read(one, Said("no"), by=second, at=AT)
    assert [list(keying.waiting(ballot, clerk)) for clerk in (first, second, third)] == [[two], [two], [one, two]]
    assert paper.figures(ballot) == paper.Figures(2, 2, 1, 1, 0, 0, 0)


def test_a_reading_that_was_changed_behind_its_back_decides_nothing() -> None:
    owner, *_others = slips.flats(2)
    ballot, (first, second, _third) = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owner, first)
    keying.read(slip, Said("yes"), by=first, at=AT)
    Reading.objects.update(envelope="x" * 48)
    assert refused(keying.read, slip, Said("yes"), by=second, at=AT) == keying.BROKEN
    assert (state(slip), Reading.objects.count(), BallotPaper.objects.count()) == (("returned", ""), 1, 0)


@pytest.mark.parametrize("fault", ["unsigned", "wrong", "altered", "late", "duplicate"])
def test_a_secret_slip_cannot_lack_a_signature(fault: str) -> None:
    voter, _other = urn.neighbours(2)
    ballot, clerks = slips.secret(), slips.clerks()
    slip = slips.blank(ballot, clerks[0], voter)
    with pytest.raises(ValueError, match=fault):
        keying.read(slip, Said(fault=fault), by=clerks[1], at=AT)


# ── one right, one paper ─────────────────────────────────────────────────────


def test_who_voted_by_paper_is_refused_by_phone() -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    slips.read(slips.slip_for(ballot, owner, clerks[0]), clerks, "no", "no")
    assert refused(casting.cast, ballot, by=owner.user, choice="yes", at=AT) == policies.VOTED
    closed = urn.count(ballot)
    assert (closed.tally["yes"], closed.tally["no"]) == ([0, 0], [1, 8000])


def test_of_two_slips_of_one_right_the_first_that_counts_is_the_vote() -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    first, second, third = (slips.slip_for(ballot, owner, clerks[0]) for _ in range(3))
    slips.read(first, clerks, "unsigned", "unsigned")
    slips.read(second, clerks, "yes", "yes")
    slips.read(third, clerks, "no", "no")
    assert [state(slip) for slip in (first, second, third)] == [
        ("invalid", "unsigned"),
        ("valid", ""),
        ("invalid", "duplicate"),
    ]
    closed = urn.count(ballot)
    assert (closed.tally["yes"], closed.tally["no"], findings()) == ([1, 8000], [0, 0], [])


def test_who_no_longer_has_a_unit_has_no_paper() -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owner, clerks[0])
    ballot.entries.filter(owner=owner).update(units=[], floor_area=0)
    assert state(slips.read(slip, clerks, "yes", "yes")) == ("invalid", "wrong")
    assert (ballot.entries.filter(voted=True).count(), BallotPaper.objects.count()) == (0, 0)


# ── whatever the clerks do ───────────────────────────────────────────────────

acts = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 3), st.sampled_from(["yes", "no", "two", "unsigned", "web"])),
    max_size=30,
)


class Clerks(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(acts)
    def test_a_slip_and_a_right_have_at_most_one_paper(self, acts: list[tuple[int, int, str]]) -> None:
        owners = slips.flats(3)
        ballot, clerks = slips.named(), slips.clerks(4)
        papers = [slips.slip_for(ballot, owner, clerks[0]) for owner in owners for _ in range(2)]
        for slip, clerk, word in acts:
            self._try(ballot, papers[slip], clerks[clerk], owners[slip // 2].user, word)
        effective = list(ballot.papers.effective().values_list("entry", flat=True))
        assert len(effective) == len(set(effective)) == ballot.entries.filter(voted=True).count()
        by_paper = ballot.papers.effective().filter(channel="paper").count()
        assert by_paper == ballot.slips.filter(state="valid").count()
        assert all(slip.readings.count() <= 3 for slip in papers)
        clock.sweep(urn.CLOSES + 24 * HOUR)
        closed = Ballot.objects.get(pk=ballot.pk)
        assert (closed.tally["papers"][0], list(auditing.faults(closed))) == (len(effective), [])
        assert closed.slips.filter(state__in=paper.UNREAD).count() == 0

    def _try(self, ballot: Ballot, slip: Slip, clerk: User, owner: User, word: str) -> None:
        try:
            if word == "web":
                casting.cast(ballot, by=owner, choice="yes", at=AT)
            else:
                keying.read(slip, slips.said(word), by=clerk, at=AT)
        except Refused:
            pass
