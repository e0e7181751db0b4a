"""Casting a vote: the mark on the roll, the paper in the urn and the receipt, all or nothing.

Casters hold the ballot's row together under a shared lock; the close takes it alone. So a paper counts if and only if
it was committed before the close.
"""

import datetime as dt
import uuid

from django.db import connection, transaction

from notifications import inbox
from people.models import User
from people.verdict import Refused

from . import envelopes, policies, receipts
from .models import Ballot, BallotPaper, RollEntry
from .states import Channel, Choice

_SELECT = "SELECT * FROM voting_ballot WHERE id = %s"
_SELECT_SHARED = _SELECT + " FOR SHARE"


@transaction.atomic
def cast(ballot: Ballot, *, by: User, choice: Choice | str, at: dt.datetime) -> str:
    """Returns the receipt code, which is told to nobody else and cannot be told again. Raises Refused.

    No event: a single vote leaves no trace on any chain.
    """
    held = _held(ballot.pk)
    if not (held.takes_votes(at) and _mark(held, by)):
        raise Refused(policies.may_vote(by, held, at))
    paper = uuid.uuid4()
    BallotPaper.objects.create(id=paper, ballot=held, envelope=envelopes.seal(held.pk, paper, Choice(choice)))
    inbox.settle(act_key(held.pk), user=by, at=held.opens_at)
    return receipts.issue(held)


def act_key(ballot: int) -> str:
    """The key of the notices that ask for a vote. They are settled as of the opening: the moment stays unknown."""
    return f"ballot:{ballot}"


def _held(pk: int) -> Ballot:
    """The ballot as it stands, and as it stays until this transaction ends. SQLite has one writer anyway."""
    select = _SELECT_SHARED if connection.features.has_select_for_update else _SELECT
    return Ballot.objects.raw(select, [pk])[0]


def _mark(ballot: Ballot, voter: User) -> bool:
    """True for whoever is first to use this right."""
    unused = RollEntry.objects.filter(ballot=ballot, voter=voter, voted=False)
    return bool(unused.update(voted=True, channel=Channel.WEB))
