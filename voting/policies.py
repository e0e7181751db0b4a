"""Who may vote. The reasons name the rule, never a neighbour."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Residence, ResidenceState
from people.verdict import YES, Verdict, no

from .models import Ballot, RollEntry
from .states import Channel, RollKind

NOT_YET = no(gettext_lazy("Voting has not begun yet."))
OVER = no(gettext_lazy("Voting has ended. A vote counts when it arrives before the end."))
VOTED = no(
    gettext_lazy(
        "Each name on the roll counts once. The vote for yours has been received and can no longer be changed."
    )
)
NOT_OWNER = no(
    gettext_lazy("Only the owners on this roll vote. If you own a unit here, claim your place on the roll below.")
)
STRUCK = no(gettext_lazy("The units you voted for were taken off this roll by a correction; the roll tells why."))
NOT_ADULT = no(
    gettext_lazy("Only adults vote. You had not stated that you are of age when the roll of voters was frozen.")
)
TOO_LATE = no(
    gettext_lazy("Your home was confirmed after the roll of voters was frozen. You can take part in the next vote.")
)
UNCHECKED = no(
    gettext_lazy("Your home had not been confirmed when the roll of voters was frozen, so it is not on this roll.")
)


def may_vote(user: Any, ballot: Ballot, at: dt.datetime) -> Verdict:
    if not (verdict := takes_papers(ballot)):
        return verdict
    if not ballot.takes_votes(at):
        return NOT_YET if ballot.phase(at) == "announced" else OVER
    if not user.is_authenticated:
        return no(_("Sign in to vote."), remedy="account_login")
    entry = RollEntry.objects.filter(ballot=ballot, voter=user).first()
    if entry is None:
        return _why_not_on_roll(user, ballot)
    if entry.token and not entry.units:
        return STRUCK
    changeable = ballot.is_changeable and entry.channel == Channel.WEB
    return VOTED if entry.voted and not changeable else YES


def takes_papers(ballot: Ballot) -> Verdict:
    """Of whatever channel. A show of hands has none."""
    if not ballot.is_show:
        return YES
    when = date_format(localtime(ballot.opens_at), "DATETIME_FORMAT")
    facts = {"when": when, "where": ballot.place}
    return no(_("This vote is by show of hands. Please come to the meeting: %(when)s, %(where)s.") % facts)


def _why_not_on_roll(user: Any, ballot: Ballot) -> Verdict:
    if ballot.roll_kind == RollKind.OWNERS:
        return NOT_OWNER
    homes = Residence.objects.filter(user=user, courtyard__path__startswith=ballot.area.path)
    states = set(homes.values_list("state", flat=True))
    if ResidenceState.VERIFIED in states:
        return TOO_LATE if homes.verified().filter(checked_at__gt=ballot.called_at).exists() else NOT_ADULT
    if ResidenceState.CLAIMED in states:
        return UNCHECKED
    return no(
        _("Only adults whose home in %(area)s was confirmed before the roll was frozen can vote.")
        % {"area": ballot.area.name}
    )
