"""Who keeps registers and corrects rolls, who may claim to be on one, and what stands in the way of it."""

import datetime as dt
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from areas.models import Area
from people import standing
from people.models import Residence
from people.policies import PROVE
from people.roles import Right
from people.verdict import YES, Verdict, no

from .models import WAITING, Ballot, RollClaim, RollCorrection, RollEntry
from .states import RollKind, Ruling, State

ENDED = no(_("Voting has ended: this roll can no longer be changed."))
OLD = no(_("This vote was called before rolls could be corrected. Please call it anew."))
DEALT_WITH = no(_("Somebody has dealt with this already."))
ON_IT = no(_("You are on this roll already."))
ASKED = no(_("You have said this already. The answer comes to your inbox."))
OWN_CLAIM = no(_("You cannot rule on your own claim. Please ask a colleague."))
OWN_CORRECTION = no(_("Two people correct a roll: you asked for this, so somebody else must make it."))
OPEN_ALREADY = no(
    _("A residents' roll can be added to only before voting begins. Voting is open; the next roll will have this name.")
)
NO_HOME = no(_("This person's home here is not confirmed, or they have not stated that they are of age."))


def may_keep(user: Any, area: Area, at: dt.datetime) -> Verdict:
    """The register of owners: an office that keeps it, in a body of this area or of one above it."""
    return _may_work(user, area, {Right.KEEP_ROLL}, at)


def may_correct(user: Any, ballot: Ballot, at: dt.datetime) -> Verdict:
    return _may_work(user, ballot.area, {Right.KEEP_ROLL, Right.STEER}, at)


def is_open_to_corrections(ballot: Ballot, at: dt.datetime) -> Verdict:
    if ballot.is_old:
        return OLD
    return YES if ballot.state in WAITING and at < ballot.closes_at else ENDED


def may_make(user: Any, correction: RollCorrection, at: dt.datetime) -> Verdict:
    if correction.ruling != Ruling.OPEN:
        return DEALT_WITH
    if correction.asked_by_id == user.pk:
        return OWN_CORRECTION
    return may_correct(user, correction.ballot, at) and is_open_to_corrections(correction.ballot, at)


def may_turn_down(user: Any, correction: RollCorrection, at: dt.datetime) -> Verdict:
    """Also after the end: nothing stays unanswered."""
    if correction.ruling != Ruling.OPEN:
        return DEALT_WITH
    return OWN_CORRECTION if correction.asked_by_id == user.pk else may_correct(user, correction.ballot, at)


def may_claim(user: Any, ballot: Ballot, at: dt.datetime) -> Verdict:
    if not user.is_authenticated:
        return no(_("Please sign in first."), remedy="account_login")
    if not (verdict := is_open_to_corrections(ballot, at)):
        return verdict
    if RollEntry.objects.filter(ballot=ballot, voter=user).exists():
        return ON_IT
    return ASKED if RollClaim.objects.filter(ballot=ballot, by=user, ruling=Ruling.OPEN).exists() else YES


def may_rule(user: Any, claim: RollClaim, at: dt.datetime) -> Verdict:
    if claim.ruling != Ruling.OPEN:
        return DEALT_WITH
    return OWN_CLAIM if claim.by_id == user.pk else may_keep(user, claim.ballot.area, at)


def may_be_added(claim: RollClaim, at: dt.datetime) -> Verdict:
    """To a residents' roll: nobody may join while votes are coming in, and nobody whose home is not confirmed."""
    ballot = claim.ballot
    if ballot.roll_kind != RollKind.RESIDENTS or ballot.phase(at) != State.ANNOUNCED:
        return OPEN_ALREADY
    homes = Residence.objects.verified().filter(user=claim.by, courtyard__path__startswith=ballot.area.path)
    return YES if claim.by.is_adult and homes.exists() else NO_HOME


def _may_work(user: Any, area: Area, rights: set[Right], at: dt.datetime) -> Verdict:
    if not user.is_authenticated:
        return no(_("Please sign in first."), remedy="account_login")
    bodies = [body for right in rights for body in standing.of(user, at).bodies(right)]
    if not any(area.path.startswith(body.area.path) for body in bodies):
        return no(format_lazy(_("Only those who keep the rolls of {area} may do this."), area=area.name))
    return YES if user.second_factor else PROVE
