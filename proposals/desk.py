"""What waits for me: the cases of my bodies in which I can make the next move, by due date."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from areas import calendar
from people.models import Appointment

from . import casepage, lifecycle
from .models import Proposal
from .states import ENDED, State

WAITING = frozenset(State) - ENDED - {State.DRAFT, State.RETURNED, State.ENDORSING, State.VOTING, State.EVALUATING}
SOON, MOST = 3, 200


@dataclass
class Task:
    case: Proposal
    clock: casepage.Clock | None
    moves: list[Any]
    can_decide: bool
    group: str


def tasks(user: Any, now: dt.datetime) -> list[Task]:
    bodies = Appointment.objects.current(now).filter(user=user).values("body")
    cases = Proposal.objects.filter(owner__in=bodies, state__in=WAITING).for_cards().order_by("due_at", "pk")
    found = []
    for case in cases[:MOST]:
        moves = lifecycle.available_moves(user, case, now)
        can_decide = lifecycle.may(user, case, "decide", now).allowed
        if moves or can_decide:
            clock = casepage.clock_of(case, now)
            found.append(Task(case, clock, moves, can_decide, _group(case, clock, now)))
    return found


def _group(case: Proposal, clock: casepage.Clock | None, now: dt.datetime) -> str:
    if clock is None or case.due_at is None:
        return "later"
    if clock.overdue:
        return "overdue"
    return "soon" if calendar.workdays_between(now, case.due_at) <= SOON else "later"
