"""A frozen roll is corrected by two officers, on record, never in a vote that has ended; what was cast stands."""

import datetime as dt
import functools
from typing import Any

import pytest

from ledger import canonical, following
from ledger.models import Event
from notifications.models import Notice
from people.models import User
from people.verdict import Refused
from tests import build
from tests.voting import estate, urn
from tests.voting.test_concurrency import together
from voting import auditing, clock, corrections, roll_policies, rolls
from voting.models import Ballot, Owner, RollCorrection, RollEntry
from voting.states import ChangeKind, Ruling, State

pytestmark = pytest.mark.django_db

LATER = urn.AT + dt.timedelta(hours=1)
OPENS = urn.AT + dt.timedelta(days=1)


class Court:
    """Four flats of 80 m² whose owners vote, a clerk and a chair."""

    def __init__(self, **facts: Any) -> None:
        self.area = build.courtyard()
        self.owners = estate.flats(self.area, 4)
        self.clerk, self.chair = estate.clerk(self.area), estate.chair(self.area)
        self.ballot = estate.call(self.area, **facts)
        clock.sweep(urn.AT)

    def right(self, owner: int | Owner) -> RollEntry:
        whose = self.owners[owner] if isinstance(owner, int) else owner
        return self.ballot.entries.get(owner=whose)

    def ask(self, kind: ChangeKind, right: int | None = None, **facts: Any) -> RollCorrection:
        whose = {} if right is None else {"entry": self.right(right), "unit": self.right(right).units[0]}
        plain: dict[str, Any] = {"reason": "登记有误", "by": self.clerk, "at": LATER}
        return corrections.ask(self.ballot, kind, **plain | whose | facts)

    def make(self, asked: RollCorrection, *, by: User | None = None, at: dt.datetime = LATER) -> None:
        corrections.make(asked, by=by or self.chair, at=at)

    def sums(self) -> tuple[int, int]:
        fresh = Ballot.objects.get(pk=self.ballot.pk)
        return fresh.roll_size, fresh.roll_area

    def vote(self, owner: int, choice: str = "yes") -> None:
        urn.cast(self.ballot, {estate.account(self.owners[owner]): choice}, at=LATER)

    def faults(self) -> list[str]:
        return [problem.what for problem in auditing.faults(Ballot.objects.get(pk=self.ballot.pk))]


def shape(entry: RollEntry) -> tuple[Any, Any, int]:
    return entry.units, entry.frozen, entry.floor_area


def unit(door: str = "1**", area: int = 8000) -> list[Any]:
    return [f"3栋 1单元 {door}", area]


def refusal(act: Any) -> Any:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict


def test_a_sale_moves_the_unit_to_the_buyers_right() -> None:
    court = Court()
    court.make(court.ask(ChangeKind.SALE, 0, owner=court.owners[1]))
    assert shape(court.right(0)) == ([], [unit()], 0)
    assert shape(court.right(1)) == ([unit(), unit()], [unit()], 16000)
    assert (court.sums(), court.faults()) == ((3, 32000), [])


def test_a_right_without_units_has_no_vote() -> None:
    court = Court()
    court.make(court.ask(ChangeKind.STRIKE, 0))
    with pytest.raises(Refused):
        court.vote(0)
    assert (court.right(0).voted, court.ballot.papers.count()) == (False, 0)


def test_a_buyer_who_was_not_on_the_roll_gets_a_right() -> None:
    court = Court()
    buyer = Owner.objects.create(area=court.area, name="新业主", user=build.person("新业主"))
    court.make(court.ask(ChangeKind.SALE, 0, owner=buyer))
    right = court.right(buyer)
    assert (shape(right), right.voter, right.label) == (([unit()], [], 8000), buyer.user, "3栋 1单元 1** 新**")
    assert (court.sums(), court.faults()) == ((4, 32000), [])
    urn.cast(court.ballot, {estate.account(buyer): "yes"}, at=LATER)
    for owner in (1, 2, 3):
        court.vote(owner)
    assert urn.count(court.ballot).tally["papers"] == [4, 32000]


def test_a_unit_whose_vote_was_cast_is_not_moved() -> None:
    court = Court()
    court.vote(0)
    verdict = refusal(lambda: court.ask(ChangeKind.SALE, 0, owner=court.owners[1]))
    assert verdict == corrections.CAST
    assert (RollCorrection.objects.count(), court.sums()) == (0, (4, 32000))


def test_a_vote_that_is_cast_before_the_second_officer_comes_stands_too() -> None:
    court = Court()
    asked = court.ask(ChangeKind.SALE, 0, owner=court.owners[1])
    court.vote(0)
    assert refusal(lambda: court.make(asked)) == corrections.CAST
    asked.refresh_from_db()
    assert (asked.ruling, court.sums(), shape(court.right(0))) == (Ruling.OPEN, (4, 32000), ([unit()], None, 8000))


def test_a_bought_unit_adds_its_area_to_a_vote_that_was_cast() -> None:
    court = Court()
    court.vote(1, "no")
    court.make(court.ask(ChangeKind.SALE, 0, owner=court.owners[1]))
    court.vote(2)
    assert court.faults() == []
    tally = urn.count(court.ballot).tally
    assert (tally["roll"], tally["no"], tally["yes"]) == ([3, 32000], [1, 16000], [1, 8000])


def test_area_add_and_strike_change_one_right() -> None:
    court = Court()
    court.make(court.ask(ChangeKind.AREA, 0, area=9050))
    assert shape(court.right(0)) == ([unit(area=9050)], [unit()], 9050)
    estate.flat(court.area, door="501", owner=court.owners[1])
    court.make(court.ask(ChangeKind.ADD, unit=unit("5**"), owner=court.owners[1]))
    assert shape(court.right(1)) == ([unit(), unit("5**")], [unit()], 16000)
    court.make(court.ask(ChangeKind.STRIKE, 2))
    assert shape(court.right(2)) == ([], [unit()], 0)
    assert (court.sums(), court.faults()) == ((3, 9050 + 16000 + 8000), [])


@pytest.mark.parametrize("kind", [ChangeKind.AREA, ChangeKind.STRIKE, ChangeKind.SALE])
def test_a_right_that_was_used_keeps_its_area(kind: ChangeKind) -> None:
    court = Court()
    court.vote(0)
    assert refusal(lambda: court.ask(kind, 0, area=9000, owner=court.owners[1])) == corrections.CAST
    estate.flat(court.area, door="501", owner=court.owners[0])
    assert refusal(lambda: court.ask(ChangeKind.ADD, unit=unit("5**"), owner=court.owners[0])) == corrections.CAST


def test_a_unit_is_not_added_twice() -> None:
    court = Court()
    assert refusal(lambda: court.ask(ChangeKind.ADD, unit=unit(), owner=court.owners[0])) == corrections.ON_THE_ROLL


def test_what_has_gone_meanwhile_or_is_the_buyers_already_is_refused() -> None:
    court = Court()
    asked = [court.ask(ChangeKind.STRIKE, 0), court.ask(ChangeKind.SALE, 0, owner=court.owners[1])]
    court.make(asked[0])
    assert refusal(lambda: court.make(asked[1])) == corrections.GONE
    assert refusal(lambda: court.ask(ChangeKind.SALE, 1, owner=court.owners[1])) == corrections.SAME


def test_two_officers_are_needed() -> None:
    court = Court()
    asked = court.ask(ChangeKind.STRIKE, 0)
    assert refusal(lambda: court.make(asked, by=court.clerk)) == roll_policies.OWN_CORRECTION
    assert refusal(lambda: corrections.turn_down(asked, by=court.clerk, at=LATER)) == roll_policies.OWN_CORRECTION
    stranger = estate.clerk(build.courtyard("同安苑"), "外院文员")
    assert "槐荫里" in str(refusal(lambda: court.make(asked, by=stranger)).reason)
    assert "槐荫里" in str(refusal(lambda: court.ask(ChangeKind.STRIKE, 0, by=stranger)).reason)
    court.make(asked, by=estate.clerk(build.street(), "街道文员"))
    assert court.sums() == (3, 24000)
    assert refusal(lambda: court.make(asked)) == roll_policies.DEALT_WITH


def test_a_correction_that_is_turned_down_changes_nothing() -> None:
    court = Court()
    asked = court.ask(ChangeKind.STRIKE, 0)
    corrections.turn_down(asked, by=court.chair, at=LATER)
    asked.refresh_from_db()
    assert (asked.ruling, asked.made_by, court.sums()) == (Ruling.REFUSED, court.chair, (4, 32000))
    assert (court.faults(), shape(court.right(0))) == ([], ([unit()], None, 8000))


@pytest.mark.parametrize("swept", [False, True])
def test_nothing_is_corrected_after_the_end(swept: bool) -> None:
    court = Court()
    asked = court.ask(ChangeKind.STRIKE, 0)
    if swept:
        for owner in (1, 2, 3):
            court.vote(owner)
        assert urn.count(court.ballot).state == State.CLOSED
    assert refusal(lambda: court.make(asked, at=urn.CLOSES)) == roll_policies.ENDED
    assert refusal(lambda: court.ask(ChangeKind.STRIKE, 1, at=urn.CLOSES)) == roll_policies.ENDED
    assert court.sums() == (4, 32000)
    corrections.turn_down(asked, by=court.chair, at=urn.CLOSES)


def test_a_name_can_be_struck_from_a_residents_roll_and_nothing_else() -> None:
    area = build.courtyard()
    urn.neighbours(3)
    clerk, chair = estate.clerk(area), estate.chair(area)
    ballot = urn.call()
    entry = ballot.entries.order_by("pk")[0]
    ask = functools.partial(
        corrections.ask, ballot, entry=entry, unit=entry.units[0], reason="已搬走", by=clerk, at=LATER
    )
    assert refusal(lambda: ask(ChangeKind.AREA, area=5)) == corrections.NO_UNITS
    corrections.make(ask(ChangeKind.STRIKE), by=chair, at=LATER)
    ballot.refresh_from_db()
    assert (ballot.roll_size, ballot.roll_area, list(auditing.faults(ballot))) == (2, 0, [])


def test_a_correction_is_on_record_with_codes_tokens_and_areas() -> None:
    court = Court()
    asked = court.ask(ChangeKind.SALE, 0, owner=court.owners[1])
    court.make(asked)
    said = {event.kind: event for event in Event.objects.filter(chain_id=urn.CHAIN, kind__startswith="roll.")}
    codes = {"ballot": court.ballot.pk, "correction": asked.pk, "change": "sale"}
    rights = [court.right(0), court.right(1)]
    assert {kind: event.payload for kind, event in said.items()} == {
        "roll.correction_asked": codes,
        "roll.corrected": codes
        | {
            "rights": [[right.token, right.floor_area, canonical.digest(right.units)] for right in rights],
            "roll": 3,
            "roll_area": 32000,
        },
    }
    assert [text.text for text in said["roll.corrected"].texts.all()] == ["登记有误"]
    assert [(token, one.pk) for token, one in corrections.made(court.ballot)] == [
        (right.token, asked.pk) for right in rights
    ]


def test_the_hash_of_the_roll_stays_provable() -> None:
    court = Court()
    court.make(court.ask(ChangeKind.SALE, 0, owner=court.owners[1]))
    court.make(court.ask(ChangeKind.AREA, 2, area=7000))
    frozen = {
        entry.token: entry.units if entry.frozen is None else entry.frozen for entry in court.ballot.entries.all()
    }
    assert rolls.digest(sorted((token, units) for token, units in frozen.items() if units)) == court.ballot.roll_hash


@pytest.mark.parametrize(
    "change",
    [
        {"units": [unit(area=9000)], "floor_area": 9000},
        {"units": [unit(area=9000)], "floor_area": 9000, "frozen": [unit()]},
        {"units": [], "floor_area": 0, "frozen": [unit()]},
        {"floor_area": 9000},
    ],
)
def test_a_change_behind_the_applications_back_is_found(change: dict[str, Any]) -> None:
    court = Court()
    court.make(court.ask(ChangeKind.STRIKE, 3))
    assert court.faults() == []
    RollEntry.objects.filter(pk=court.right(0).pk).update(**change)
    assert court.faults() != []
    clock.sweep(urn.CLOSES)
    assert Ballot.objects.get().state == State.STOPPED


def test_sums_and_voters_changed_behind_the_applications_back_are_found() -> None:
    court = Court()
    court.make(court.ask(ChangeKind.STRIKE, 3))
    Ballot.objects.update(roll_size=2)
    assert court.faults() == ["the size of its roll is not that of the rights on it"]
    Ballot.objects.update(roll_size=3)
    RollEntry.objects.filter(pk=court.right(3).pk).update(units=[unit()], floor_area=8000)
    Ballot.objects.update(roll_size=4, roll_area=32000)
    assert court.faults() == ["was changed without a correction, or is not as it was corrected"]


def test_the_second_officer_is_asked_and_the_owners_are_told() -> None:
    court = Court()
    following.drain(LATER)
    asked = court.ask(ChangeKind.SALE, 0, owner=court.owners[1])
    following.drain(LATER)
    told = Notice.objects.filter(kind="roll.correction_asked")
    assert {(notice.user, notice.done_at, notice.due_at) for notice in told} == {(court.chair, None, urn.CLOSES)}
    court.make(asked)
    following.drain(LATER)
    assert {notice.done_at for notice in told.all()} == {LATER}
    news = Notice.objects.filter(kind="roll.corrected")
    assert {notice.user for notice in news} == {court.owners[0].user, court.owners[1].user}


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_make_one_correction_one_does() -> None:
    court = Court()
    asked = court.ask(ChangeKind.SALE, 0, owner=court.owners[1])
    others = [court.chair, *(estate.clerk(court.area, f"文员{n}") for n in range(3))]
    answers = together(functools.partial(court.make, asked, by=officer) for officer in others)
    assert sorted(map(str, answers)) == sorted(map(str, [None, *[roll_policies.DEALT_WITH] * 3]))
    assert (court.sums(), shape(court.right(1)), court.faults()) == (
        (3, 32000),
        ([unit(), unit()], [unit()], 16000),
        [],
    )
    assert Event.objects.filter(kind="roll.corrected").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_and_a_sale_at_once_leave_one_of_them() -> None:
    court = Court()
    asked = court.ask(ChangeKind.SALE, 0, owner=court.owners[1])
    voted, sold = together([functools.partial(court.vote, 0), functools.partial(court.make, asked)])
    right = court.right(0)
    assert (right.voted, sold) in [(True, corrections.CAST), (False, None)]
    assert (right.voted, bool(right.units)) in [(True, True), (False, False)]
    assert (court.faults(), (voted is None) == right.voted) == ([], True)
