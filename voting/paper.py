"""Paper ballots that come back, and what becomes of each. voting.slip_making prints them, voting.keying reads them.

On a named ballot a slip is made out to a right, and the first paper of any channel that counts uses that right. On a
secret one the clerk marks the voter on the roll and takes the slip in as two acts that nothing joins: neither keeps a
time, and there are never more slips taken in than marks.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from areas.policy import Key
from notifications import inbox
from people.models import Appointment, User
from people.verdict import YES, Refused, Verdict, no

from . import casting, corrections, hands, limits, policies, proxies, roll_policies, scans
from .models import WAITING, Ballot, Reading, RollEntry, Slip
from .states import Channel, SlipFault, SlipState
from .tallyfile import CHANNELS, InvalidPaper

KEYING_IN = "voting.time.keying_in"
KEY = Key(KEYING_IN, {"n": 24, "unit": "hour"}, _("Time to key in paper ballots after the end, before the count"))
UNREAD = [SlipState.RETURNED, SlipState.DISPUTED]
_VISITORS = 2

IN_ALREADY = no(_("This slip has been handed in already."))
USED = no(_("This name on the roll has been used already: one person, one vote."))
UNMARKED = no(_("There are as many slips as marks on the roll. Please mark the voter on the roll first."))
ALL_IN = no(_("For every mark on the roll there is a slip. A mark can be taken back only while its slip is missing."))
PAIR = no(_("Two different officers of this area make a home visit. Please choose both."))


@dataclass(frozen=True)
class Figures:
    """How far the paper ballots are; nothing of what they say."""

    printed: int
    handed_in: int
    unread: int
    disputed: int
    valid: int
    invalid: int
    marked: int


# ── hand in ──────────────────────────────────────────────────────────────────


@transaction.atomic
def mark(entry: RollEntry, *, by: User, at: dt.datetime) -> None:
    """This person votes by paper in a secret ballot: the right is used, and nothing says which slip is theirs."""
    held = _secret(hold(entry.ballot_id, by=by, at=at))
    corrections.require(_takes_slips(held, at))
    if not use(held, entry, at=at):
        raise Refused(USED)


@transaction.atomic
def unmark(entry: RollEntry, *, by: User, at: dt.datetime) -> None:
    """The mark was a mistake, or the slip was never handed in. Possible while more people are marked than slips in."""
    held = _secret(corrections.lock(entry.ballot_id))
    is_before_count = YES if may_be_keyed_in(held, at) else policies.OVER
    corrections.require(roll_policies.may_keep(by, held.area, at) and is_before_count)
    if not _missing(held):
        raise Refused(ALL_IN)
    RollEntry.objects.filter(pk=entry.pk, voted=True, channel=Channel.PAPER).update(voted=False, channel="")


def use(ballot: Ballot, entry: RollEntry, *, at: dt.datetime) -> bool:
    """True when the right was free: it is used now, its owner's notices no longer ask, and no proxy is needed."""
    if not RollEntry.objects.filter(pk=entry.pk, voted=False).update(voted=True, channel=Channel.PAPER):
        return False
    if entry.voter:
        inbox.settle(casting.act_key(ballot.pk), user=entry.voter, at=ballot.opens_at)
    if ballot.is_named:
        proxies.lapse(entry, at=at)
    return True


@transaction.atomic
def take_back(
    slip: Slip, *, by: User, at: dt.datetime, visitors: Collection[User] = (), scan: bytes | None = None
) -> Slip:
    """Handed in. visitors: the two officers of a home visit. scan: a JPEG, kept sealed.

    After the end a slip is late; on a secret ballot one that was missing to a mark is not: the mark came before.
    """
    held = corrections.lock(slip.ballot_id)
    corrections.require(roll_policies.may_keep(by, held.area, at) and _may_visit(visitors, held, at))
    mine = Slip.objects.select_for_update().get(pk=slip.pk, ballot=held)
    if mine.state != SlipState.PRINTED:
        raise Refused(IN_ALREADY)
    if _is_in_time(held, at):
        mine.state, mine.returned_at = SlipState.RETURNED, at if held.is_named else held.opens_at
    else:
        mine.state, mine.fault, mine.returned_at = SlipState.INVALID, SlipFault.LATE, at
    if scan is not None:
        mine.scan.save("scan", ContentFile(scans.sealed(mine, scan)), save=False)
    mine.save()
    mine.visitors.set(visitors)
    return mine


def officers(ballot: Ballot, at: dt.datetime) -> QuerySet[User]:
    """Who may make a home visit: whoever holds an office of this area, of one above it or of one below it."""
    offices = Appointment.objects.current(at).around([ballot.area])
    found: QuerySet[User] = User.objects.filter(pk__in=offices.values("user"), is_active=True, closed_at=None)
    return found.order_by("name", "pk")


def _is_in_time(ballot: Ballot, at: dt.datetime) -> bool:
    """Refused where the slip could come in time once something else was done."""
    if at < ballot.opens_at:
        raise Refused(policies.NOT_YET)
    is_open = ballot.takes_votes(at)
    if ballot.is_named:
        return is_open
    missing = may_be_keyed_in(ballot, at) and _missing(ballot) > 0
    if is_open and not missing:
        raise Refused(UNMARKED)
    return missing


def _takes_slips(ballot: Ballot, at: dt.datetime) -> Verdict:
    if ballot.takes_votes(at):
        return YES
    return policies.NOT_YET if at < ballot.opens_at else policies.OVER


def _may_visit(visitors: Collection[User], ballot: Ballot, at: dt.datetime) -> Verdict:
    chosen = {visitor.pk for visitor in visitors}
    if not visitors:
        return YES
    are_two = len(visitors) == len(chosen) == _VISITORS
    return YES if are_two and officers(ballot, at).filter(pk__in=chosen).count() == _VISITORS else PAIR


# ── until the count ──────────────────────────────────────────────────────────


def hold(pk: int, *, by: User, at: dt.datetime) -> Ballot:
    """The ballot under the lock that casters share, for somebody who keeps its papers."""
    held = casting.hold(pk)
    corrections.require(roll_policies.may_keep(by, held.area, at) and policies.takes_papers(held))
    return held


def may_be_keyed_in(ballot: Ballot, at: dt.datetime) -> bool:
    """What was handed in before the end may be keyed in until the count, which waits for it for some hours."""
    if ballot.state not in WAITING or at < ballot.opens_at:
        return False
    return at < ballot.closes_at or at < limits.until(ballot.area, KEYING_IN, ballot.closes_at)


def waits(ballot: Ballot, *, at: dt.datetime) -> bool:
    """Has the count to wait, for slips that may still be keyed in or, on a secret ballot, are missing to a mark? A show
    of hands waits for its two officers.
    """
    is_incomplete = ballot.slips.filter(state__in=UNREAD).exists() or (not ballot.is_named and _missing(ballot) > 0)
    is_uncounted = ballot.is_show and hands.counted(ballot) is None
    return (is_incomplete or is_uncounted) and may_be_keyed_in(ballot, at)


def settle(ballot: Ballot, *, at: dt.datetime) -> bool:
    """Under the lock of the close, right before the count: what was not keyed in is late, a secret slip forgets what
    it said. False, and nothing is settled, while the count has to wait.
    """
    if waits(ballot, at=at):
        return False
    ballot.slips.filter(state__in=UNREAD).update(state=SlipState.INVALID, fault=SlipFault.LATE)
    if not ballot.is_named:
        Reading.objects.filter(slip__ballot=ballot).delete()
    return True


# ── what became of them ──────────────────────────────────────────────────────


def handed_in(ballot: Ballot) -> QuerySet[Slip]:
    """In time. Of a secret ballot each is noted as of the opening: the moment stays unknown."""
    if ballot.is_named:
        return ballot.slips.filter(returned_at__lt=ballot.closes_at)
    return ballot.slips.filter(returned_at=ballot.opens_at)


def uncounted(ballot: Ballot) -> QuerySet[Slip]:
    """Everything that came and does not count, too late ones too: the dispute list."""
    return ballot.slips.filter(state=SlipState.INVALID).order_by("serial")


def invalid(ballot: Ballot) -> list[InvalidPaper]:
    """For the tally file, which is fixed at the close: of the slips that were handed in before the end."""
    slips = handed_in(ballot).filter(state=SlipState.INVALID).order_by("serial").values_list("serial", "fault")
    return [InvalidPaper(serial, Channel.PAPER.value, fault) for serial, fault in slips]


def channels(ballot: Ballot) -> dict[str, int]:
    """How many papers came through each channel, of those that count."""
    used: QuerySet[Any] = ballot.papers.effective() if ballot.is_named else ballot.entries.filter(voted=True)
    found = dict(used.order_by().values_list("channel").annotate(n=Count("*")))
    if not ballot.is_named:
        found[Channel.PAPER] = found.get(Channel.PAPER, 0) - not_in_the_urn(ballot)
    return {channel: found.get(channel, 0) for channel in CHANNELS}


def not_in_the_urn(ballot: Ballot) -> int:
    """How many marks on the roll of a secret ballot have no paper: their slip was not read yet, was not valid, or was
    never handed in. Whoever takes a slip away does not take part, and holds nobody else up."""
    return handed_in(ballot).exclude(state=SlipState.VALID).count() + max(0, _missing(ballot))


def is_even(ballot: Ballot) -> bool:
    """On a secret ballot: a mark by paper for each slip that was handed in, and none by proxy."""
    return _missing(ballot) >= 0 and not ballot.entries.filter(channel=Channel.PROXY).exists()


def figures(ballot: Ballot) -> Figures:
    states = {name: Count("pk", filter=Q(state=name)) for name in ("disputed", "valid", "invalid")}
    handed, unread = Count("pk", filter=~Q(state=SlipState.PRINTED)), Count("pk", filter=Q(state=SlipState.RETURNED))
    found = ballot.slips.aggregate(printed=Count("pk"), handed_in=handed, unread=unread, **states)
    return Figures(**found, marked=_marks(ballot))


def _marks(ballot: Ballot) -> int:
    return ballot.entries.filter(voted=True, channel=Channel.PAPER).count()


def _missing(ballot: Ballot) -> int:
    """People marked on the roll of a secret ballot whose slips have not been handed in."""
    return _marks(ballot) - handed_in(ballot).count()


def _secret(ballot: Ballot) -> Ballot:
    if ballot.is_named:
        raise ValueError("The papers of a named ballot mark its roll themselves.")
    return ballot
