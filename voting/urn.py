"""The urn: a paper goes in sealed, and all are taken out and counted together."""

import uuid
from collections.abc import Iterator
from typing import Any

from . import envelopes, hands, receipts
from .methods import METHODS
from .models import Ballot, BallotPaper, RollEntry
from .states import Channel
from .tally import Weight

SEALED = ("pk", "envelope", "entry", "channel", "receipt")
_BATCH = 1000


def put(ballot: Ballot, entry: RollEntry | None, content: Any, channel: Channel, code: str = "") -> str:
    """Returns the receipt code of the paper. A secret paper keeps nothing of the right and the channel it came from.

    code: a new one unless the voter holds one already: the serial of a slip.
    """
    code = code or receipts.draw()
    if not ballot.is_named:
        paper = uuid.uuid4()
        BallotPaper.objects.create(id=paper, ballot=ballot, envelope=envelopes.seal(ballot.pk, paper, content))
        return receipts.issue(ballot, code)
    assert entry is not None, "A named paper belongs to a right."
    paper = number_of(entry.pk, ballot.papers.filter(entry=entry).count() + 1)
    envelope = envelopes.seal(ballot.pk, paper, content, entry.pk, _beside(channel, code))
    facts = {"entry": entry, "channel": channel, "receipt": code}
    BallotPaper.objects.create(id=paper, ballot=ballot, envelope=envelope, **facts)
    return code


def number_of(right: int, nth: int) -> uuid.UUID:
    """Of the nth paper of a named right. Envelopes are bound to it, so that it tells which paper is the last."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"right:{right}:{nth}")


def unsealed(ballot: int, paper: uuid.UUID, envelope: str, right: int | None, channel: str, receipt: str) -> Any:
    """What a paper says, or None when it is not as it was put in."""
    return envelopes.unseal(ballot, paper, envelope, right, _beside(channel, receipt))


def opened(ballot: Ballot) -> Iterator[tuple[uuid.UUID, Any, int]]:
    """Each paper that counts: its number, what its envelope holds, and the floor area behind it in 0.01 m²."""
    papers = ballot.papers.effective().values_list(*SEALED, "entry__floor_area")
    for *sealed, area in papers.iterator(chunk_size=_BATCH):
        content = unsealed(ballot.pk, *sealed)
        if content is not None:
            yield sealed[0], content, area or 0


def tally(ballot: Ballot) -> dict[str, Any]:
    """What the papers give, or the hands, in any order: as voting.methods counts, and as the ledger records it."""
    rule = ballot.rule
    papers = ((content, Weight(1, area)) for _paper, content, area in opened(ballot))
    cast = hands.papers(ballot) if ballot.is_show else papers
    return METHODS[rule.method].count(cast, Weight(ballot.roll_size, ballot.roll_area), rule).data()


def _beside(channel: str, receipt: str) -> str:
    return f":{channel}:{receipt}" if channel else ""
