"""The officers' desks, one for each role: which cases wait there, how urgent they are, what each asks for next."""

import datetime as dt
import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from areas import calendar
from areas.models import Body
from people import standing
from people.models import Appointment, User
from people.roles import Right
from people.standing import Standing

from . import bulk, casepage, lifecycle, policies, worklist
from .deadlines import OVERDUE
from .models import Proposal, Screening
from .move import Move
from .moves import MOVES, SETBACKS, TABLE
from .states import ENDED, Exclusion, State
from .worklist import Act, Group, Task

PER_PAGE, SOON, AMBER = 30, 3, 2
S = State
# Where an office is late when time is up; in the other open states the residents have the word.
OFFICE = frozenset(State) - ENDED - {S.DRAFT, S.RETURNED, S.ENDORSING, S.EVALUATING}
EXCLUSION = ("exclude", "keep_counting")
WATCHING = (*EXCLUSION, "urge", "criticise", "reassign")
OF_RESIDENTS = (policies.proposer, policies.submitting_proposer, policies.proposer_or_timer, policies.heir)


@dataclass(frozen=True)
class Desk:
    """states: in which a case waits here. watches: it looks from above at what other bodies are late with."""

    name: str
    label: Promise
    icon: str
    right: Right
    states: tuple[State, ...] = ()
    watches: bool = False

    def offers(self, move: Move) -> bool:
        if self.watches:
            return move.verb in WATCHING
        return move.by_form and move.verb not in WATCHING and move.who not in OF_RESIDENTS


OF_THE_BODY = (
    S.SCREENING, S.DELIBERATING, S.NO_QUORUM, S.NOT_PASSED, S.RESOLVED, S.ESCALATED, S.HANDED_DOWN, S.ARBITRATING,
    S.APPEALED, S.REVIEWING, S.DEFERRING, S.DEFERRED, S.SUSPENDED, S.DECIDED,
)  # fmt: skip
DESKS = (
    Desk("moderator", pgettext_lazy("desk", "Screening"), "inbox", Right.SCREEN, (S.SUBMITTED, S.SCREENING)),
    Desk("body", pgettext_lazy("desk", "Deliberation"), "users-round", Right.STEER, OF_THE_BODY),
    Desk("decider", pgettext_lazy("desk", "Answers"), "file-check", Right.DECIDE, (S.DECIDING,)),
    Desk(
        "handler",
        pgettext_lazy("desk", "Carrying out"),
        "hammer",
        Right.HANDLE,
        (S.DECIDED, S.IMPLEMENTING, S.RECTIFYING),
    ),
    Desk("supervisor", pgettext_lazy("desk", "Supervision"), "siren", Right.SUPERVISE, watches=True),
)
NAMES = frozenset(desk.name for desk in DESKS)
SHOWN = {
    "red": gettext_lazy("Red: overdue"),
    "amber": gettext_lazy("Amber: time nearly over"),
    "supervised": gettext_lazy("Under supervision"),
    "exclusion": gettext_lazy("Leave it out of the rates?"),
}


@dataclass(frozen=True)
class Seat:
    """A desk as one person has it: for which bodies, which cases are theirs there, and by what they are sorted out.

    parts: the first two are the urgent ones.
    """

    desk: Desk
    bodies: list[Body]
    waiting: Q
    parts: dict[str, Q]

    @property
    def body_names(self) -> str:
        return _(", ").join(body.name for body in self.bodies)

    @property
    def urgent(self) -> dict[str, Q]:
        return dict(list(self.parts.items())[:2])


@dataclass(frozen=True)
class Sheet:
    """One page of a desk. bulk: the moves that may be made for many of its cases at once."""

    page: Page[Proposal]
    groups: list[Group]
    bulk: list[Move]


# ── who has which desk ───────────────────────────────────────────────────────


def seats(user: User, now: dt.datetime) -> list[Seat]:
    held = standing.of(user, now)
    found = [(desk, _bodies(desk, held, now)) for desk in DESKS]
    return [_seat(desk, bodies, user, now) for desk, bodies in found if bodies]


def _bodies(desk: Desk, held: Standing, now: dt.datetime) -> list[Body]:
    """Where nobody is appointed to carry out, those who lead the body do."""
    bodies = held.bodies(desk.right)
    if desk.right != Right.HANDLE:
        return bodies
    led = held.bodies(Right.STEER)
    working = Appointment.objects.current(now).with_right(Right.HANDLE).filter(body__in=led)
    staffed = {body.pk for body in bodies} | set(working.values_list("body", flat=True))
    return bodies + [body for body in led if body.pk not in staffed]


def _seat(desk: Desk, bodies: list[Body], user: User, now: dt.datetime) -> Seat:
    if desk.watches:
        return _watch(desk, bodies, user, now)
    colleagues = Q(state=State.APPEALED) & (Q(refused_by=user) | Q(proposer=user))  # nobody judges their own matter
    if desk.right in policies.JUDGING:
        colleagues |= Q(proposer=user)
    waiting = Q(owner__in=[body.pk for body in bodies], state__in=desk.states) & ~colleagues
    # up to this instant at most three working days are left: the fourth begins with it
    near = calendar.add_workdays(now, SOON + 1).at - calendar.DAY
    return Seat(desk, bodies, waiting, {"overdue": Q(due_at__lte=now), "soon": Q(due_at__gt=now, due_at__lte=near)})


def _watch(desk: Desk, bodies: list[Body], user: User, now: dt.datetime) -> Seat:
    """What is late or nearly so in the areas below, what is under supervision, and what a second person must decide."""
    red = Q(state__in=OFFICE) & (Q(stage__gte=OVERDUE) | Q(due_at__lte=now))
    parts = {
        "red": red,
        "amber": Q(state__in=OFFICE, stage__gte=AMBER) & ~red,
        "supervised": Q(supervised_at__isnull=False),
        "exclusion": Q(exclusion=Exclusion.ASKED) & ~Q(exclusion_by=user),
    }
    below = _any(Q(owner__area__path__startswith=body.area.path) for body in bodies)
    return Seat(desk, bodies, below & _any(parts.values()), parts)


def _any(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, conditions)


# ── how much waits ───────────────────────────────────────────────────────────


def totals(found: list[Seat]) -> dict[str, dict[str, int]]:
    """How many cases wait at each desk, all of them and part by part; one query."""
    if not found:
        return {}
    asked = {
        f"{seat.desk.name}__{part}": Count("pk", filter=seat.waiting & fits)
        for seat in found
        for part, fits in {"all": Q(), **seat.parts}.items()
    }
    counted = Proposal.objects.filter(_any(seat.waiting for seat in found)).aggregate(**asked)
    return {
        seat.desk.name: {part: counted[f"{seat.desk.name}__{part}"] for part in ("all", *seat.parts)} for seat in found
    }


def tabs(found: list[Seat], counted: dict[str, dict[str, int]]) -> list[tuple[Desk, int, int]]:
    """Each desk with how much waits there, and how much of it is late."""
    urgency = ((seat.desk, _urgency(seat, counted[seat.desk.name])) for seat in found)
    return [(desk, everything, late) for desk, (late, _near, everything) in urgency]


def filters(seat: Seat, counts: dict[str, int]) -> list[tuple[str, Promise, int]]:
    return [(part, SHOWN[part], counts[part]) for part in seat.parts if part in SHOWN]


def choose(found: list[Seat], counted: dict[str, dict[str, int]], name: str) -> Seat | None:
    """The desk of this name; without a name the one with the most urgent work."""
    if name:
        return next((seat for seat in found if seat.desk.name == name), None)
    return max(found, key=lambda seat: _urgency(seat, counted[seat.desk.name]), default=None)


def _urgency(seat: Seat, counts: dict[str, int]) -> tuple[int, int, int]:
    late, near = seat.urgent
    return counts[late], counts[near], counts["all"]


# ── one page of a desk ───────────────────────────────────────────────────────


def sheet(user: User, seat: Seat, now: dt.datetime, *, show: str = "", number: str | None = None) -> Sheet:
    """show: one of the seat's parts, or everything. number: of the page."""
    cases = Proposal.objects.filter(seat.waiting & seat.parts.get(show, Q()))
    ranked = worklist.ranked(cases, seat.urgent.values()).for_cards().select_related("screening")
    page = Paginator(ranked, PER_PAGE).get_page(number)
    rows, names = list(page.object_list), [*seat.urgent, "watched" if seat.desk.watches else "later"]
    _bring_examinations(rows)
    tasks = [_task(user, seat, case, names[worklist.rank(case)], now) for case in rows]
    verbs = {move.verb for task in tasks for move in task.bulk}
    return Sheet(page, worklist.grouped(tasks, names, worklist.sizes(ranked)), [MOVES[verb] for verb in sorted(verbs)])


def _bring_examinations(cases: list[Proposal]) -> None:
    """One query also when none of them was examined: for the empty one in front something is always asked."""
    for case in cases:
        case.__dict__["examination"] = getattr(case, "screening", None)
    found = (case.__dict__["examination"] for case in cases)
    prefetch_related_objects([Screening(pk=0), *filter(None, found)], "stakeholders")


def _task(user: User, seat: Seat, case: Proposal, group: str, now: dt.datetime) -> Task:
    offered = [m for m in TABLE if seat.desk.offers(m) and lifecycle.may(user, case, m.verb, now)]
    moves = sorted(offered, key=lambda move: (move.verb not in EXCLUSION, move.verb in SETBACKS))
    acts = _acts(user, case, moves, now)
    first = 2 if moves and moves[0].verb in EXCLUSION else 1  # whether it counts: two answers, none is the next step
    task = Task(case, group, casepage.clock_of(case, now), _do(seat, case, now), acts[:first], acts[first:])
    task.bulk, task.mark = [move for move in moves if move.bulk], bulk.mark(case)
    return task


def _do(seat: Seat, case: Proposal, now: dt.datetime) -> str | Promise:
    if seat.desk.watches and case.exclusion == Exclusion.ASKED:
        return _("Asked to be left out of the rates: a second person decides")
    return casepage.NEXT.get(case.state, "")


def _acts(user: User, case: Proposal, moves: list[Move], now: dt.datetime) -> list[Act]:
    """The moves as buttons; before them what has a page of its own, if it comes first."""
    acts = [worklist.act(case, move) for move in moves]
    if lifecycle.may(user, case, "decide", now):
        decide = MOVES["decide"]
        return [Act(decide.label, decide.icon, reverse("proposals:decide", args=[case.number])), *acts]
    if policies.may_screen(user, case, now):
        examine = Act(_("Examine"), "clipboard-list", reverse("proposals:screening", args=[case.number]))
        is_next = case.state == State.SCREENING and MOVES["open"] not in moves
        return [examine, *acts] if is_next else [*acts, examine]
    return acts
