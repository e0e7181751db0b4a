"""More time, once, when too few have taken part until the end. What was cast stays."""

import datetime as dt
from typing import Any

from areas import calendar
from ledger import canonical
from ledger.actors import SYSTEM
from ledger.recording import record

from . import limits, proxies
from .models import Ballot


def extend(ballot: Ballot, *, at: dt.datetime) -> bool:
    """Under the lock of the close. False when enough took part, the rules of the area give no more time, or hands were
    raised in a meeting."""
    period, first = limits.period(ballot, limits.EXTENSION), ballot.closes_at
    if ballot.is_show or ballot.extended_from or not period["n"] or all(check.met for check in ballot.participation):
        return False
    ballot.extended_from, ballot.closes_at = first, calendar.extend(first, period).at
    ballot.save(update_fields=["extended_from", "closes_at"])
    proxies.prolong(ballot, was=first)
    record("ballot.extended", chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, ballot=ballot.pk, **times(ballot))
    return True


def times(ballot: Ballot) -> dict[str, Any]:
    """The first end and the new one, as the ledger keeps them."""
    assert ballot.extended_from
    return {"was": canonical.instant(ballot.extended_from), "due": canonical.instant(ballot.closes_at)}
