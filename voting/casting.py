"""Casting a vote: the mark on the roll, the paper in the urn and the receipt, all or nothing.

Casters hold the ballot's row together under a shared lock; the close takes it alone. So a paper counts if and only if
it was committed before the close.
"""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from notifications import inbox
from people.models import User
from people.verdict import Refused, no

from . import policies, proxies, proxy_policies, urn
from .methods import METHODS
from .models import Ballot, BallotPaper, RollEntry
from .states import Channel

_SELECT = "SELECT * FROM voting_ballot WHERE id = %s"
_SELECT_SHARED = _SELECT + " FOR SHARE"


@transaction.atomic
def cast(ballot: Ballot, *, by: User, choice: Any, at: dt.datetime, entry: RollEntry | None = None) -> str:
    """Returns the receipt code, which is told to nobody else and cannot be told again. Raises Refused.

    choice: what the ballot's method takes (voting.methods). entry: the right of somebody whose proxy `by` holds; their
    own without it. No event: a single vote leaves no trace on any chain, but for the use of a proxy.
    """
    held = hold(ballot.pk)
    right = _own(held, by, at) if entry is None or entry.voter_id == by.pk else _entrusted(held, entry, by, at)
    channel = Channel.WEB if right.voter_id == by.pk else Channel.PROXY
    if right.voter:
        inbox.settle(act_key(held.pk), user=right.voter, at=held.opens_at)
    return urn.put(held, right, _content(held, choice), channel)


def hold(pk: int) -> Ballot:
    """The ballot as it stands, and as it stays until this transaction ends. SQLite has one writer anyway."""
    select = _SELECT_SHARED if connection.features.has_select_for_update else _SELECT
    return Ballot.objects.raw(select, [pk])[0]


def act_key(ballot: int) -> str:
    """The key of the notices that ask for a vote. They are settled as of the opening: the moment stays unknown."""
    return f"ballot:{ballot}"


def _own(ballot: Ballot, by: User, at: dt.datetime) -> RollEntry:
    """Used now, and with it what others held for it. Locked, so that of two changes of mind one follows the other."""
    mine = RollEntry.objects.select_for_update(of=("self",)).select_related("voter")
    right = mine.filter(ballot=ballot, voter=by).first()
    if right is None or not ballot.takes_votes(at) or not _use(ballot, right, Channel.WEB):
        raise Refused(policies.may_vote(by, ballot, at))
    if ballot.is_named:
        proxies.lapse(right, at=at)
    return right


def _entrusted(ballot: Ballot, entry: RollEntry, by: User, at: dt.datetime) -> RollEntry:
    """Somebody else's right and the proxy for it, both used now. Of voter and holder who come at once one is first."""
    right = RollEntry.objects.select_related("voter", "ballot").get(ballot=ballot, pk=entry.pk)
    verdict = proxy_policies.may_cast(by, right, ballot, at)
    if not verdict:
        raise Refused(verdict)
    if not _use(ballot, right, Channel.PROXY) or not proxies.use(right, by=by, at=at):
        raise Refused(proxy_policies.FIRST)
    return right


def _use(ballot: Ballot, entry: RollEntry, channel: Channel) -> bool:
    """True for whoever is first to use this right, and for a voter who may change their mind and does."""
    unused = ballot.entries.with_vote().filter(pk=entry.pk, voted=False)
    if unused.update(voted=True, channel=channel):
        return True
    if not ballot.is_changeable or channel != Channel.WEB:
        return False
    mine = BallotPaper.objects.effective().filter(entry=entry, channel=channel)
    return bool(mine.update(superseded=True))


def _content(ballot: Ballot, choice: Any) -> Any:
    rule = ballot.rule
    try:
        return METHODS[rule.method].parse(choice, rule)
    except ValueError as error:
        raise Refused(no(_("This is no valid vote: %(why)s") % {"why": error})) from error
