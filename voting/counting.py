"""The close: nobody casts any more, the record is checked, the urn is opened, the papers are counted."""

import datetime as dt
import itertools
import logging
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from ledger.actors import SYSTEM
from ledger.recording import record
from ledger.verifying import Problem

from . import auditing, envelopes, tally
from .models import Ballot, BallotPaper, Receipt
from .states import Choice, State

log = logging.getLogger(__name__)

_BATCH = 1000
_NAMED = 20


@transaction.atomic
def close(pk: int, *, at: dt.datetime) -> bool:
    """Count a ballot whose time is over. False when it is too early, or somebody was first.

    The row is locked against everybody: whoever cast before has committed, whoever comes later finds it closed. When
    the record does not add up, nothing is counted and the ballot says so.
    """
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("area").get(pk=pk)
    if ballot.state != State.OPEN or at < ballot.closes_at:
        return False
    if found := list(auditing.faults(ballot)):
        _stop(ballot, found, at)
    else:
        _count(ballot, at)
    return True


def _count(ballot: Ballot, at: dt.datetime) -> None:
    choices = list(_opened(ballot))
    outcome = tally.count(choices, ballot.roll_size, ballot.rule)
    _rewrite_papers(ballot, choices)
    _rewrite_receipts(ballot)
    ballot.state, ballot.result = State.CLOSED, outcome.result
    ballot.yes, ballot.no, ballot.abstain = outcome.yes, outcome.no, outcome.abstain
    ballot.save(update_fields=["state", "result", "yes", "no", "abstain"])
    record("ballot.closed", chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, ballot=ballot.pk, **outcome.data())


def _stop(ballot: Ballot, found: list[Problem], at: dt.datetime) -> None:
    """Keep the urn sealed. The event names the rows, and no choice."""
    for problem in found:
        log.error("Not counted: %s", problem)
    ballot.state = State.STOPPED
    ballot.save(update_fields=["state"])
    rows = sorted({problem.row for problem in found})
    facts: dict[str, Any] = {"ballot": ballot.pk, "faults": len(found), "rows": rows[:_NAMED]}
    record("ballot.stopped", chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, **facts)


def _opened(ballot: Ballot) -> Iterator[Choice]:
    for pk, envelope in ballot.papers.values_list("pk", "envelope").iterator():
        choice = envelopes.unseal(ballot.pk, pk, envelope)
        if choice is not None:
            yield choice


def _rewrite_papers(ballot: Ballot, choices: list[Choice]) -> None:
    """The same choices on new papers, in the order of their new random numbers: where a row lies tells nothing."""
    ballot.papers.all().delete()
    drawn = iter(sorted((uuid.uuid4(), choice) for choice in choices))
    while batch := list(itertools.islice(drawn, _BATCH)):
        BallotPaper.objects.bulk_create(
            BallotPaper(id=pk, ballot=ballot, envelope=envelopes.seal(ballot.pk, pk, choice), choice=choice)
            for pk, choice in batch
        )


def _rewrite_receipts(ballot: Ballot) -> None:
    codes = sorted(ballot.receipts.values_list("code", flat=True))
    ballot.receipts.all().delete()
    Receipt.objects.bulk_create((Receipt(ballot=ballot, code=code) for code in codes), batch_size=_BATCH)
