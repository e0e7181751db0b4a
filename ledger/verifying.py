"""Checking the whole record: chains, commitments, seals, and what each app above adds of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import canonical
from .models import Chain, Event, Seal, SealedHead, Text
from .sealing import root_of


@dataclass(frozen=True)
class Problem:
    """row: where to look, as app.model #key or chain#number; what: the finding in a sentence."""

    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.row}: {self.what}"


Check = Callable[[], Iterator[Problem]]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register an app's own check, run by `manage.py verify` after the ledger's."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


def verify(chain: str | None = None) -> Iterator[Problem]:
    """Every problem, in order; empty when all is as it was written. Memory stays bounded."""
    yield from chains(chain)
    yield from texts(chain)
    if chain is None:
        yield from seals()
        for function in CHECKS.values():
            yield from function()


def chains(only: str | None = None) -> Iterator[Problem]:
    events = Event.objects.order_by("chain_id", "number")
    heads = Chain.objects.order_by("pk")
    if only:
        events, heads = events.filter(chain_id=only), heads.filter(pk=only)
    ends: dict[str, tuple[int, str]] = {}
    for event in events.iterator(chunk_size=2000):
        number, prev = ends.get(event.chain_id, (0, canonical.GENESIS))
        if event.number != number + 1:
            yield Problem(str(event), f"event {number + 1} of this chain is missing")
        elif event.prev != prev:
            yield Problem(str(event), "does not follow from the event before it")
        if event.fingerprint() != event.hash:
            yield Problem(str(event), "was altered after it was written")
        ends[event.chain_id] = (event.number, event.hash)
    for head in heads.iterator(chunk_size=2000):
        if (head.number, head.hash) != ends.get(head.pk, (0, canonical.GENESIS)):
            yield Problem(f"ledger.chain {head.pk}", "its head is not its last event: events were cut off or added")


def texts(only: str | None = None) -> Iterator[Problem]:
    """Erased texts are fine when the event that erased them names them; altered ones are not."""
    rows = Text.objects.select_related("event", "erased_by").order_by("pk")
    if only:
        rows = rows.filter(event__chain_id=only)
    for text in rows.iterator(chunk_size=2000):
        promised = text.event.commitments.get(text.field)
        if text.erased_by:
            named = [text.event.number, text.field] in text.erased_by.payload.get("erased", [])
            if text.erased_by.kind != "text.erased" or not named:
                yield Problem(f"{text.event} “{text.field}”", "is marked as erased by an event that does not name it")
        elif not text.salt or canonical.commitment(text.salt, text.text) != promised:
            yield Problem(f"{text.event} “{text.field}”", "the text was altered after it was written")


def seals() -> Iterator[Problem]:
    prev = canonical.GENESIS
    for seal in Seal.objects.order_by("pk").iterator():
        heads = list(SealedHead.objects.filter(seal=seal).order_by("chain_id"))
        if seal.prev != prev or seal.root != root_of(seal.at, seal.prev, [[h.chain_id, h.number, h.hash] for h in heads]):
            yield Problem(f"ledger.seal {seal.pk}", "the seal does not fit what it sealed")
        prev = seal.root
        for head in heads:
            if not Event.objects.filter(chain_id=head.chain_id, number=head.number, hash=head.hash).exists():
                yield Problem(f"{head}", f"is not as it was sealed on {seal.at:%Y-%m-%d}")
