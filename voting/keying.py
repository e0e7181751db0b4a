"""Keying in paper ballots: two clerks read each slip without seeing each other's reading, a third decides.

Until the count a reading lies sealed like every choice, so that nobody adds up what was keyed in.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.verdict import YES, Refused, Verdict, no

from . import corrections, envelopes, paper, policies, urn
from .methods import METHODS
from .models import Ballot, Reading, RollEntry, Slip
from .states import Channel, SlipFault, SlipState

NAMED_FAULTS = (SlipFault.UNSIGNED, SlipFault.WRONG, SlipFault.TWO, SlipFault.UNREADABLE, SlipFault.ALTERED)
SECRET_FAULTS = (SlipFault.TWO, SlipFault.UNREADABLE)
_READERS = 3

NOT_IN = no(_("This slip has not been handed in yet. Please take it in first."))
READ = no(_("This slip has been keyed in already. Nothing more is needed."))
TWICE = no(_("You have read this slip already. A colleague reads it next, without seeing what you keyed in."))
BROKEN = no(
    _("An earlier reading of this slip is no longer as it was made. Please put the slip aside and tell the operator.")
)


@dataclass(frozen=True)
class Said:
    """What one clerk read: a content of the ballot's method, or why the paper does not count."""

    content: Any = None
    fault: str = ""


def faults(ballot: Ballot) -> tuple[SlipFault, ...]:
    """What a reader may find wrong with a paper. Nobody signs a secret one."""
    return NAMED_FAULTS if ballot.is_named else SECRET_FAULTS


def waiting(ballot: Ballot, clerk: User) -> QuerySet[Slip]:
    """What this clerk can read next, in an order that tells nothing of when it came."""
    return ballot.slips.filter(state__in=paper.UNREAD).exclude(readings__clerk=clerk).order_by("serial")


def may_read(user: User, slip: Slip, ballot: Ballot, at: dt.datetime) -> Verdict:
    if slip.state == SlipState.PRINTED:
        return NOT_IN
    if slip.state not in paper.UNREAD:
        return READ
    if not paper.may_be_keyed_in(ballot, at):
        return policies.OVER
    return TWICE if slip.readings.filter(clerk=user).exists() else YES


@transaction.atomic
def read(slip: Slip, said: Said, *, by: User, at: dt.datetime) -> None:
    """Keep what this clerk read; two who agree put the paper into the urn, or aside. Raises Refused."""
    held = paper.hold(slip.ballot_id, by=by, at=at)
    mine = Slip.objects.select_for_update().get(pk=slip.pk, ballot=held)
    corrections.require(may_read(by, mine, held, at))
    facts = {"fault": _known(held, said.fault)} if said.fault else {"envelope": _seal(mine, by, _content(held, said))}
    Reading.objects.create(slip=mine, clerk=by, at=at if held.is_named else held.opens_at, **facts)
    readings = [unsealed(reading) for reading in mine.readings.order_by("pk")]
    if found := agreed(readings):
        _enter(held, mine, found, at)
    elif len(readings) > 1:
        mine.state = SlipState.DISPUTED
    mine.save(update_fields=["state", "fault"])


def agreed(readings: Sequence[Said]) -> Said | None:
    """What two of them say; of three who all differ, that nobody can read it."""
    for n, one in enumerate(readings):
        if one in readings[:n]:
            return one
    return Said(fault=SlipFault.UNREADABLE) if len(readings) == _READERS else None


def unsealed(reading: Reading) -> Said:
    """What this clerk read. Refused when it is not as it was made."""
    if reading.fault:
        return Said(fault=reading.fault)
    slip = reading.slip
    content = envelopes.unseal(slip.ballot_id, _number(slip), reading.envelope, reading.clerk_id)
    if content is None:
        raise Refused(BROKEN)
    return Said(content)


def _enter(ballot: Ballot, slip: Slip, said: Said, at: dt.datetime) -> None:
    slip.fault = said.fault or _why_not(ballot, slip, at)
    slip.state = SlipState.INVALID if slip.fault else SlipState.VALID
    if not slip.fault:
        urn.put(ballot, slip.entry, said.content, Channel.PAPER, slip.serial)


def _why_not(ballot: Ballot, slip: Slip, at: dt.datetime) -> str:
    """A secret slip's right was used when its voter was marked. A named one uses it now, unless another paper has."""
    if slip.entry_id is None:
        return ""
    right = RollEntry.objects.select_related("voter").get(pk=slip.entry_id)
    if not right.units:
        return SlipFault.WRONG
    return "" if paper.use(ballot, right, at=at) else SlipFault.DUPLICATE


def _content(ballot: Ballot, said: Said) -> Any:
    rule = ballot.rule
    return METHODS[rule.method].parse(said.content, rule)


def _known(ballot: Ballot, fault: str) -> SlipFault:
    if fault not in faults(ballot):
        raise ValueError(f"A reader of this ballot's papers cannot find {fault!r}.")
    return SlipFault(fault)


def _seal(slip: Slip, clerk: User, content: Any) -> str:
    return envelopes.seal(slip.ballot_id, _number(slip), content, clerk.pk)


def _number(slip: Slip) -> uuid.UUID:
    """A number of its own among the papers of the ballot: the envelope of a reading fits nothing else."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"slip:{slip.pk}")
