"""Paper ballots, held against what was read on them and what lies in the urn."""

from collections.abc import Iterator

from ledger.verifying import Problem
from people.verdict import Refused

from . import keying, paper
from .models import Ballot, Slip
from .states import Channel, SlipFault, SlipState

_BATCH = 1000
_DECIDED_BY_THE_ROLL = (SlipFault.DUPLICATE, SlipFault.WRONG)


def faults(ballot: Ballot) -> Iterator[Problem]:
    """What a secret slip said ends with the count; the roll of a named one says whether its paper is there."""
    if ballot.is_named or not ballot.is_counted:
        yield from _unlike_their_readings(ballot)
    if ballot.is_named:
        yield from _without_each_other(ballot)


def _unlike_their_readings(ballot: Ballot) -> Iterator[Problem]:
    slips = ballot.slips.exclude(state=SlipState.PRINTED).prefetch_related("readings__slip")
    for slip in slips.iterator(chunk_size=_BATCH):
        if not _is_as_read(slip):
            yield Problem(_row(slip), "is not what two clerks read")


def _is_as_read(slip: Slip) -> bool:
    try:
        found = keying.agreed([keying.unsealed(reading) for reading in slip.readings.all()])
    except Refused:
        return False
    if found is None:
        return slip.state in paper.UNREAD or slip.fault == SlipFault.LATE
    if found.fault:
        return slip.fault == found.fault
    return slip.state == SlipState.VALID or slip.fault in _DECIDED_BY_THE_ROLL


def _without_each_other(ballot: Ballot) -> Iterator[Problem]:
    """Each valid slip has its paper, and each paper that came on paper has one slip."""
    papers = ballot.papers.effective().filter(channel=Channel.PAPER)
    waiting = set(papers.values_list("entry", flat=True))
    for slip in ballot.slips.filter(state=SlipState.VALID).order_by("pk"):
        if slip.entry_id not in waiting:
            yield Problem(_row(slip), "its paper is not in the urn")
        waiting.discard(slip.entry_id)
    for entry in sorted(waiting):
        yield Problem(f"voting.rollentry #{entry}", "its paper vote has no valid slip")


def _row(slip: Slip) -> str:
    return f"voting.slip #{slip.pk}"
