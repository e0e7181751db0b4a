"""Slips made, taken in, kept secret and settled at the end; and who may do it."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from wagtail.snippets.models import get_snippet_models

from ledger.models import Event
from people.roles import RoleKey
from people.verdict import Refused
from tests import build
from tests.voting import slips, urn
from tests.voting.slips import AT, HOUR, findings, refused, state
from voting import casting, clock, envelopes, keying, paper, policies, serials, slip_making
from voting.keying import Said
from voting.models import Ballot, BallotPaper, Reading
from voting.states import State
from voting.tallyfile import InvalidPaper

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
EARLY = urn.CLOSES - SECOND


# ── secret ballots ───────────────────────────────────────────────────────────


def test_a_secret_slip_counts_and_nothing_joins_it_to_its_voter() -> None:
    voters = urn.neighbours(3)
    ballot, clerks = slips.secret(), slips.clerks()
    read = [slips.read(slips.blank(ballot, clerks[0], voter), clerks, "yes", "yes") for voter in voters[:2]]
    urn.cast(ballot, {voters[2]: "no"})
    assert BallotPaper.objects.filter(entry=None, channel="", receipt="").count() == BallotPaper.objects.count() == 3
    assert [(slip.entry_id, slip.returned_at) for slip in read] == [(None, ballot.opens_at)] * 2
    assert set(Reading.objects.values_list("at", flat=True)) == {ballot.opens_at}
    closed = urn.count(ballot)
    assert (closed.tally["yes"], closed.tally["no"], findings()) == ([2, 0], [1, 0], [])
    assert paper.channels(closed) == {"web": 1, "paper": 2, "proxy": 0}
    assert Reading.objects.count() == 0  # a serial no longer leads to a choice


def test_a_mark_locks_the_right_and_an_invalid_slip_does_not_take_part() -> None:
    voter, other = urn.neighbours(2)
    ballot, clerks = slips.secret(), slips.clerks()
    slip = slips.read(slips.blank(ballot, clerks[0], voter), clerks, "two", "two")
    assert refused(casting.cast, ballot, by=voter, choice="yes", at=AT) == policies.VOTED
    assert refused(paper.mark, ballot.entries.get(voter=voter), by=clerks[0], at=AT) == paper.USED
    urn.cast(ballot, {other: "yes"})
    closed = urn.count(ballot)
    assert (closed.turnout, closed.tally["papers"], closed.tally["yes"], closed.result) == (
        2,
        [1, 0],
        [1, 0],
        "no_quorum",
    )
    assert paper.channels(closed) == {"web": 1, "paper": 0, "proxy": 0}
    assert (paper.invalid(closed), findings()) == ([InvalidPaper(slip.serial, "paper", "two")], [])


def test_who_voted_by_phone_cannot_be_marked() -> None:
    voter, _other = urn.neighbours(2)
    ballot, (clerk, *_) = slips.secret(), slips.clerks()
    urn.cast(ballot, {voter: "yes"})
    assert refused(paper.mark, ballot.entries.get(voter=voter), by=clerk, at=AT) == paper.USED


def test_there_are_never_more_slips_than_marks() -> None:
    voter, other = urn.neighbours(2)
    ballot, (clerk, *_) = slips.secret(), slips.clerks()
    first, second = slip_making.make_blank(ballot, 2, by=clerk, at=AT)
    assert refused(paper.take_back, first, by=clerk, at=AT) == paper.UNMARKED
    paper.mark(ballot.entries.get(voter=voter), by=clerk, at=AT)
    paper.take_back(first, by=clerk, at=AT)
    assert refused(paper.take_back, second, by=clerk, at=AT) == paper.UNMARKED
    assert refused(paper.unmark, ballot.entries.get(voter=voter), by=clerk, at=AT) == paper.ALL_IN
    paper.mark(ballot.entries.get(voter=other), by=clerk, at=AT)
    paper.unmark(ballot.entries.get(voter=other), by=clerk, at=AT)
    assert list(ballot.entries.filter(voted=True).values_list("voter", "channel")) == [(voter.pk, "paper")]


def test_who_takes_a_slip_away_does_not_take_part_and_holds_nobody_up_for_longer_than_a_day() -> None:
    voter, other = urn.neighbours(2)
    ballot, (clerk, *_) = slips.secret(), slips.clerks()
    urn.cast(ballot, {voter: "yes"})
    paper.mark(ballot.entries.get(voter=other), by=clerk, at=AT)
    clock.sweep(urn.CLOSES)
    waited = Ballot.objects.get().state
    clock.sweep(urn.CLOSES + 24 * HOUR)
    assert (waited, Ballot.objects.get().state) == (State.OPEN, State.FINAL)
    assert urn.numbers(ballot) == urn.plain("no_quorum", roll=2, yes=1)
    assert (paper.channels(ballot), findings()) == ({"web": 1, "paper": 0, "proxy": 0}, [])


def test_named_and_secret_slips_are_not_confused() -> None:
    owner, *_others = slips.flats(2)
    ballot, (clerk, *_) = slips.named(), slips.clerks()
    with pytest.raises(ValueError, match="made out"):
        slip_making.make_blank(ballot, 1, by=clerk, at=AT)
    with pytest.raises(ValueError, match="mark its roll"):
        paper.mark(slips.right(ballot, owner), by=clerk, at=AT)


# ── printing and taking in ───────────────────────────────────────────────────


def test_slips_are_made_for_those_who_have_none_and_have_not_voted() -> None:
    owners = slips.flats(4)
    ballot, (clerk, *_) = slips.named(), slips.clerks()
    casting.cast(ballot, by=owners[0].user, choice="yes", at=AT)
    slips.slip_for(ballot, owners[1], clerk)
    made = slip_making.make_out(ballot, slip_making.without_slip(ballot), by=clerk, at=AT)
    assert sorted(slip.entry.owner.name for slip in made) == ["业主2", "业主3"]
    assert list(slip_making.without_slip(ballot)) == []
    events = Event.objects.filter(kind="ballot.slips_printed").order_by("number")
    assert [event.payload for event in events] == [{"ballot": ballot.pk, "count": n} for n in (1, 2)]


@pytest.mark.parametrize(
    ("typed", "serial"),
    [
        ("204-817-3365", "204-817-3365"),
        ("2048173365", "204-817-3365"),
        (" 204 817 3365 ", "204-817-3365"),
        ("http://localhost:8000/ballots/12/?slip=204-817-3365", "204-817-3365"),
        ("204-817-336", ""),
        ("http://localhost:8000/ballots/12/", ""),
        ("", ""),
    ],
)
def test_a_serial_is_typed_or_scanned(typed: str, serial: str) -> None:
    assert serials.found(typed) == serial


def test_a_slip_comes_in_once_and_not_before_the_opening() -> None:
    owner, *_others = slips.flats(2)
    ballot, (clerk, *_) = slips.named(opens_at=AT + HOUR), slips.clerks()
    [slip] = slip_making.make_out(ballot, [slips.right(ballot, owner)], by=clerk, at=AT)
    assert refused(paper.take_back, slip, by=clerk, at=AT) == policies.NOT_YET
    paper.take_back(slip, by=clerk, at=AT + HOUR)
    assert refused(paper.take_back, slip, by=clerk, at=AT + HOUR) == paper.IN_ALREADY


def test_a_home_visit_is_made_by_two_officers() -> None:
    owner, *_others = slips.flats(2)
    ballot, (clerk, other, third) = slips.named(), slips.clerks()
    chair = build.staff("组长", build.body(build.courtyard()), RoleKey.CHAIR)
    stranger = build.staff("外人", build.body(build.courtyard("同安苑")), RoleKey.CHAIR)
    [slip] = slip_making.make_out(ballot, [slips.right(ballot, owner)], by=clerk, at=AT)
    for pair in ([clerk], [clerk, clerk], [clerk, stranger], [clerk, other, third]):
        assert refused(paper.take_back, slip, by=clerk, at=AT, visitors=pair) == paper.PAIR
    taken = paper.take_back(slip, by=clerk, at=AT, visitors=[clerk, chair])
    assert (taken.state, set(taken.visitors.all())) == ("returned", {clerk, chair})


# ── the end ──────────────────────────────────────────────────────────────────


def test_what_comes_after_the_end_is_late() -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    [slip] = slip_making.make_out(ballot, [slips.right(ballot, owner)], by=clerks[0], at=AT)
    paper.take_back(slip, by=clerks[0], at=urn.CLOSES)
    assert state(slip) == ("invalid", "late")
    assert refused(keying.read, slip, Said("yes"), by=clerks[0], at=urn.CLOSES) == keying.READ
    closed = urn.count(ballot)
    assert ([line.serial for line in paper.uncounted(closed)], paper.invalid(closed)) == ([slip.serial], [])


def test_the_count_waits_for_slips_that_were_handed_in_before_the_end() -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    [slip] = slip_making.make_out(ballot, [slips.right(ballot, owner)], by=clerks[0], at=AT)
    paper.take_back(slip, by=clerks[0], at=EARLY)
    assert urn.count(ballot).state == State.OPEN
    slips.read(slip, clerks, "yes", "yes", at=urn.CLOSES + HOUR)
    clock.sweep(urn.CLOSES + HOUR)
    closed = Ballot.objects.get()
    assert (closed.state, closed.tally["yes"], state(slip), findings()) == (State.CLOSED, [1, 8000], ("valid", ""), [])


@pytest.mark.parametrize("words", [[], ["yes"], ["yes", "no"]])
def test_the_count_does_not_wait_for_ever(words: list[str]) -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    slip = slips.read(slips.slip_for(ballot, owner, clerks[0]), clerks, *words)
    end = urn.CLOSES + 24 * HOUR
    clock.sweep(end - SECOND)
    waited = Ballot.objects.get().state
    assert refused(keying.read, slip, Said("yes"), by=clerks[2], at=end) == policies.OVER
    clock.sweep(end)
    closed = Ballot.objects.get()
    assert (waited, closed.state, closed.tally["papers"]) == (State.OPEN, State.CLOSED, [0, 0])
    assert (paper.invalid(closed), findings()) == ([InvalidPaper(slip.serial, "paper", "late")], [])


def test_nothing_is_read_after_the_count() -> None:
    owner, *_others = slips.flats(2)
    ballot, clerks = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owner, clerks[0])
    clock.sweep(urn.CLOSES + 24 * HOUR)
    assert refused(keying.read, slip, Said("yes"), by=clerks[0], at=EARLY) == keying.READ
    assert refused(slip_making.make_out, ballot, [slips.right(ballot, owner)], by=clerks[0], at=EARLY) == policies.OVER


def test_a_secret_box_that_is_opened_after_the_end_still_counts_for_its_marks() -> None:
    voter, _other = urn.neighbours(2)
    ballot, clerks = slips.secret(), slips.clerks()
    dropped, extra = slip_making.make_blank(ballot, 2, by=clerks[0], at=AT)
    paper.mark(ballot.entries.get(voter=voter), by=clerks[0], at=EARLY)
    after = urn.CLOSES + HOUR
    taken = [paper.take_back(slip, by=clerks[0], at=after).state for slip in (dropped, extra)]
    slips.read(dropped, clerks, "yes", "yes", at=after)
    clock.sweep(after)
    closed = Ballot.objects.get()
    assert (taken, state(extra), closed.tally["yes"]) == (["returned", "invalid"], ("invalid", "late"), [1, 0])
    assert (paper.invalid(closed), findings()) == ([], [])


# ── who may, and what nobody sees ────────────────────────────────────────────


@pytest.mark.parametrize("role", [role for role in RoleKey if role != RoleKey.CLERK])
def test_only_clerks_of_the_area_keep_papers(role: RoleKey) -> None:
    owner, *_others = slips.flats(2)
    ballot, (clerk, *_) = slips.named(), slips.clerks()
    slip = slips.slip_for(ballot, owner, clerk)
    other = build.staff("别人", build.body(build.courtyard()), role)
    other.second_factor = True
    elsewhere = slips.clerks(1, build.courtyard("同安苑"))[0]
    for who in (other, elsewhere, owner.user):
        with pytest.raises(Refused):
            keying.read(slip, Said("yes"), by=who, at=AT)
        with pytest.raises(Refused):
            slip_making.make_out(ballot, [slips.right(ballot, owner)], by=who, at=AT)
        with pytest.raises(Refused):
            paper.take_back(slip, by=who, at=AT)
    above = slips.clerks(1, build.street())[0]
    keying.read(slip, Said("yes"), by=above, at=AT)
    assert Reading.objects.get().clerk == above


def test_the_database_does_not_tell_a_reading() -> None:
    """Whoever has the database and not the key: yes and no look alike, and fit no other slip and no paper."""
    owners = slips.flats(3)
    ballot, clerks = slips.named(), slips.clerks()
    for owner, word in zip(owners, ("yes", "no"), strict=False):
        slips.read(slips.slip_for(ballot, owner, clerks[0]), clerks, word)
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(envelope), fault, count(DISTINCT envelope) FROM voting_reading GROUP BY 1, 2")
        assert cursor.fetchall() == [(60, "", 2)]
    one, two = Reading.objects.order_by("pk")
    number = keying._number(two.slip)
    assert envelopes.unseal(ballot.pk, number, one.envelope, one.clerk_id) is None


def test_the_editors_admin_has_no_slips_and_no_readings() -> None:
    """It shows snippets and pages only; Django's own admin is not installed."""
    shown = [model for model in get_snippet_models() if model._meta.app_label == "voting"]
    assert (shown, apps.is_installed("django.contrib.admin")) == ([], False)
