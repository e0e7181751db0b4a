"""Who may, as far as home and office decide it. Each refusal says why, and what to do."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from areas.models import Area, Body

from . import standing
from .models import Appointment, AppointmentQuerySet, Residence, ResidenceState, User
from .roles import Right
from .verdict import YES, Verdict, no

PROVE = no(
    _("This is a staff page. Please enter the code from your authenticator first, or set one up: it takes a minute."),
    remedy="people:second_factor",
)
RECALLED = no(_("This deputy's time has ended already."))
LONGEST = 90  # days


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


def may_depute(user: Any, appointment: Appointment, at: dt.datetime) -> Verdict:
    """The officer themself; for one who cannot do it, whoever leads the body."""
    if appointment.acting_for_id:
        return no(_("A deputy names no deputy. Please ask who holds the office, or who leads the body."))
    if appointment.since > at or (appointment.until and appointment.until <= at):
        return no(_("Nobody holds this office now, so nobody can act in it."))
    return _may_arrange(user, appointment, at)


def may_recall(user: Any, acting: Appointment, at: dt.datetime) -> Verdict:
    if acting.acting_for is None or acting.until is None or acting.until <= at:
        return RECALLED
    return _may_arrange(user, acting.acting_for, at)


def may_stand_in(
    deputy: User, appointment: Appointment, *, since: dt.datetime, until: dt.datetime, by: User, at: dt.datetime
) -> Verdict:
    """Whether this deputy and this time fit the office."""
    return _fits_person(deputy, appointment, by, at) and _fits_time(appointment, since, until, at)


def possible_deputies(areas: Iterable[Area], at: dt.datetime) -> AppointmentQuerySet:
    """The offices of those who may act for somebody in a body of these areas."""
    serving = Appointment.objects.current(at).own().around(areas)
    return serving.filter(user__is_active=True, user__closed_at=None)


def _may_arrange(user: Any, office: Appointment, at: dt.datetime) -> Verdict:
    if office.user_id != user.pk:
        return may_act_for(user, office.body, Right.STEER, at)
    return YES if user.second_factor else PROVE


def _fits_person(deputy: User, appointment: Appointment, by: User, at: dt.datetime) -> Verdict:
    if deputy.pk == appointment.user_id:
        return no(_("Nobody acts for themself. Please choose a colleague."))
    if deputy.pk == by.pk:
        return no(_("Nobody makes themself a deputy. Please choose a colleague, or ask who is away to choose you."))
    if not possible_deputies([appointment.body.area], at).filter(user=deputy).exists():
        reason = _("{name} holds no office in {body}, above it or below it. Please choose somebody who does.")
        return no(format_lazy(reason, name=deputy.name, body=appointment.body.name))
    return YES


def _fits_time(appointment: Appointment, since: dt.datetime, until: dt.datetime, at: dt.datetime) -> Verdict:
    if since < at:
        return no(_("The first day is over. A deputy begins today or later."))
    if until <= since:
        return no(_("The last day lies before the first day. Please change one of them."))
    if until - since > dt.timedelta(days=LONGEST):
        return no(format_lazy(_("A deputy acts for {days} days at most. Please choose an earlier day."), days=LONGEST))
    if appointment.until and until > appointment.until:
        return no(_("The office itself ends before the last day. Please choose an earlier day."))
    other = appointment.deputies.filter(since__lt=until, until__gt=since).select_related("user").first()
    if other:
        reason = _("{name} acts in this office during these days. Please end that first, or choose other days.")
        return no(format_lazy(reason, name=other.user.name))
    return YES


def _offices(user: Any, at: dt.datetime) -> list[Any]:
    return standing.of(user, at).appointments if user.is_authenticated else []
