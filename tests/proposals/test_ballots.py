"""The case follows its ballot: it waits for an extension and for objections, and goes back if the vote is annulled."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from areas import policy
from ledger import following, verifying
from ledger.actors import SYSTEM
from ledger.models import Event
from ledger.recording import record
from proposals import clock, timeline
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.proposals.court import DAY, Court
from voting import calling, casting, objections
from voting.models import Ballot, Objection
from voting.states import Remedy

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSES = dt.datetime(2026, 11, 26, tzinfo=SHANGHAI)
OBJECTIONS = dt.datetime(2026, 12, 4, tzinfo=SHANGHAI)  # 24:00 of the seventh day after the close
LONGER = dt.datetime(2026, 12, 11, tzinfo=SHANGHAI)  # 24:00 of the fifteenth day after the first end


def voting(**periods: int) -> Court:
    court = Court()
    for name, days in periods.items():
        value = {"n": days, "unit": "day"}
        key = {"objections": "voting.time.objections.residents", "extension": "voting.extension.residents"}[name]
        policy.assign(court.courtyard, key, value, by=court.people["chair"], at=court.now)
    court.to(State.VOTING)
    assert court.case.due_at == CLOSES
    return court


def until(court: Court, at: dt.datetime) -> Proposal:
    court.now = at
    return court.wait(0)


def moved(case: Proposal, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    """What the case's own events say of the clock."""
    events = Event.objects.filter(chain_id=case.chain, kind__in=kinds).order_by("number")
    said = ("verb", "from", "to", "due", "was")
    return [(event.kind, {name: event.payload.get(name) for name in said}) for event in events]


def object_to(court: Court, at: dt.datetime) -> Objection:
    ballot = Ballot.objects.get(chain=court.case.chain)
    return objections.make(ballot, grounds="有两张票不是本人投的。", by=court.endorsers[0], at=at)


def test_without_a_time_for_objections_the_case_moves_at_the_count() -> None:
    court = voting()
    court.vote()
    assert until(court, CLOSES).state == State.RESOLVED
    assert Event.objects.filter(kind="case.resolved").count() == 1


def test_while_objections_are_possible_the_case_stays_and_its_clock_runs_on() -> None:
    court = voting(objections=7)
    court.vote()
    case = until(court, CLOSES)
    assert (case.state, case.due_at, case.first_due_at) == (State.VOTING, OBJECTIONS, CLOSES)
    assert moved(case, "case.vote_prolonged") == [
        (
            "case.vote_prolonged",
            {
                "verb": "prolong",
                "from": "voting",
                "to": "voting",
                "due": "2026-12-03T16:00:00+00:00",
                "was": "2026-11-25T16:00:00+00:00",
            },
        )
    ]
    assert until(court, OBJECTIONS).state == State.RESOLVED
    assert list(verifying.verify()) == []


def test_nobody_is_called_late_while_objections_run() -> None:
    court = voting(objections=7)
    court.vote()
    until(court, CLOSES)
    for day in range(8):
        clock.sweep(CLOSES + day * DAY)
    assert not Event.objects.filter(kind__in=["case.overdue", "case.reminded", "case.noticed"]).exists()


def test_an_open_objection_moves_the_clock_to_its_ruling() -> None:
    court = voting(objections=7)
    court.vote()
    until(court, CLOSES)
    asked = object_to(court, OBJECTIONS - DAY)
    following.drain(OBJECTIONS - DAY)
    case = until(court, OBJECTIONS)
    assert (case.state, case.due_at) == (State.VOTING, asked.due_at)
    objections.refuse(asked, reason="两张票都有签名。", by=court.people["upper"], at=court.now)
    assert until(court, court.now).state == State.RESOLVED


def test_the_road_of_the_case_tells_of_an_objection_and_not_of_who_made_it() -> None:
    court = voting(objections=7)
    court.vote()
    until(court, CLOSES)
    object_to(court, CLOSES)
    case = court.settle()
    found = {inside: timeline.of(case, inside=inside)[0] for inside in (False, True)}
    assert {inside: (entry.kind, bool(entry.who)) for inside, entry in found.items()} == {
        False: ("objection.made", False),
        True: ("objection.made", True),
    }


def test_an_early_objection_leaves_the_clock_where_it_is() -> None:
    court = voting(objections=30)
    court.vote()
    due = until(court, CLOSES).due_at
    object_to(court, CLOSES)
    assert court.settle().due_at == due


def test_an_annulled_vote_goes_back_to_deliberation_and_can_be_called_anew() -> None:
    court = voting(objections=7)
    court.vote()
    until(court, CLOSES)
    facts: dict[str, Any] = {"reason": "名册漏了三户。", "by": court.people["upper"], "at": CLOSES}
    objections.accept(object_to(court, CLOSES), Remedy.ANNUL, **facts)
    case = court.settle()
    assert (case.state, case.owner, case.extended) == (State.DELIBERATING, court.case.owner, False)
    assert [entry["verb"] for _kind, entry in moved(case, "case.vote_annulled")] == ["annul"]
    assert until(court, OBJECTIONS).state == State.DELIBERATING
    court.call()
    assert court.case.state == State.VOTING
    assert list(verifying.verify()) == []


def test_an_extended_ballot_takes_its_case_along() -> None:
    court = voting(extension=15)
    case = until(court, CLOSES)
    ballot = Ballot.objects.get(chain=case.chain)
    assert (case.state, case.due_at, ballot.closes_at) == (State.VOTING, LONGER, LONGER)
    assert until(court, LONGER).state == State.NO_QUORUM
    assert list(verifying.verify()) == []


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ("passed", State.RESOLVED),
        ("not_passed", State.NOT_PASSED),
        ("tied", State.DELIBERATING),
        ("no_quorum", State.NO_QUORUM),
    ],
)
def test_each_result_has_its_way(result: str, state: State) -> None:
    court = voting(objections=7)
    court.vote()
    until(court, CLOSES)
    Ballot.objects.filter(chain=court.case.chain).update(result=result)
    assert until(court, OBJECTIONS).state == state


def test_a_ballot_of_version_0_2_that_was_counted_before_the_upgrade_still_moves_its_case() -> None:
    court = voting()
    court.vote()
    ballot = Ballot.objects.get(chain=court.case.chain)
    old = {"quorum": [1, 2, True], "majority": [1, 2, True], "basis": "house"}
    tally = {"result": "passed", "roll": 9, "papers": 6, "yes": 6, "no": 0, "abstain": 0}
    Ballot.objects.filter(pk=ballot.pk).update(terms=old, state="final", result="passed", tally=tally)
    record("ballot.closed", chain=ballot.chain, subject=ballot, by=SYSTEM, at=CLOSES, ballot=ballot.pk, **tally)
    assert until(court, CLOSES).state == State.RESOLVED


def test_a_tied_vote_goes_back_and_its_run_off_is_filled_in(client: Client) -> None:
    court = Court()
    court.to(State.DELIBERATING)
    texts = {"text": "修哪里的灯？", "plan": "只修一处。", "options": "东门\n西门\n车棚"}
    court.move("chair", "call_vote", texts=texts, statute="house", method="approval")
    until(court, court.now)
    ballot = Ballot.objects.get(chain=court.case.chain)
    for choice, neighbour in zip((["a"], ["c"], ["a", "c"], ["b", "a"], ["c"]), court.endorsers, strict=True):
        casting.cast(ballot, by=neighbour, choice=choice, at=court.now)
    case = until(court, ballot.closes_at)
    assert [entry["verb"] for _kind, entry in moved(case, "case.vote_tied")] == ["tie"]
    assert case.state == State.DELIBERATING
    build.sign_in(client, court.people["chair"])
    page = client.get(f"/cases/{case.number}/move/call_vote/")
    form = page.context["form"]
    written = {name: form[name].value() for name in ("text", "plan", "options", "statute", "method")}
    assert written == {**texts, "options": "东门\n车棚", "statute": "house", "method": "approval"}
    court.move("chair", "call_vote", texts=texts | {"options": written["options"]}, statute="house", method="approval")
    assert Ballot.objects.get(chain=case.chain, state="announced").options == {"a": "东门", "b": "车棚"}


def test_after_a_vote_with_a_winner_nothing_is_filled_in() -> None:
    court = voting()
    court.vote()
    assert calling.run_off(until(court, CLOSES).chain) == {}
