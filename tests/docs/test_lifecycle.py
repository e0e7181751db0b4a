"""docs/lifecycle.md is what the table gives, and what it says of the moves without a fixed target is what they do."""

import pytest
from django.core.management import CommandError, call_command

from ledger.actors import SYSTEM
from people.roles import RoleKey
from proposals import diagram, lifecycle
from proposals.management.commands import lifecycle as command
from proposals.moves import MOVES
from proposals.states import State
from tests import build
from tests.proposals.court import Court

UP = {"reason": "beyond_budget", "texts": {"text": "经费不够"}}
DOWN = {"reason": "own_competence", "texts": {"text": "下级自己能办"}}


def test_the_document_is_fresh() -> None:
    call_command("lifecycle", check=True)


def test_a_stale_document_is_refused_and_written_anew(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(command, "FILE", tmp_path / "lifecycle.md")
    with pytest.raises(CommandError):
        call_command("lifecycle", check=True)
    call_command("lifecycle")
    call_command("lifecycle", check=True)


def test_each_move_has_a_line_in_both_tongues() -> None:
    lines = diagram.moves().splitlines()[4:]
    assert [line.split("`")[1] for line in lines] == list(MOVES)
    assert all(any("一" <= character <= "鿿" for character in line) for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("left", MOVES["hand_up"].sources)
@pytest.mark.parametrize("verb", ["take_over", "hand_back"])
def test_a_case_that_was_handed_up_lands_where_the_document_says(left: State, verb: str) -> None:
    court = Court()
    case = court.to(left)
    lifecycle.move(case, "hand_up", by=court.people["upper" if left == State.DECIDING else "chair"], at=court.now, **UP)
    officer = build.staff("接收人", case.owner, RoleKey.DECIDER)
    officer.second_factor = True
    if verb == "take_over":
        lifecycle.move(case, verb, by=SYSTEM, at=court.now)
    else:
        lifecycle.move(case, verb, by=officer, at=court.now, **DOWN)
    assert (State.ESCALATED, case.state) in diagram.ways(MOVES[verb])
    assert left in diagram.left_by(State.ESCALATED)


@pytest.mark.django_db
@pytest.mark.parametrize("state", MOVES["report"].sources)
def test_a_report_leaves_the_state_as_it_is(state: State) -> None:
    court = Court()
    court.to(state)
    court.move("handler", "report", texts={"text": "板材到了"})
    assert (state, court.case.state) in diagram.ways(MOVES["report"])
