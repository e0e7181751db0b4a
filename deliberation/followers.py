"""What the ledger tells the room: the case has moved on."""

from ledger import following
from ledger.models import Event

from . import events
from .models import Thread


@following.follow("case.*", name="deliberation.announce")
def announce(event: Event) -> None:
    if thread := Thread.objects.filter(chain=event.chain_id).first():
        events.case_moved(thread)
