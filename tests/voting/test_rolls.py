"""Who is on a roll, and that it stays as it was frozen."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from areas import policy
from ledger import canonical
from ledger.actors import SYSTEM
from ledger.models import Event
from people.models import Residence, ResidenceState, User
from people.verdict import Refused
from tests import build
from tests.voting import urn
from voting import policies, rolls
from voting.models import Ballot, RollEntry
from voting.states import State
from voting.tally import Rule

pytestmark = pytest.mark.django_db


def voters(ballot: Ballot) -> set[str]:
    return set(ballot.entries.values_list("voter__name", flat=True))


def test_a_roll_holds_the_adults_with_a_confirmed_home_in_the_area() -> None:
    here, elsewhere = build.courtyard("槐荫里"), build.courtyard("同安苑")
    build.person("住户", here)
    build.person("未成年", here, adult=False)
    build.person("邻院", elsewhere)
    build.person("无住址")
    build.home(build.person("等核实"), here, "9", state=ResidenceState.CLAIMED)
    gone = build.home(build.person("已搬走"), here, "10")
    Residence.objects.filter(pk=gone.pk).update(state=ResidenceState.ENDED, ended_at=build.AT)
    build.person("后来的", here, at=build.AT + dt.timedelta(seconds=1))
    build.person("已注销", here, closed_at=build.AT)
    assert voters(urn.call(here)) == {"住户"}
    assert voters(urn.call(build.community(), chain="case:" + "d" * 32)) == {"住户", "邻院"}


def test_a_called_ballot_is_on_its_chain_with_all_that_is_fixed() -> None:
    urn.neighbours(3)
    ballot = urn.call()
    event = Event.objects.get(chain_id=urn.CHAIN, kind="ballot.called")
    assert event.payload == {
        "ballot": ballot.pk,
        "area": ballot.area.code,
        "ballot_kind": "secret",
        "rule": Rule().data() | {"changeable": False},
        "roll_kind": "residents",
        "part": "",
        "roll": 3,
        "roll_area": 0,
        "roll_hash": rolls.digest(sorted(ballot.entries.values_list("token", "units"))),
        "opens_at": "2026-11-18T02:00:00.000000Z",
        "closes_at": "2026-11-25T02:00:00.000000Z",
    }
    assert {text.field: text.text for text in event.texts.all()} == {
        "question": "要不要搭充电棚？",
        "plan": "24 个充电位，带灭火和断电。",
    }


def test_the_hash_of_a_roll_depends_on_who_is_on_it_and_with_what() -> None:
    one, other, larger = ("a", [["3栋", 0]]), ("b", [["4栋", 0]]), ("b", [["4栋", 1]])
    assert len({rolls.digest(roll) for roll in ([one], [one, other], [one, larger], [other], [])}) == 5
    urn.neighbours(3)
    ballot = urn.call()
    rights = [{"right": token, "units": units} for token, units in ballot.entries.values_list("token", "units")]
    assert ballot.roll_hash == canonical.digest(sorted(rights, key=lambda right: right["right"]))


def test_an_entry_shows_the_house_and_hides_the_name() -> None:
    build.person("竹筠", build.courtyard(), building="3")
    assert str(urn.call().entries.get()) == "槐荫里 3 竹**"


def test_a_policy_sets_the_quorum_of_ballots_called_later() -> None:
    urn.neighbours(2)
    first = urn.call()
    policy.assign(build.street(), "voting.quorum", [2, 3, False], by=SYSTEM, at=build.AT)
    later = urn.call(chain="case:" + "d" * 32)
    assert (first.terms["quorum"], later.terms["quorum"]) == ([1, 2, True], [2, 3, False])


def test_nobody_calls_a_ballot_for_an_empty_roll() -> None:
    with pytest.raises(Refused, match="槐荫里"), transaction.atomic():
        urn.call()
    assert not Ballot.objects.exists()


def test_a_ballot_must_end_later_than_it_was_called() -> None:
    urn.neighbours(1)
    with pytest.raises(ValueError, match="ends after"):
        urn.call(closes_at=urn.AT)


def test_one_ballot_at_a_time_on_a_chain() -> None:
    urn.neighbours(1)
    urn.count(urn.call())
    urn.call(at=urn.CLOSES, opens_at=urn.CLOSES, closes_at=urn.CLOSES + dt.timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        urn.call(at=urn.CLOSES, opens_at=urn.CLOSES, closes_at=urn.CLOSES + dt.timedelta(days=1))


def test_the_database_refuses_a_result_before_the_close_and_a_second_right() -> None:
    [voter] = urn.neighbours(1)
    ballot = urn.call()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(tally=urn.plain("passed", roll=1, yes=1), result="passed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.update(state=State.CLOSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        RollEntry.objects.create(ballot=ballot, voter=voter, label="again")


def reason(user: User, ballot: Ballot) -> str:
    return str(policies.may_vote(user, ballot, urn.AT).reason)


def test_each_refusal_names_its_own_reason() -> None:
    here = build.courtyard()
    urn.neighbours(1, here)
    child, newcomer = (
        build.person("小满", here, adult=False),
        build.person("新来", here, at=urn.AT + dt.timedelta(hours=1)),
    )
    unchecked, stranger = build.person("等核实"), build.person("外人", build.courtyard("同安苑"))
    build.home(unchecked, here, "12", state=ResidenceState.CLAIMED)
    ballot = urn.call(here)
    assert policies.may_vote(child, ballot, urn.AT) == policies.NOT_ADULT
    assert policies.may_vote(newcomer, ballot, urn.AT) == policies.TOO_LATE
    assert policies.may_vote(unchecked, ballot, urn.AT) == policies.UNCHECKED
    assert "槐荫里" in reason(stranger, ballot)
