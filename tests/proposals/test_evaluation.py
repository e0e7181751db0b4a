import pytest

from ledger.models import Event
from people.verdict import Refused
from proposals import evaluation
from proposals.states import Outcome, State
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


def test_the_proposer_says_solved() -> None:
    court = Court()
    court.to(State.EVALUATING)
    court.judge()
    assert (court.case.state, court.case.outcome) == (State.CLOSED, Outcome.SOLVED)


def test_not_solved_is_put_right_once_and_then_ends_as_not_solved() -> None:
    court = Court()
    court.to(State.EVALUATING)
    court.judge(solved="partly")
    assert (court.case.state, court.case.rectified) == (State.RECTIFYING, 1)
    court.complete()
    court.judge(solved="no")
    assert (court.case.state, court.case.outcome) == (State.CLOSED, Outcome.NOT_SOLVED)


def test_silence_is_not_evaluated() -> None:
    court = Court()
    court.to(State.EVALUATING)
    court.wait(25)
    assert (court.case.state, court.case.outcome) == (State.CLOSED, Outcome.NOT_EVALUATED)


@pytest.mark.parametrize(("said", "outcome"), [("yes", Outcome.SOLVED), ("no", None)])
def test_when_the_proposer_is_silent_the_endorsers_words_decide(said: str, outcome: Outcome | None) -> None:
    court = Court()
    case = court.to(State.EVALUATING)
    evaluation.judge(case, by=court.endorsers[0], at=court.now, solved=said, manner=3)
    assert court.settle().state == State.EVALUATING
    court.wait(25)
    expected = (State.CLOSED, outcome) if outcome else (State.RECTIFYING, "")
    assert (court.case.state, court.case.outcome) == expected


def test_neither_handler_nor_stranger_judges_and_nobody_twice() -> None:
    court = Court()
    case = court.to(State.EVALUATING)
    for who in ("handler", "upper", "stranger", "neighbours"):
        with pytest.raises(Refused):
            evaluation.judge(case, by=court.people[who], at=court.now, solved="yes", manner=5)
    evaluation.judge(case, by=court.endorsers[0], at=court.now, solved="no", manner=1)
    with pytest.raises(Refused):
        evaluation.judge(case, by=court.endorsers[0], at=court.now, solved="yes", manner=5)
    events = Event.objects.filter(chain_id=case.chain, kind="case.judged")
    assert [event.payload["solved"] for event in events] == ["no"]
