"""Who may, as far as home and office decide it. Each refusal says why, and what to do."""

import datetime as dt
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from areas.models import Area, Body

from . import standing
from .models import Residence, ResidenceState, User
from .roles import Right
from .verdict import YES, Verdict, no

PROVE = no(
    _("This is a staff page. Please enter the code from your authenticator first, or set one up: it takes a minute."),
    remedy="people:second_factor",
)


def is_resident_of(user: Any, area: Area, at: dt.datetime) -> Verdict:
    """An adult whose home within the area was checked."""
    if not user.is_authenticated:
        return no(_("Please sign in first."), remedy="account_login")
    now = standing.of(user, at)
    if now.residence is None:
        return no(_("Only residents may do this. Please enter on your page where you live."))
    if now.home is None:
        return no(_("Your address is waiting for its check. The grid worker confirms it, then you can go on."))
    if not now.home.path.startswith(area.path):
        return no(format_lazy(_("Only residents of {area} may do this. You live elsewhere."), area=area.name))
    if not user.is_adult:
        return no(_("Only adults may do this. Please confirm on your page that you are 18 or older."))
    return YES


def may_act_for(user: Any, body: Body, right: Right, at: dt.datetime) -> Verdict:
    """An office in this very body, with this right, and the second factor proved."""
    offices = [office for office in _offices(user, at) if office.body_id == body.pk]
    if not offices:
        return no(format_lazy(_("Only those who hold an office in {body} may do this."), body=body.name))
    if not any(office.allows(right) for office in offices):
        return no(format_lazy(_("Your office in {body} does not include this."), body=body.name))
    return YES if user.second_factor else PROVE


def may_work(user: Any, at: dt.datetime) -> Verdict:
    """Any office at all."""
    if not _offices(user, at):
        return no(_("This page is for those who hold an office here."))
    return YES if user.second_factor else PROVE


def may_work_with(right: Right) -> Any:
    """A policy: an office with this right in any body."""

    def policy(user: Any, at: dt.datetime) -> Verdict:
        if not any(office.allows(right) for office in _offices(user, at)):
            return no(_("Your office does not include this."))
        return YES if user.second_factor else PROVE

    return policy


def may_check(user: User, residence: Residence, at: dt.datetime) -> Verdict:
    """A grid worker for homes in the area of their body, never for their own."""
    areas = [body.area for body in standing.of(user, at).bodies(Right.CHECK_RESIDENCE)]
    if not any(residence.courtyard.path.startswith(area.path) for area in areas):
        return no(_("This home is not in your area."))
    if residence.user_id == user.pk:
        return no(_("You cannot check your own home. Please ask a colleague."))
    if residence.state != ResidenceState.CLAIMED:
        return no(_("Somebody has dealt with this already."))
    return YES if user.second_factor else PROVE


def _offices(user: Any, at: dt.datetime) -> list[Any]:
    return standing.of(user, at).appointments if user.is_authenticated else []
