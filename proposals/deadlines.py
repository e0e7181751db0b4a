"""The running clock of a case as columns of its row: started, stopped, extended, and when it next has something to say.

A step's time is counted in minutes of its unit (areas.calendar): warnings at 50 % and 80 % are the instants at which
that share of the counted minutes has passed, however often the clock stood still meanwhile.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from areas import calendar, policy
from areas.calendar import Due
from areas.models import Area

from . import limits
from .models import Proposal
from .states import ENDED, State

TIMERS: dict[State, str] = {
    State.RETURNED: "withdraw",
    State.ENDORSING: "lapse",
    State.ESCALATED: "take_over",
    State.HANDED_DOWN: "take_over",
    State.NO_QUORUM: "expire",
    State.NOT_PASSED: "expire",
    State.SUSPENDED: "resume",
}
RINGING = frozenset({*TIMERS, State.EVALUATING})  # states that time itself ends
UNTIMED = frozenset({State.DRAFT, *ENDED})


@dataclass(frozen=True)
class Stage:
    """One thing that the clock says, once in a step. share: of the time, in percent; after: working days overdue."""

    event: str
    share: int = 0
    after: str = ""


STAGES = (
    Stage("case.half_time", share=50),
    Stage("case.time_short", share=80),
    Stage("case.overdue", share=100),
    Stage("case.reminded", after="case.remind_after"),
    Stage("case.noticed", after="case.notice_after"),
    Stage("case.supervised", after="case.supervise_after"),
)
SUPERVISED = len(STAGES)
OVERDUE = 3


def start(area: Area, state: State, at: dt.datetime, period: dict[str, Any] | None = None) -> dict[str, Any]:
    """The columns of a fresh clock for a state entered at `at`, by the rules of the owner's area."""
    if state in UNTIMED:
        return none()
    chosen = period or limits.period(area, state)
    due = calendar.add_period(at, chosen)
    return _running(area, state, due, chosen["unit"], stage=0, first=due.at, minutes=due.minutes)


def none() -> dict[str, Any]:
    return {
        "due_at": None,
        "due_provisional": False,
        "first_due_at": None,
        "due_unit": "",
        "due_minutes": 0,
        "stage": 0,
        "ring_at": None,
        "extended": False,
        "paused": False,
    }


def stop(case: Proposal, at: dt.datetime) -> dict[str, Any]:
    """What is kept of a clock that stands still (JSON)."""
    assert case.due_at and case.first_due_at
    return {
        "left": calendar.remaining(at, case.due_at, case.due_unit),
        "unit": case.due_unit,
        "minutes": case.due_minutes,
        "stage": case.stage,
        "first": case.first_due_at.isoformat(),
        "extended": case.extended,
        "paused": case.paused,
    }


def go_on(area: Area, state: State, held: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    """The columns of a clock that stood still and goes on with what was left; the days that were left are left.

    Where its last day moves behind a holiday, the step has more counted minutes than before.
    """
    due, left = calendar.add_period(at, held["left"]), held["left"]
    counted = left["n"] * (1 if left["unit"] == "minute" else calendar.DAY_MINUTES)
    columns = _running(
        area,
        state,
        due,
        held["unit"],
        stage=held["stage"],
        first=dt.datetime.fromisoformat(held["first"]),
        minutes=held["minutes"] - counted + due.minutes,
    )
    return columns | {"extended": held["extended"], "paused": held["paused"]}


def lengthen(case: Proposal, period: dict[str, Any]) -> dict[str, Any]:
    """The columns of a clock that gets a further period; what was promised first stays visible."""
    assert case.due_at
    due = calendar.extend(case.due_at, period)
    return prolong(case, due.at, provisional=due.provisional) | {"extended": True}


def prolong(case: Proposal, until: dt.datetime, *, provisional: bool = False) -> dict[str, Any]:
    """The columns of a clock that runs until a later instant."""
    assert case.due_at and case.owner
    minutes = case.due_minutes + calendar.counted(case.due_at, until, case.due_unit)
    columns = _running(
        case.owner.area,
        State(case.state),
        Due(until, provisional or case.due_provisional, minutes),
        case.due_unit,
        stage=case.stage,
        first=case.first_due_at,
        minutes=minutes,
    )
    return columns | {"extended": case.extended, "paused": case.paused}


def stages(state: State) -> range:
    """Which stages a state has: where time itself makes a move there is no ladder, a ballot warns by itself."""
    if state in RINGING:
        return range(2)
    return range(OVERDUE, SUPERVISED) if state == State.VOTING else range(SUPERVISED)


def rings_at(area: Area, state: State, due_at: dt.datetime, unit: str, minutes: int, stage: int) -> dt.datetime | None:
    """When the clock next has something to say, `stage` of its stages being said already; None: never again."""
    nxt = next((n for n in stages(state) if n >= stage), None)
    if nxt is None:
        return due_at if state in RINGING else None
    step = STAGES[nxt]
    if step.after:
        return calendar.workdays_after_due(due_at, policy.value(area, step.after))
    return calendar.before(due_at, unit, minutes * (100 - step.share) // 100)


def _running(
    area: Area, state: State, due: Due, unit: str, *, stage: int, first: dt.datetime | None, minutes: int
) -> dict[str, Any]:
    return {
        "due_at": due.at,
        "due_provisional": due.provisional,
        "first_due_at": first,
        "due_unit": unit,
        "due_minutes": minutes,
        "stage": stage,
        "ring_at": rings_at(area, state, due.at, unit, minutes, stage),
        "extended": False,
        "paused": False,
    }
