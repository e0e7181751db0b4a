"""What a move does to its own row and to lower rooms, in the move's transaction."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from deliberation import discussion
from deliberation.models import Thread
from ledger.models import Visibility
from notifications import subscriptions
from voting import balloting

from . import limits
from .models import Proposal


@dataclass
class Step:
    """One move while it happens: `facts` go into the event, `changes` are columns written with the state."""

    proposal: Proposal
    by: Any
    at: dt.datetime
    facts: dict[str, Any]
    texts: dict[str, str]
    changes: dict[str, Any] = field(default_factory=dict)


def subscribe_proposer(step: Step) -> None:
    if step.proposal.proposer:
        subscriptions.add(step.proposal.proposer, step.proposal.chain)


def set_threshold(step: Step) -> None:
    needed = limits.households(step.proposal.area)
    step.changes["endorsements_needed"] = step.facts["needed"] = needed


def count_round(step: Step) -> None:
    step.changes["rectified"] = step.facts["round"] = step.proposal.rectified + 1


def open_thread(step: Step) -> None:
    case = step.proposal
    if not Thread.objects.filter(chain=case.chain).exists():
        discussion.open_thread(chain=case.chain, area=case.area, by=step.by, at=step.at, visibility=Visibility.PUBLIC)


def close_thread(step: Step) -> None:
    thread = Thread.objects.filter(chain=step.proposal.chain, is_open=True).first()
    if thread:
        discussion.close_thread(thread, by=step.by, at=step.at)


def call_ballot(step: Step) -> None:
    """The ballot opens at once and closes with the case's clock for voting."""
    assert step.proposal.due_at is not None
    balloting.call(
        chain=step.proposal.chain,
        area=step.proposal.area,
        question=step.texts["text"],
        plan=step.texts.get("plan", ""),
        opens_at=step.at,
        closes_at=step.proposal.due_at,
        by=step.by,
        at=step.at,
    )
