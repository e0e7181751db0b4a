import datetime as dt

import pytest
from django.utils import translation

from areas import policy
from ledger.actors import SYSTEM
from proposals import casepage
from proposals.states import State
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def words(court: Court, after: dt.timedelta) -> tuple[str, str]:
    clock = casepage.clock_of(court.case, court.case.state_since + after)
    assert clock is not None
    with translation.override("en"):
        return clock.words, clock.tone


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, ("3 working days left", "done")),
        (2, ("1 working days left", "done")),
        (5, ("Due today", "pause")),
        (6, ("overdue by 1 working days", "alarm")),
        (9, ("overdue by 4 working days", "alarm")),
    ],
)
def test_working_days_are_counted_with_today_once_it_is_late(days: int, expected: tuple[str, str]) -> None:
    court = Court()
    court.to(State.SUBMITTED)  # on a Wednesday: due on Monday
    assert words(court, dt.timedelta(days=days)) == expected


def test_a_step_in_hours_is_told_in_hours() -> None:
    court = Court()
    policy.assign(court.courtyard, "case.time.submitted", {"n": 24, "unit": "hour"}, by=SYSTEM, at=court.now)
    court.to(State.SUBMITTED)
    court.settle()
    said = [words(court, after) for after in (HOUR / 2, 23 * HOUR, 24 * HOUR, 26 * HOUR)]
    assert said == [
        ("24 hours left", "done"),
        ("1 hours left", "done"),
        ("overdue by 0 hours", "alarm"),
        ("overdue by 2 hours", "alarm"),
    ]
