"""Random histories of a case (history.py): what must always hold, holds after every step (standing.py)."""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from proposals.moves import MOVES
from proposals.states import State
from tests.proposals import history, standing

pytestmark = pytest.mark.django_db

QUIET = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
PARTS = 2


def play(begun: State, made: Counter[str], **rules: Any) -> None:
    """Play many histories from one state; `made` counts the verbs."""
    standing.leave_papers_out()
    machine = type("History", (history.History,), {"court": history.world(), "begun": begun, "made": made})
    run_state_machine_as_test(machine, settings=settings(QUIET, **rules))


@pytest.mark.parametrize("begun", list(State))
def test_what_must_hold_holds_through_random_histories(begun: State) -> None:
    play(begun, Counter(), max_examples=2, stateful_step_count=20, derandomize=True)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_thousands_of_histories_make_every_verb(part: int) -> None:
    made: Counter[str] = Counter()
    for begun in State:
        with transaction.atomic():
            play(begun, made, max_examples=40, stateful_step_count=30)
            transaction.set_rollback(True)
        print(begun, sum(made.values()), flush=True)
    print(made.most_common())
    assert sorted(set(MOVES) - set(made)) == []
