"""The proposer and the endorsers judge the result; what is not solved is put right, twice, then it closes as such."""

from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation

from ledger import verifying
from ledger.models import Event
from notifications.models import Notice
from people.verdict import Refused
from proposals import evaluation, listing
from proposals.models import Judgement
from proposals.states import Outcome, State
from tests.proposals.court import DAY, Court

pytestmark = pytest.mark.django_db

COMMUNITY, STREET = (3, "金鱼街社区"), (2, "抚琴街道")


def evaluated() -> Court:
    court = Court()
    court.to(State.EVALUATING)
    court.people |= {f"endorser{n}": endorser for n, endorser in enumerate(court.endorsers)}
    return court


def stands(court: Court) -> tuple[Any, ...]:
    case = court.case
    return (case.state, case.outcome, case.rectified, case.level, case.owner.area.name)


def refused(court: Court, who: str, **said: Any) -> str:
    with translation.override("en"), pytest.raises(Refused) as no:
        evaluation.judge(court.case, by=court.people[who], at=court.now, **{"solved": "yes", "manner": 5} | said)
    with translation.override("en"):
        return str(no.value.verdict.reason)


def clean() -> list[str]:
    return [str(problem) for problem in verifying.verify()]


def test_the_proposer_says_solved() -> None:
    court = evaluated()
    court.judge()
    assert stands(court) == (State.CLOSED, Outcome.SOLVED, 0, *COMMUNITY)
    assert clean() == []


def test_the_first_failure_is_put_right_where_it_is_with_a_fresh_clock() -> None:
    court = evaluated()
    court.judge(solved="partly")
    assert (stands(court), court.case.supervised_at) == ((State.RECTIFYING, "", 1, *COMMUNITY), None)
    assert court.case.due_at.isoformat() == "2026-12-17T16:00:00+00:00"  # 15 working days from 26 November
    told = Notice.objects.filter(event__kind="case.rectified", kind="case.rectified:office").order_by("user")
    assert [notice.user.name for notice in told] == ["监委会", "督查"]


def test_the_second_failure_goes_one_level_up_and_under_supervision() -> None:
    court = evaluated()
    court.judge_no()
    court.complete()
    court.judge_no()
    assert (stands(court), court.case.supervised_at) == ((State.RECTIFYING, "", 2, *STREET), court.now)
    assert clean() == []


def test_the_third_failure_closes_it_as_not_solved() -> None:
    court = evaluated()
    court.judge_no()
    court.complete()
    court.judge_no()
    court.move("street", "complete", texts={"text": "换了整盏灯"})
    court.judge_no()
    assert stands(court) == (State.CLOSED, Outcome.NOT_SOLVED, 2, *STREET)
    found = {name: n for name, _label, n in listing.groups(listing.Wanted.read(QueryDict())) if n}
    assert (found, clean()) == ({"unsolved": 1}, [])


def test_at_the_district_there_is_no_level_above_to_put_it_right() -> None:
    court = evaluated()
    court.judge_no()
    court.complete()
    street = court.courtyard.get_parent().get_parent()
    street.bodies.update(sat_until=court.now)
    street.get_parent().bodies.update(sat_until=court.now)
    court.judge_no()
    assert stands(court) == (State.RECTIFYING, "", 2, *COMMUNITY)


def test_silence_is_not_evaluated() -> None:
    court = evaluated()
    court.wait(25)
    assert stands(court) == (State.CLOSED, Outcome.NOT_EVALUATED, 0, *COMMUNITY)
    assert clean() == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["yes"], (State.CLOSED, Outcome.SOLVED)),
        (["no"], (State.RECTIFYING, "")),
        (["partly"], (State.RECTIFYING, "")),
        (["yes", "no"], (State.RECTIFYING, "")),  # a half is not more than a half
        (["yes", "yes", "no"], (State.CLOSED, Outcome.SOLVED)),
    ],
)
def test_when_the_proposer_is_silent_the_endorsers_words_decide(said: list[str], expected: tuple[str, str]) -> None:
    court = evaluated()
    for n, word in enumerate(said):
        court.judge(f"endorser{n}", word)
    assert court.case.state == State.EVALUATING
    court.wait(25)
    assert (court.case.state, court.case.outcome) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["no"], (State.CLOSED, Outcome.SOLVED)),  # one to one
        (["no", "no"], (State.RECTIFYING, "")),
        (["no", "partly"], (State.RECTIFYING, "")),
        (["no", "no", "yes"], (State.CLOSED, Outcome.SOLVED)),
    ],
)
def test_a_proposer_s_solved_does_not_stand_against_most_of_the_endorsers(said: list[str], expected: Any) -> None:
    court = evaluated()
    for n, word in enumerate(said):
        court.judge(f"endorser{n}", word)
    court.judge("proposer", "yes")
    assert (court.case.state, court.case.outcome) == expected
    assert clean() == []


@pytest.mark.parametrize("word", ["no", "partly"])
def test_the_proposer_s_not_solved_stands_against_everybody(word: str) -> None:
    court = evaluated()
    for n in range(5):
        court.judge(f"endorser{n}", "yes")
    court.judge("proposer", word)
    assert (court.case.state, court.case.rectified) == (State.RECTIFYING, 1)


def test_neither_handler_nor_stranger_judges_and_nobody_twice() -> None:
    court = evaluated()
    mine = "Only the proposer and those who endorsed can judge the result."
    assert {refused(court, who) for who in ("handler", "upper", "stranger", "neighbours")} == {mine}
    court.judge("endorser0", "no")
    assert refused(court, "endorser0") == "You have already judged this result."
    events = Event.objects.filter(chain_id=court.case.chain, kind="case.judged")
    assert [event.payload["solved"] for event in events] == ["no"]


@pytest.mark.parametrize("word", ["no", "partly"])
def test_who_does_not_say_solved_says_what_is_missing(word: str) -> None:
    court = evaluated()
    missing = "Please write what is still missing, so that it can be put right."
    assert refused(court, "proposer", solved=word, comment=" ") == missing
    assert (court.settle().state, Judgement.objects.count()) == (State.EVALUATING, 0)


def test_after_the_time_nobody_judges_and_each_round_is_judged_anew() -> None:
    court = evaluated()
    court.judge("endorser0", "yes")
    court.judge_no()
    assert refused(court, "endorser0") == "There is nothing to judge at present."
    court.complete()
    court.judge("endorser0", "yes")
    court.now += 30 * DAY
    assert refused(court, "proposer") == "The time to judge is over."
    assert list(Judgement.objects.values_list("round", "solved")) == [(0, "yes"), (0, "no"), (1, "yes")]


def test_how_people_were_treated_never_changes_whether_it_is_solved() -> None:
    court = evaluated()
    evaluation.judge(court.case, by=court.people["proposer"], at=court.now, solved="yes", manner=1)
    assert (court.settle().outcome, court.case.judgements.get().manner) == (Outcome.SOLVED, 1)
