"""Which cases an event of the ledger touches, for the index."""

from collections.abc import Iterable

from ledger.models import Event
from proposals.models import Proposal


def cases(events: list[Event]) -> Iterable[int]:
    return Proposal.objects.filter(chain__in={event.chain_id for event in events}).values_list("pk", flat=True)
