"""The close: nobody casts any more, the record is checked, the urn is opened, the papers are counted.

And what follows: the papers are counted again, the vote is annulled, or its result becomes final.
"""

import datetime as dt
import itertools
import logging
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from areas import calendar
from ledger import canonical
from ledger.actors import SYSTEM, Actor
from ledger.recording import record
from ledger.verifying import Problem
from people.verdict import Refused, no

from . import auditing, envelopes, extension, limits, paper, publishing, urn
from .models import Ballot, BallotPaper, Receipt
from .states import State

log = logging.getLogger(__name__)

_BATCH = 1000
_NAMED = 20
BROKEN = no(
    _("The roll and the papers no longer add up, so they cannot be counted again. Such a vote can be annulled.")
)


@transaction.atomic
def close(pk: int, *, at: dt.datetime) -> bool:
    """Count a ballot whose time is over. False when it is too early, or somebody was first.

    The row is locked against everybody: whoever cast before has committed, whoever comes later finds it closed. When
    the record does not add up, nothing is counted and the ballot says so.
    """
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("area").get(pk=pk)
    if ballot.state != State.OPEN or at < ballot.closes_at or paper.waits(ballot, at=at):
        return False
    if found := list(auditing.faults(ballot)):
        _stop(ballot, found, at)
    elif not extension.extend(ballot, at=at):
        paper.settle(ballot, at=at)
        _count(ballot, at)
    return True


def recount(ballot: Ballot, *, by: Actor, at: dt.datetime) -> bool:
    """Under the ballot's lock: open the envelopes again; what they give holds from now on. True when it is the same.

    Refused when the record no longer adds up: then there is nothing to count by.
    """
    if list(auditing.faults(ballot)):
        raise Refused(BROKEN)
    outcome, before = urn.tally(ballot), ballot.tally
    ballot.result, ballot.tally = outcome["result"], outcome
    ballot.save(update_fields=["result", "tally"])
    facts = {"ballot": ballot.pk, "equal": outcome == before} | outcome
    record("ballot.recounted", chain=ballot.chain, subject=ballot, by=by, at=at, **facts)
    _publish(ballot, by=by, at=at)
    return bool(facts["equal"])


def annul(ballot: Ballot, *, reason: str, by: Actor, at: dt.datetime) -> None:
    """Under the ballot's lock. The tally stays for everybody to see, and decides nothing."""
    ballot.state = State.ANNULLED
    ballot.save(update_fields=["state"])
    texts = {"reason": reason}
    record("ballot.annulled", chain=ballot.chain, subject=ballot, by=by, at=at, texts=texts, ballot=ballot.pk)


@transaction.atomic
def finish(pk: int, *, at: dt.datetime) -> bool:
    """The result is final. False while objections are possible or one is open, or when somebody was first."""
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("area").get(pk=pk)
    if not Ballot.objects.beyond_objection(at).filter(pk=pk).exists():
        return False
    _finish(ballot, at)
    return True


def _count(ballot: Ballot, at: dt.datetime) -> None:
    outcome = urn.tally(ballot)
    if ballot.is_named:
        _show_papers(ballot)
    else:
        _rewrite_papers(ballot)
        _rewrite_receipts(ballot)
    ballot.state, ballot.result, ballot.tally = State.CLOSED, outcome["result"], outcome
    ballot.objections_until = _objections_until(ballot, at)
    ballot.save(update_fields=["state", "result", "tally", "objections_until"])
    due = {"due": canonical.instant(ballot.objections_until)} if ballot.objections_until else {}
    facts = {"ballot": ballot.pk} | due | outcome
    record("ballot.closed", chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, **facts)
    _publish(ballot, by=SYSTEM, at=at)
    if ballot.objections_until is None:
        _finish(ballot, at)


def _publish(ballot: Ballot, *, by: Actor, at: dt.datetime) -> None:
    """The last chain value of the tally file goes on record: a file with another one is not ours."""
    if ballot.is_old:
        return
    value = publishing.last_value(publishing.lines(ballot))
    record(publishing.PUBLISHED, chain=ballot.chain, subject=ballot, by=by, at=at, ballot=ballot.pk, value=value)


def _objections_until(ballot: Ballot, at: dt.datetime) -> dt.datetime | None:
    """None where the rules of the area give no time to object: then the result is final at once."""
    period = limits.period(ballot, limits.OBJECTIONS)
    return calendar.add_period(at, period).at if period["n"] else None


def _finish(ballot: Ballot, at: dt.datetime) -> None:
    ballot.state = State.FINAL
    ballot.save(update_fields=["state"])
    facts: dict[str, Any] = {"ballot": ballot.pk, "result": ballot.result}
    record("ballot.final", chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, **facts)


def _stop(ballot: Ballot, found: list[Problem], at: dt.datetime) -> None:
    """Keep the urn sealed. The event names the rows, and no choice."""
    for problem in found:
        log.error("Not counted: %s", problem)
    ballot.state = State.STOPPED
    ballot.save(update_fields=["state"])
    rows = sorted({problem.row for problem in found})
    facts: dict[str, Any] = {"ballot": ballot.pk, "faults": len(found), "rows": rows[:_NAMED]}
    record("ballot.stopped", chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, **facts)


def _show_papers(ballot: Ballot) -> None:
    """Every paper that counts in a named ballot now says what its envelope holds."""
    shown = (BallotPaper(pk=pk, content=content) for pk, content, _area in list(urn.opened(ballot)))
    while batch := list(itertools.islice(shown, _BATCH)):
        BallotPaper.objects.bulk_update(batch, ["content"])


def _rewrite_papers(ballot: Ballot) -> None:
    """The same choices on new papers, in the order of their new random numbers: where a row lies tells nothing."""
    drawn = sorted(((uuid.uuid4(), content) for _pk, content, _area in urn.opened(ballot)), key=lambda paper: paper[0])
    ballot.papers.all().delete()
    waiting = iter(drawn)
    while batch := list(itertools.islice(waiting, _BATCH)):
        BallotPaper.objects.bulk_create(
            BallotPaper(id=pk, ballot=ballot, envelope=envelopes.seal(ballot.pk, pk, content), content=content)
            for pk, content in batch
        )


def _rewrite_receipts(ballot: Ballot) -> None:
    codes = sorted(ballot.receipts.values_list("code", flat=True))
    ballot.receipts.all().delete()
    Receipt.objects.bulk_create((Receipt(ballot=ballot, code=code) for code in codes), batch_size=_BATCH)
