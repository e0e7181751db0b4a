"""What proposals does when something happened in a lower room: what became of a ballot moves its case."""

import datetime as dt

from ledger.actors import SYSTEM
from ledger.following import follow
from ledger.models import Event
from voting.models import Ballot

from . import lifecycle
from .models import Proposal
from .states import State

VERBS = {"passed": "resolve", "not_passed": "fail", "no_quorum": "miss_quorum", "tied": "tie"}


@follow("ballot.closed", name="proposals.ballot_closed")
def ballot_closed(event: Event) -> None:
    """The result waits for objections, and the case with it. Of a ballot of version 0.2 it was final at once."""
    if Ballot.objects.get(pk=event.payload["ballot"]).is_old:
        ballot_final(event)
    else:
        prolong(event)


@follow("ballot.extended", "objection.made", name="proposals.ballot_prolonged")
def prolong(event: Event) -> None:
    """The case's clock runs as long as its ballot, the objections and the rulings on them need."""
    case, until = _voting(event), event.payload.get("due", "")
    if case is not None and until and case.due_at and dt.datetime.fromisoformat(until) > case.due_at:
        lifecycle.move(case, "prolong", by=SYSTEM, at=event.at, until=until)


@follow("ballot.final", name="proposals.ballot_final")
def ballot_final(event: Event) -> None:
    case, verb = _voting(event), VERBS.get(event.payload.get("result", ""))
    if case is not None and verb is not None:
        lifecycle.move(case, verb, by=SYSTEM, at=event.at, ballot=event.payload["ballot"])


@follow("ballot.annulled", name="proposals.ballot_annulled")
def ballot_annulled(event: Event) -> None:
    if case := _voting(event):
        lifecycle.move(case, "annul", by=SYSTEM, at=event.at, ballot=event.payload["ballot"])


def _voting(event: Event) -> Proposal | None:
    """The case, as long as it waits for its ballot."""
    cases = Proposal.objects.select_related("area", "owner__area").filter(chain=event.chain_id, state=State.VOTING)
    return cases.first()
