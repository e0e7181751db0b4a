"""What time does to cases. Every sweep may run twice, late, or in two processes: the move's compare-and-set decides."""

import datetime as dt
import logging

from django.db import transaction

from areas.competence import NobodySits
from ledger.actors import SYSTEM
from people.verdict import Refused

from . import drafts, evaluation, lifecycle
from .models import Proposal
from .moves import TIMERS
from .states import Outcome, State

log = logging.getLogger(__name__)
RINGING = (*TIMERS, State.EVALUATING)
DRAFT_LIFE = dt.timedelta(days=30)


def sweep(now: dt.datetime) -> int:
    """Make every move whose time has come; returns how many were made."""
    done = 0
    for pk in Proposal.objects.due(now).filter(state__in=RINGING).values_list("pk", flat=True):
        done += _ring(pk, now)
    drafts.purge(now - DRAFT_LIFE)
    return done


@transaction.atomic
def _ring(pk: int, now: dt.datetime) -> int:
    case = Proposal.objects.select_for_update(of=("self",)).select_related("area", "owner__area").get(pk=pk)
    if case.due_at is None or case.due_at > now or case.state not in RINGING:
        return 0
    try:
        with transaction.atomic():
            if case.state == State.EVALUATING:
                evaluation.end_by_time(case, now)
            elif TIMERS[State(case.state)] == "expire":
                lifecycle.move(case, "expire", by=SYSTEM, at=now, timer=True, outcome=str(Outcome.NOT_CARRIED))
            else:
                lifecycle.move(case, TIMERS[State(case.state)], by=SYSTEM, at=now, timer=True)
    except (Refused, NobodySits):
        log.info("Case %s had moved on before its clock rang.", case, exc_info=True)
        return 0
    return 1
