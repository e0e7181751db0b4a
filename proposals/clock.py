"""What time does to cases: warnings, the ladder of supervision, moves by the timer, bodies that no longer sit.

Every sweep may run twice, late, or in two processes: the row is locked, read again, and written by compare-and-set.
"""

import datetime as dt
import logging
from collections.abc import Iterator

from django.db import transaction

from areas.competence import NobodySits
from areas.models import Body
from ledger.actors import SYSTEM
from ledger.models import Visibility
from people.verdict import Refused

from . import deadlines, drafts, evaluation, lifecycle
from .deadlines import STAGES, SUPERVISED, TIMERS
from .models import Proposal, ProposalQuerySet
from .moves import MOVES
from .states import ENDED, State

log = logging.getLogger(__name__)
DRAFT_LIFE = dt.timedelta(days=30)
AGAIN = dt.timedelta(hours=1)
BATCH = 500


def sweep(now: dt.datetime) -> int:
    """Do everything whose time has come; returns for how many cases there was something to do."""
    done = sum(_ring(pk, now) for pk in _keys(Proposal.objects.ringing(now)))
    done += sum(_succeed(pk, now) for pk in _keys(_orphans(now)))
    drafts.purge(now - DRAFT_LIFE)
    return done


def _keys(cases: ProposalQuerySet) -> Iterator[int]:
    """Keys in batches, each case once: memory stays the same however many there are."""
    last = 0
    while batch := list(cases.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


@transaction.atomic
def _ring(pk: int, now: dt.datetime) -> bool:
    """Everything that one case's clock has to say by now, in order."""
    case = _locked(pk)
    if case is None or case.ring_at is None or case.ring_at > now:
        return False
    while case.ring_at is not None and case.ring_at <= now:
        stage = next((n for n in deadlines.stages(State(case.state)) if n >= case.stage), None)
        if stage is None:
            _end_by_time(case, now)
            break
        _say(case, stage, now)
        if stage + 1 == SUPERVISED and _climb(case, now):
            break
    return True


def _say(case: Proposal, stage: int, now: dt.datetime) -> None:
    """One warning or one step of the ladder, once: the stage moves on with it."""
    assert case.owner is not None and case.due_at is not None
    said = STAGES[stage]
    state, area = State(case.state), case.owner.area
    changes = {
        "stage": stage + 1,
        "ring_at": deadlines.rings_at(area, state, case.due_at, case.due_unit, case.due_minutes, stage + 1),
    }
    if stage + 1 == SUPERVISED:
        changes["supervised_at"] = case.supervised_at or now
    lifecycle.write(case, changes)
    seen = Visibility.PUBLIC if case.is_public and said.share not in (50, 80) else Visibility.PARTIES
    lifecycle.record_standing(said.event, case, by=SYSTEM, at=now, visibility=seen, share=said.share)


def _climb(case: Proposal, now: dt.datetime) -> bool:
    """The longest delay takes the case out of the body's hands, where there is a level above."""
    if case.state not in MOVES["climb"].sources:
        return False
    try:
        with transaction.atomic():
            lifecycle.move(case, "climb", by=SYSTEM, at=now, reason="timer", timer=True)
    except (Refused, NobodySits):
        return False
    return True


def _end_by_time(case: Proposal, now: dt.datetime) -> None:
    """The move that time itself makes. What cannot be done now is tried again in an hour, and the log says why."""
    try:
        with transaction.atomic():
            if case.state == State.EVALUATING:
                evaluation.end_by_time(case, now)
            else:
                lifecycle.move(case, TIMERS[State(case.state)], by=SYSTEM, at=now, timer=True)
    except (Refused, NobodySits):
        log.warning("The time of case %s is over, but its move was refused", case.number, exc_info=True)
        Proposal.objects.filter(pk=case.pk).update(ring_at=now + AGAIN)


def _orphans(now: dt.datetime) -> ProposalQuerySet:
    """Open cases of bodies that no longer sit."""
    gone = Body.objects.exclude(pk__in=Body.objects.sitting(now))
    return Proposal.objects.filter(owner__in=gone).exclude(state__in=[State.DRAFT, *ENDED])


@transaction.atomic
def _succeed(pk: int, now: dt.datetime) -> bool:
    case = _locked(pk)
    if case is None or case.state not in MOVES["succeed"].sources:
        return False
    try:
        with transaction.atomic():
            lifecycle.move(case, "succeed", by=SYSTEM, at=now)
    except (Refused, NobodySits):
        log.warning("No body sits that could take case %s", case.number)
        return False
    return True


def _locked(pk: int) -> Proposal | None:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("area", "owner__area", "left_owner__area")
    return rows.filter(pk=pk).first()
