"""What proposals does when something happened in a lower room: the closed ballot makes the case's next move."""

from ledger.actors import SYSTEM
from ledger.following import follow
from ledger.models import Event

from . import lifecycle
from .models import Proposal
from .states import State

VERBS = {"passed": "resolve", "not_passed": "fail", "no_quorum": "miss_quorum"}


@follow("ballot.closed", name="proposals.ballot_closed")
def ballot_closed(event: Event) -> None:
    case = Proposal.objects.select_related("area", "owner__area").filter(chain=event.chain_id).first()
    verb = VERBS.get(event.payload.get("result", ""))
    if case is None or verb is None or case.state != State.VOTING:
        return
    lifecycle.move(case, verb, by=SYSTEM, at=event.at, ballot=event.payload["ballot"])
