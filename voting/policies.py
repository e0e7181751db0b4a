"""Who may vote. The reasons name the rule, never a neighbour."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Residence, ResidenceState
from people.verdict import YES, Verdict, no

from .models import Ballot, RollEntry

NOT_YET = no(gettext_lazy("Voting has not begun yet."))
OVER = no(gettext_lazy("Voting has ended. A vote counts when it arrives before the end."))
VOTED = no(
    gettext_lazy(
        "Each name on the roll counts once. The vote for yours has been received and can no longer be changed."
    )
)
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
    if not ballot.takes_votes(at):
        return NOT_YET if ballot.phase(at) == "announced" else OVER
    if not user.is_authenticated:
        return no(_("Sign in to vote."), remedy="account_login")
    entry = RollEntry.objects.filter(ballot=ballot, voter=user).first()
    if entry is None:
        return _why_not_on_roll(user, ballot)
    return VOTED if entry.voted else YES


def _why_not_on_roll(user: Any, ballot: Ballot) -> Verdict:
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
