"""The only writer of a case's state: verdict → compare-and-set → ledger event, in one transaction."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ledger.models import Event, Visibility
from ledger.recording import record
from notifications import inbox
from people.verdict import YES, Refused, Verdict, no

from . import deadlines, notices
from .arrivals import Arrival, Clock
from .consequences import Step
from .models import Proposal
from .move import Move
from .moves import MOVES, SETBACKS, TABLE
from .recipients import RESIDENTS_TURN
from .states import DETOURS, ENDED, State

REFUSED = frozenset({State.RETURNED, State.REJECTED, State.REFERRED})


class Stale(Refused):
    """Somebody else moved the case first: a door that can shows the fresh page, every other one says the sentence."""

    def __init__(self) -> None:
        super().__init__(no(_("Somebody else has just moved this case on. Here is how it stands now.")))


def may(by: Any, proposal: Proposal, verb: str, at: dt.datetime) -> Verdict:
    """May it happen now (the state), may this person do it, and is the case ready for it?"""
    move = MOVES[verb]
    if proposal.state not in move.sources:
        return no(
            _("This case is now “%(state)s”, so this step is not possible.") % {"state": proposal.get_state_display()}
        )
    verdict = move.who(by, proposal, at)
    for condition in move.conditions:
        verdict = verdict and condition(proposal, at)
    return verdict


def available_moves(by: Any, proposal: Proposal, at: dt.datetime) -> list[Move]:
    """What this person can do now by a button of its own; what takes the matter forward comes first."""
    found = [move for move in TABLE if move.by_form and may(by, proposal, move.verb, at)]
    return sorted(found, key=lambda move: move.verb in SETBACKS)


@transaction.atomic
def move(
    proposal: Proposal,
    verb: str,
    *,
    by: Any,
    at: dt.datetime,
    texts: Mapping[str, str] | None = None,
    **facts: Any,
) -> Event:
    """Make one move. `texts` (what a person wrote) is committed, not kept in the chain; `facts` are codes and numbers.

    Raises Refused with the reason, or Stale when somebody was first; `proposal` then is as it was.
    """
    verdict = may(by, proposal, verb, at)
    if not verdict:
        raise Refused(verdict)
    chosen = MOVES[verb]
    verdict = _has_reason(chosen, facts, texts or {})
    if not verdict:
        raise Refused(verdict)
    step = Step(proposal, by, at, dict(facts), dict(texts or {}))
    there = chosen.to(step) if callable(chosen.to) else Arrival(chosen.to, proposal.owner)
    _plan(step, there)
    for also in chosen.also:
        also(step)
    write(proposal, step.changes)
    event = record_standing(
        chosen.event,
        proposal,
        by=by,
        at=at,
        texts=texts,
        verb=verb,
        passed=[int(n) for n in there.passed],
        **step.facts,
    )
    if step.facts["from"] != proposal.state or ("owner" in step.changes and proposal.state not in RESIDENTS_TURN):
        inbox.settle(notices.act_key(proposal.chain, step.facts["from"]), at=at)
    for then in chosen.then:
        then(step)
    return event


def record_standing(kind: str, proposal: Proposal, *, by: Any, at: dt.datetime, **payload: Any) -> Event:
    """An event of the case that also tells how it stands after it: what folding needs (folding.py)."""
    seen = payload.pop("visibility", None)
    if payload.get("verb") == "appeal" and not proposal.text_is_public:
        seen = Visibility.PARTIES  # what is kept back of the matter is kept back of its appeal
    return record(
        kind,
        chain=proposal.chain,
        subject=proposal,
        by=by,
        at=at,
        visibility=seen or (Visibility.PUBLIC if proposal.is_public else Visibility.PARTIES),
        to=str(proposal.state),
        owner=proposal.owner_id,
        level=int(proposal.level),
        due=proposal.due_at.astimezone(dt.UTC).isoformat() if proposal.due_at else None,
        provisional=proposal.due_provisional,
        stage=proposal.stage,
        **payload,
    )


def write(proposal: Proposal, changes: dict[str, Any]) -> None:
    """Compare-and-set on the revision: zero rows written means that somebody was first. `proposal` follows the row."""
    changes = {**changes, "revision": proposal.revision + 1}
    if not Proposal.objects.filter(pk=proposal.pk, revision=proposal.revision).update(**changes):
        raise Stale
    for name, value in changes.items():
        setattr(proposal, name, value)


def _has_reason(chosen: Move, facts: Mapping[str, Any], texts: Mapping[str, str]) -> Verdict:
    if chosen.reasons and facts.get("reason") not in chosen.reasons:
        return no(_("Please choose a reason."))
    if chosen.text and not texts.get("text", "").strip():
        return no(_("Please write: %(what)s.") % {"what": chosen.text})
    return YES


def _plan(step: Step, there: Arrival) -> None:
    """Fill step.changes with the columns that this move writes."""
    case, at = step.proposal, step.at
    step.facts["from"] = str(case.state)
    if there.owner != case.owner:
        step.changes |= {"owner": there.owner, "level": there.owner.area.level, "owner_since": at}
    if there.clock != Clock.KEEP:
        step.changes |= {"state": there.state, "state_since": at, **_clock(case, there, at), **_detour(case, there, at)}
        step.changes |= {
            "refusal": _refusal(step, there.state),
            "outcome": step.facts.get("outcome", "") if there.state == State.CLOSED else "",
            "closed_at": at if there.state in ENDED else None,
        }
        if there.state in ENDED:
            step.changes["supervised_at"] = None


def _clock(case: Proposal, there: Arrival, at: dt.datetime) -> dict[str, Any]:
    if there.clock == Clock.HELD and case.held:
        columns = deadlines.go_on(there.owner.area, there.state, case.held, at)
        return columns | ({"paused": True} if case.state == State.SUSPENDED else {})
    return deadlines.start(there.owner.area, there.state, at, there.period)


def _detour(case: Proposal, there: Arrival, at: dt.datetime) -> dict[str, Any]:
    """Off the road the case remembers where it left it and what was left of its clock; back on it, it forgets."""
    if there.state not in DETOURS:
        return {"left_state": "", "left_owner": None, "held": {}}
    if case.state in DETOURS:
        return {}
    held = deadlines.stop(case, at) if case.due_at else {}
    return {"left_state": case.state, "left_owner": case.owner, "held": held}


def _refusal(step: Step, state: State) -> str:
    """Why it was refused: from the refusal itself, and as long as it is appealed or stands."""
    if state in REFUSED or state == State.APPEALED:
        return str(step.facts.get("reason", step.proposal.refusal))
    return ""
