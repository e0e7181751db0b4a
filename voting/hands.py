"""The hands that were raised in a meeting: what they count for, and whether the count is as two officers left it.

Everybody present takes part. Whoever raised a hand neither for nor against abstains, as a blank paper does.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger import canonical
from ledger.models import Event
from ledger.verifying import Problem
from people.privacy import keyed_hash

from .models import Ballot, HandCount
from .states import Choice
from .tally import Weight

ENTERED, CONFIRMED = "hands.entered", "hands.confirmed"


def counted(ballot: Ballot) -> HandCount | None:
    """The count that two officers answer for."""
    return HandCount.objects.filter(ballot=ballot, confirmed_at__isnull=False).first()


def by_question(count: HandCount) -> list[tuple[str, Mapping[str, int]]]:
    """The hands for each option with its words; for the question itself without any."""
    options = count.ballot.options
    return [(options[key], count.counts[key]) for key in count.ballot.rule.options] or [("", count.counts)]


def papers(ballot: Ballot) -> Iterator[tuple[Any, Weight]]:
    """One for each head present, as voting.methods counts them. Of an answer they tell only how often it was given."""
    if count := counted(ballot):
        for head in range(count.present):
            yield paper_of(count.counts, ballot.rule.options, head), Weight(1)


def seal(count: HandCount) -> str:
    """What the ledger keeps of a count: it shows every change, and to nobody without the key what was counted."""
    people = (count.entered_by_id, count.confirmed_by_id)
    times = [canonical.instant(at) for at in (count.entered_at, count.confirmed_at) if at]
    facts = [count.ballot_id, count.present, count.counts, count.minutes_hash, people, times]
    return keyed_hash("voting.hands", canonical.encode(facts).decode())


def digest(minutes: bytes) -> str:
    return hashlib.sha256(minutes).hexdigest()


def officers(ballot: Ballot) -> tuple[str, str]:
    """References of the two who answer for the count, as the ledger keeps them."""
    return _events(ballot, ENTERED)[-1].actor, _events(ballot, CONFIRMED)[-1].actor


def faults(ballot: Ballot) -> Iterator[Problem]:
    told, count = _events(ballot, ENTERED, CONFIRMED), HandCount.objects.filter(ballot=ballot).first()
    if told and count is None:
        yield Problem(f"voting.ballot #{ballot.pk}", "its hand count is gone, though the ledger tells of it")
    if count and (not told or told[-1].payload["seal"] != seal(count)):
        yield Problem(_row(count), "is not the count that was entered and confirmed")
    if count and not _has_minutes(count):
        yield Problem(_row(count), "its minutes are not those that came with it")
    if count and count.present > ballot.roll_size:
        yield Problem(_row(count), "more people were present than are on the roll")


def paper_of(counts: Mapping[str, Any], keys: Sequence[str], head: int) -> Any:
    """What one of those present would have written. keys: of the options."""
    return {key: _raised(counts[key], head) for key in keys} if keys else _raised(counts, head)


def _raised(counts: Mapping[str, int], head: int) -> str:
    """The answer of one of those present, when all who gave the same one stand together."""
    for choice in (Choice.YES, Choice.NO):
        if head < counts[choice]:
            return choice.value
        head -= counts[choice]
    return Choice.ABSTAIN.value


def _events(ballot: Ballot, *kinds: str) -> list[Event]:
    mine = Event.objects.filter(chain_id=ballot.chain, kind__in=kinds, payload__ballot=ballot.pk)
    return list(mine.order_by("number"))


def _has_minutes(count: HandCount) -> bool:
    try:
        with count.minutes.open("rb") as kept:
            return digest(kept.read()) == count.minutes_hash
    except FileNotFoundError:
        return False


def _row(count: HandCount) -> str:
    return f"voting.handcount #{count.pk}"
