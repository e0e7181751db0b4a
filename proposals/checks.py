"""What verify checks of a case: the row is what folding its events gives, and the answer is the one that was signed."""

import datetime as dt
import itertools
from collections.abc import Iterator

from ledger.models import Event
from ledger.verifying import Problem, check

from . import folding
from .decision import facts, words
from .folding import Standing
from .models import Decision, Proposal
from .states import State


def standing(case: Proposal) -> Standing:
    """How the row says the case stands, in the terms of folding."""
    return Standing(
        state=case.state,
        owner=case.owner_id,
        level=case.level,
        due=case.due_at.astimezone(dt.UTC).isoformat() if case.due_at else None,
        stage=case.stage,
        round=case.rectified,
        hand_backs=case.hand_backs,
    )


@check("proposals")
def cases() -> Iterator[Problem]:
    told = _told()
    for case in Proposal.objects.exclude(state=State.DRAFT).order_by("pk").iterator(chunk_size=2000):
        said = told.get(case.chain)
        if said != standing(case):
            why = said if isinstance(said, str) else "is not as its events tell"
            yield Problem(f"proposals.proposal #{case.pk} ({case.number})", why)


def _told() -> dict[str, Standing | str]:
    """What the events of each chain tell, or why they do not follow from one another."""
    rows = Event.objects.filter(kind__in=folding.KINDS).order_by("chain_id", "number")
    found: dict[str, Standing | str] = {}
    by_chain = itertools.groupby(
        rows.values_list("chain_id", "payload").iterator(chunk_size=2000), key=lambda row: row[0]
    )
    for chain, events in by_chain:
        try:
            found[chain] = folding.fold(payload for _chain, payload in events)
        except folding.Broken as error:
            found[chain] = str(error)
    return found


@check("decisions")
def decisions() -> Iterator[Problem]:
    """The words of an answer are those that were committed when it was signed."""
    events = {
        (event.chain_id, event.payload["decision"]): event
        for event in Event.objects.filter(kind__in=["case.decided", "case.corrected"]).prefetch_related("texts")
    }
    rows = Decision.objects.select_related("proposal").prefetch_related("points").order_by("pk")
    for decision in rows.iterator(chunk_size=2000):
        event = events.get((decision.proposal.chain, decision.pk))
        if event is None or not _is_signed(decision, event):
            yield Problem(f"proposals.decision #{decision.pk}", "is not the answer that was signed")


def _is_signed(decision: Decision, event: Event) -> bool:
    """Whatever the event says of the answer stands in its rows. Events of the first version said less."""
    kept = words(decision)
    said = {text.field: text.text for text in event.texts.all() if not text.erased_by_id}
    return all(kept.get(name) == text for name, text in said.items()) and all(
        event.payload.get(name, value) == value for name, value in facts(decision).items()
    )
