"""What verify checks of a case: the row is what folding its events gives."""

from collections.abc import Iterator

from ledger.models import Event
from ledger.verifying import Problem, check

from .models import Decision, Proposal
from .moves import TABLE
from .states import State

KINDS = sorted({move.event for move in TABLE})


@check("proposals")
def cases() -> Iterator[Problem]:
    told: dict[str, tuple[str, int | None, int]] = {}
    moves = Event.objects.filter(kind__in=KINDS).order_by("chain_id", "number")
    for chain, payload in moves.values_list("chain_id", "payload").iterator(chunk_size=2000):
        if "to" in payload:
            told[chain] = (payload["to"], payload["owner"], payload["level"])
    for case in Proposal.objects.exclude(state=State.DRAFT).order_by("pk").iterator(chunk_size=2000):
        if told.get(case.chain) != (case.state, case.owner_id, case.level):
            yield Problem(f"proposals.proposal #{case.pk} ({case.number})", "is not as its events tell")


@check("decisions")
def decisions() -> Iterator[Problem]:
    """The words of an answer are those that were committed when it was signed."""
    events = {
        (event.chain_id, event.payload["decision"]): event
        for event in Event.objects.filter(kind="case.decided").prefetch_related("texts")
    }
    for decision in Decision.objects.select_related("proposal").iterator(chunk_size=2000):
        event = events.get((decision.proposal.chain, decision.pk))
        said = {text.field: text.text for text in event.texts.all() if not text.erased_by_id} if event else {}
        if event is None or any(getattr(decision, name) != text for name, text in said.items()):
            yield Problem(f"proposals.decision #{decision.pk}", "is not the answer that was signed")
