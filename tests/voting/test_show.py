"""A vote by show of hands: counted in a meeting, entered by one and confirmed by another, and then like any vote."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from areas import calendar, policy
from ledger import following
from ledger.actors import SYSTEM
from ledger.models import Event
from notifications.models import Notice
from people.verdict import Refused
from tests import build
from tests.voting import estate, hands, published, slips, urn
from tests.voting.hands import LATER, MEETS, TOO_LATE
from voting import (
    auditing,
    calling,
    casting,
    corrections,
    counting,
    limits,
    paper,
    policies,
    proxy_policies,
    publishing,
    reminders,
    show,
    slip_making,
)
from voting import hands as counts
from voting.methods import METHODS
from voting.models import Ballot, HandCount
from voting.states import ChangeKind, RollKind
from voting.tally import Rule, Weight
from voting.verify_tally import Tally

pytestmark = pytest.mark.django_db
ON = calendar.local_date(urn.AT)
WHERE = {"place": hands.PLACE, "meets_at": MEETS.isoformat()}


def refused(act: Any, *args: Any, **facts: Any) -> str:
    return str(slips.refused(act, *args, **facts).reason)


def file(ballot: Ballot) -> list[bytes]:
    return list(publishing.lines(ballot))


def findings() -> list[str]:
    return [str(problem) for problem in auditing.check()]


# ── the call ─────────────────────────────────────────────────────────────────


def test_it_is_called_with_a_place_and_a_roll_frozen_at_the_notice() -> None:
    ballot = hands.call(3)
    called = Event.objects.get(kind="ballot.called")
    assert (ballot.kind, ballot.place, ballot.opens_at, ballot.roll_size) == ("open_show", hands.PLACE, MEETS, 3)
    assert {text.field: text.text for text in called.texts.all()}["place"] == hands.PLACE
    assert (called.payload["ballot_kind"], hands.PLACE in json.dumps(called.payload)) == ("open_show", False)
    Ballot.objects.update(place="别处")
    assert findings() == [f"voting.ballot #{ballot.pk}: its place is not that of {called}"]


@pytest.mark.parametrize(
    ("statute", "method", "lines"), [("civil_code_278_general", "yes_no", ""), ("house", "ranked", "东门\n西门")]
)
def test_only_residents_raise_hands_and_only_for_yes_and_no(statute: str, method: str, lines: str) -> None:
    area = build.courtyard()
    estate.flats(area, 2)
    facts = {"on": ON, "statute": statute, "method": method, "lines": lines}
    assert slips.refused(calling.prepared, area, **facts, **WHERE) == calling.NO_SHOW
    with pytest.raises(ValueError, match="Hands can be raised by residents"):
        urn.call(area, place="凉亭", rule=Rule(method="ranked", options=("a", "b")))


@pytest.mark.parametrize("name", ["place", "meets_at"])
def test_where_and_when_belong_together(name: str) -> None:
    with pytest.raises(Refused):
        calling.prepared(build.courtyard(), on=ON, **{name: WHERE[name]})


def test_the_meeting_lies_between_the_notice_and_the_end() -> None:
    area = build.courtyard()
    call = calling.prepared(area, on=ON, **WHERE)
    times = {"at": urn.AT, "before": urn.CLOSES}
    assert (call.place, calling.opening(area, call, **times)) == (hands.PLACE, MEETS)
    policy.assign(area, f"{limits.NOTICE}.residents", {"n": 3, "unit": "day"}, by=SYSTEM, at=urn.AT)
    with pytest.raises(Refused):
        calling.opening(area, call, **times)
    with pytest.raises(Refused):
        calling.opening(area, call, at=urn.AT, before=MEETS)


def test_a_place_and_a_show_of_hands_go_together_in_the_database() -> None:
    ballot = hands.call(1)
    for fields in ({"place": ""}, {"kind": "secret"}, {"roll_kind": RollKind.OWNERS}):
        with pytest.raises(IntegrityError, match="voting_show_has_place"), transaction.atomic():
            Ballot.objects.filter(pk=ballot.pk).update(**fields)


# ── nobody casts ─────────────────────────────────────────────────────────────


def test_no_paper_comes_in_by_any_channel() -> None:
    ballot, (clerk, _chair) = hands.call(2), hands.officers()
    entry = ballot.entries.select_related("voter").first()
    assert entry and entry.voter
    why = policies.takes_papers(ballot)
    assert (bool(why), policies.may_vote(entry.voter, ballot, MEETS)) == (False, why)
    assert hands.PLACE in str(why.reason)
    facts = {"by": clerk, "at": MEETS}
    assert [
        slips.refused(casting.cast, ballot, by=entry.voter, choice="yes", at=MEETS),
        slips.refused(paper.mark, entry, **facts),
        slips.refused(slip_making.make_blank, ballot, 1, **facts),
        proxy_policies.may_give(entry.voter, entry, ballot, MEETS),
    ] == [why] * 4
    assert (ballot.papers.count(), ballot.slips.count(), ballot.turnout) == (0, 0, 0)
    assert list(Ballot.objects.open_for(entry.voter, MEETS)) == []


def test_people_are_asked_to_come_and_not_reminded_to_vote() -> None:
    ballot = hands.call(2)
    following.drain(MEETS)
    voters = set(ballot.entries.values_list("voter", flat=True))
    told = Notice.objects.filter(user__in=voters, kind__startswith="ballot_").values_list("kind", "user")
    assert sorted(told) == sorted(("ballot_called_show", voter) for voter in voters)
    assert list(reminders.due(ballot.closes_at - dt.timedelta(hours=1))) == []


# ── two people answer for a count ────────────────────────────────────────────


def test_those_present_who_raise_no_hand_abstain_and_take_part() -> None:
    ballot = urn.count(hands.counted(4, yes=2, no=1))
    assert ballot.tally == urn.plain("not_passed", roll=5, yes=2, no=1, abstain=1)
    assert (ballot.state, findings()) == ("final", [])


@pytest.mark.parametrize(("present", "yes", "result"), [(3, 2, "passed"), (2, 2, "no_quorum"), (5, 2, "not_passed")])
def test_quorum_and_majority_are_those_of_the_house(present: int, yes: int, result: str) -> None:
    ballot = urn.count(hands.counted(present, yes=yes, no=0))
    assert ballot.tally == urn.plain(result, roll=5, yes=yes, abstain=present - yes)


def test_each_option_has_its_own_hands() -> None:
    ballot, (clerk, chair) = hands.call(rule=hands.GATES, options=hands.WORDS), hands.officers()
    raised = {"a": {"yes": 3, "no": 0}, "b": {"yes": 1, "no": 3}}
    show.enter(ballot, present=4, raised=raised, minutes=hands.minutes(), by=clerk, at=MEETS)
    hands.confirm(ballot, chair)
    closed = urn.count(ballot)
    said = {
        "a": {"yes": [3, 0], "no": [0, 0], "abstain": [1, 0]},
        "b": {"yes": [1, 0], "no": [3, 0], "abstain": [0, 0]},
    }
    assert closed.tally == {
        "method": "options", "result": "passed", "winners": ["a"], "roll": [5, 0], "papers": [4, 0], "options": said
    }  # fmt: skip
    assert (Tally(file(closed)).problems, findings()) == ([], [])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9), st.data())
def test_hands_count_as_so_many_papers_do(present: int, data: st.DataObject) -> None:
    said = {key: data.draw(published.counted(present)) for key in "ab"}
    cast = [(counts.paper_of(said, "ab", head), Weight(1)) for head in range(present)]
    found = METHODS["options"].count(cast, Weight(9), hands.GATES).data()["options"]
    assert found == {key: {answer: [n, 0] for answer, n in said[key].items()} for key in "ab"}


@pytest.mark.parametrize(("present", "yes", "no"), [(6, 0, 0), (3, 2, 2), (3, 4, 0)])
def test_what_cannot_be_is_refused_with_its_numbers(present: int, yes: int, no: int) -> None:
    ballot, (clerk, _chair) = hands.call(), hands.officers()
    why = refused(hands.enter, ballot, clerk, present, yes, no)
    assert str(present) in why
    assert HandCount.objects.count() == 0


def test_nobody_confirms_what_they_entered_and_a_neighbour_neither() -> None:
    ballot, (clerk, chair) = hands.call(), hands.officers()
    assert slips.refused(show.confirm, ballot, seen="", by=chair, at=MEETS) == show.NONE
    hands.enter(ballot, clerk, 4, 3, 1)
    assert slips.refused(hands.confirm, ballot, clerk) == show.OWN
    neighbour = ballot.entries.select_related("voter").first().voter  # type: ignore[union-attr]
    assert neighbour
    assert not show.may_enter(neighbour, ballot, MEETS)
    with pytest.raises(Refused):
        hands.confirm(ballot, neighbour)
    hands.confirm(ballot, chair)
    assert slips.refused(hands.enter, ballot, chair, 4, 3, 1) == show.DONE
    with pytest.raises(IntegrityError, match="voting_hands_counted_by_two"), transaction.atomic():
        HandCount.objects.update(confirmed_by=clerk)


def test_a_count_entered_anew_is_compared_anew() -> None:
    ballot, (clerk, chair) = hands.call(), hands.officers()
    first = hands.enter(ballot, clerk, 4, 3, 1)
    seen = counts.seal(first)
    hands.enter(ballot, clerk, 4, 1, 3)
    assert slips.refused(show.confirm, ballot, seen=seen, by=chair, at=MEETS) == show.CHANGED
    hands.confirm(ballot, chair)
    assert urn.numbers(urn.count(ballot))["no"] == [3, 0]
    kinds = Event.objects.filter(kind__startswith="hands.").order_by("number").values_list("kind", "visibility")
    assert list(kinds) == [("hands.entered", "staff")] * 2 + [("hands.confirmed", "staff")]


def test_other_votes_count_no_hands() -> None:
    urn.neighbours(2)
    ballot, (clerk, _chair) = urn.call(), hands.officers()
    assert slips.refused(hands.enter, ballot, clerk, 1, 1, 0) == show.PAPERS


# ── time ─────────────────────────────────────────────────────────────────────


def test_before_the_meeting_nothing_is_entered() -> None:
    urn.neighbours(3)
    ballot, (clerk, _chair) = urn.call(place=hands.PLACE, opens_at=MEETS), hands.officers()
    assert slips.refused(hands.enter, ballot, clerk, 3, 3, 0, at=urn.AT) == show.NOT_BEGUN


def test_the_close_waits_for_both_as_it_waits_for_slips() -> None:
    ballot, (clerk, chair) = hands.call(), hands.officers()
    assert counting.close(ballot.pk, at=urn.CLOSES) is False
    hands.enter(ballot, clerk, 4, 3, 1, at=LATER)
    assert counting.close(ballot.pk, at=LATER) is False
    hands.confirm(ballot, chair, at=LATER)
    assert counting.close(ballot.pk, at=LATER) is True
    assert urn.numbers(ballot) == urn.plain("passed", roll=5, yes=3, no=1)


@pytest.mark.parametrize("is_entered", [False, True])
def test_what_nobody_confirmed_in_time_counts_nobody(is_entered: bool) -> None:
    ballot, (clerk, chair) = hands.call(), hands.officers()
    if is_entered:
        hands.enter(ballot, clerk, 5, 5, 0)
    assert slips.refused(hands.enter, ballot, chair, 5, 5, 0, at=TOO_LATE) == show.OVER
    assert counting.close(ballot.pk, at=TOO_LATE) is True
    closed = Ballot.objects.get(pk=ballot.pk)
    assert closed.tally == urn.plain("no_quorum", roll=5)
    assert (Tally(file(closed)).problems, findings()) == ([], [])
    assert b'"line":"hands"' not in b"".join(file(closed))


def test_a_meeting_is_not_prolonged() -> None:
    policy.assign(build.courtyard(), f"{limits.EXTENSION}.residents", {"n": 5, "unit": "day"}, by=SYSTEM, at=urn.AT)
    ballot = urn.count(hands.counted(1, yes=1, no=0))
    assert (ballot.result, ballot.extended_from) == ("no_quorum", None)


# ── the record ───────────────────────────────────────────────────────────────


def test_the_file_tells_the_hands_and_the_verifier_agrees() -> None:
    ballot = urn.count(hands.counted(4, yes=3, no=0))
    lines = [json.loads(line) for line in file(ballot)]
    count = HandCount.objects.get()
    [told] = [{name: line[name] for name in line if name != "chain"} for line in lines if line["line"] == "hands"]
    people = [count.entered_by.actor_ref(ballot.chain), count.confirmed_by.actor_ref(ballot.chain)]  # type: ignore[union-attr]
    assert told == {
        "line": "hands",
        "present": 4,
        "counts": {"yes": 3, "no": 0, "abstain": 1},
        "place": hands.PLACE,
        "minutes": counts.digest(hands.PDF),
        "by": people,
    }
    assert lines[0]["kind"] == "open_show"
    assert Tally(file(ballot), publishing.published(ballot)).problems == []
    assert {line["line"] for line in lines}.isdisjoint({"paper", "choice", "receipt"})


@pytest.mark.parametrize(
    "change",
    [
        {"present": 5, "counts": {"yes": 4, "no": 0, "abstain": 1}},
        {"counts": {"yes": 2, "no": 1, "abstain": 1}},
        {"confirmed_at": LATER},
        {"entered_at": LATER},
    ],
    ids=lambda change: "+".join(change),
)
def test_a_count_changed_behind_the_application_stops_the_vote(change: dict[str, Any]) -> None:
    ballot = hands.counted(4, yes=3, no=0)
    HandCount.objects.update(**change)
    found = [str(problem) for problem in auditing.faults(ballot)]
    assert found == [f"voting.handcount #{HandCount.objects.get().pk}: is not the count that was entered and confirmed"]
    assert urn.count(ballot).state == "stopped"


def test_a_count_that_is_gone_its_minutes_and_its_officers_are_missed() -> None:
    ballot = urn.count(hands.counted(4, yes=3, no=0))
    count = HandCount.objects.get()
    count.minutes.storage.delete(count.minutes.name)
    assert findings() == [f"voting.handcount #{count.pk}: its minutes are not those that came with it"]
    HandCount.objects.update(entered_by=build.person("别人"))
    assert f"voting.handcount #{count.pk}: is not the count that was entered and confirmed" in findings()
    HandCount.objects.all().delete()
    assert f"voting.ballot #{ballot.pk}: its hand count is gone, though the ledger tells of it" in findings()


def test_a_count_without_the_ledger_is_none() -> None:
    ballot, (clerk, chair) = hands.call(), hands.officers()
    facts: dict[str, Any] = {"entered_by": clerk, "confirmed_by": chair, "entered_at": MEETS, "confirmed_at": MEETS}
    count = HandCount(ballot=ballot, present=5, counts={"yes": 5, "no": 0, "abstain": 0}, **facts)
    count.minutes_hash = counts.digest(hands.PDF)
    count.minutes.save("minutes.pdf", hands.minutes(), save=True)
    assert urn.count(ballot).state == "stopped"


def test_more_people_than_the_corrected_roll_has_are_not_counted() -> None:
    ballot, (clerk, chair) = hands.call(2), hands.officers()
    hands.enter(ballot, clerk, 2, 2, 0)
    entry = ballot.entries.first()
    assert entry
    facts: dict[str, Any] = {"entry": entry, "unit": entry.units[0], "reason": "搬走了"}
    asked = corrections.ask(ballot, ChangeKind.STRIKE, **facts, by=clerk, at=MEETS)
    corrections.make(asked, by=chair, at=MEETS)
    ballot.refresh_from_db()
    assert (ballot.roll_size, "1" in refused(hands.confirm, ballot, chair)) == (1, True)


def test_a_recount_counts_the_same_hands() -> None:
    policy.assign(build.courtyard(), f"{limits.OBJECTIONS}.residents", {"n": 7, "unit": "day"}, by=SYSTEM, at=urn.AT)
    ballot = urn.count(hands.counted(4, yes=3, no=0))
    assert counting.recount(ballot, by=SYSTEM, at=LATER) is True
    assert findings() == []
