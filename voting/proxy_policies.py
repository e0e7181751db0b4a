"""Who may vote for somebody else: an owner's letter, one ballot, until a day (domain.md §3)."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from areas import policy
from people.models import Appointment, Residence, User
from people.verdict import YES, Verdict, no

from . import callers, limits, policies, roll_policies
from .models import WAITING, Ballot, Proxy, RollEntry
from .states import ProxyState

SECRET = no(_("This vote is secret: everybody votes for themself. A proxy is possible in an owners' vote."))
NO_RIGHT = no(_("This right has no unit on the roll any more, so nobody votes with it."))
NOT_YOURS = no(_("Only whoever has this right can give it to somebody, or take it back."))
CAST = no(_("The vote for this right has been cast already. A proxy given now would change nothing."))
ONE_ALREADY = no(_("Somebody has your proxy already. Please take it back first, then give it to somebody else."))
OWN = no(_("Nobody is their own proxy: please choose somebody else."))
OFFICER = no(
    _("Members of the body that calls the vote, and whoever holds an office here, cannot hold proxies. Please choose "
      "a neighbour or somebody of your family.")
)  # fmt: skip
UNKNOWN = no(
    _("We found nobody with this phone and this name whose home was confirmed and who is of age. Please ask them how "
      "they are registered here.")
)  # fmt: skip
TOO_LONG = no(_("A proxy lasts until the end of the vote at most. Please choose an earlier day."))
TOO_SHORT = no(_("This day is over. Please choose a later one."))
NO_PROXY = no(_("You hold no proxy for this right."))
TAKEN_BACK = no(_("This proxy has been taken back, so it cannot be used."))
EXPIRED = no(_("The time of this proxy is over, so it cannot be used."))
USED = no(_("This proxy has been used: the vote was cast and stands. It can no longer be taken back or changed."))
ENDED_ALREADY = no(_("This proxy has been taken back already."))
FIRST = no(_("The vote for this right has been cast already, and the first one counts."))


def may_give(user: Any, entry: RollEntry, ballot: Ballot, at: dt.datetime) -> Verdict:
    """One's own right, on the platform: the account is the signature."""
    return _owns(user, entry) and _is_free(entry, ballot, at)


def may_record(user: Any, entry: RollEntry, ballot: Ballot, at: dt.datetime) -> Verdict:
    """From a signed letter, by somebody who keeps the roll."""
    return roll_policies.may_keep(user, ballot.area, at) and _is_free(entry, ballot, at)


def may_hold(holder: User, entry: RollEntry, ballot: Ballot, at: dt.datetime) -> Verdict:
    if holder.pk in (entry.voter_id, entry.owner and entry.owner.user_id):
        return OWN
    if not is_known(holder):
        return UNKNOWN
    here = Q(body__area=ballot.area_id) | Q(body__in=callers.bodies(ballot).values("pk"))
    if Appointment.objects.current(at).filter(here, user=holder).exists():
        return OFFICER
    return _has_room(holder, ballot)


def is_known(holder: User) -> bool:
    """Somebody whom the platform can take for who they say they are."""
    return holder.is_adult and Residence.objects.verified().filter(user=holder).exists()


def lasts(until: dt.datetime, ballot: Ballot, at: dt.datetime) -> Verdict:
    if until > ballot.closes_at:
        return TOO_LONG
    return YES if until > at else TOO_SHORT


def may_revoke(user: Any, proxy: Proxy, ballot: Ballot, at: dt.datetime) -> Verdict:
    """The voter at any time; of one on paper also whoever keeps the roll."""
    if proxy.state != ProxyState.GIVEN:
        return USED if proxy.state == ProxyState.USED else ENDED_ALREADY
    if proxy.letter and roll_policies.may_keep(user, ballot.area, at):
        return YES
    return _owns(user, proxy.entry)


def may_cast(user: Any, entry: RollEntry, ballot: Ballot, at: dt.datetime) -> Verdict:
    """With somebody else's right. The last proxy tells how it stands."""
    if not ballot.takes_votes(at):
        return policies.NOT_YET if at < ballot.opens_at else policies.OVER
    proxy = Proxy.objects.filter(entry=entry, holder=user.pk).order_by("-pk").first()
    if proxy is None:
        return NO_PROXY
    if proxy.state == ProxyState.USED:
        return USED
    if entry.voted:
        return FIRST
    if proxy.state == ProxyState.REVOKED:
        return TAKEN_BACK
    return _is_usable(proxy, entry, at)


def _is_usable(proxy: Proxy, entry: RollEntry, at: dt.datetime) -> Verdict:
    if not entry.units:
        return NO_RIGHT
    return YES if at < proxy.until else EXPIRED


def _owns(user: Any, entry: RollEntry) -> Verdict:
    return YES if entry.voter_id is not None and entry.voter_id == user.pk else NOT_YOURS


def _is_free(entry: RollEntry, ballot: Ballot, at: dt.datetime) -> Verdict:
    if not ballot.is_named:
        return policies.takes_papers(ballot) and SECRET
    if ballot.state not in WAITING or at >= ballot.closes_at:
        return policies.OVER
    if not entry.units:
        return NO_RIGHT
    if entry.voted:
        return CAST
    return ONE_ALREADY if entry.proxies.in_force(at).exists() else YES


def _has_room(holder: User, ballot: Ballot) -> Verdict:
    most = policy.value(ballot.area, limits.PROXIES)
    held = Proxy.objects.filter(entry__ballot=ballot, holder=holder).exclude(state=ProxyState.REVOKED).count()
    if held < most:
        return YES
    return no(
        format_lazy(
            _("One person may hold {most} proxies in a vote, and this one does. Please choose somebody else."),
            most=most,
        )
    )
