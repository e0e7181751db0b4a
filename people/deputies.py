"""Who acts while an officer is away. The officer keeps the office: during that time both may act."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q

from ledger import canonical, recording

from . import policies, standing
from .models import Appointment, AppointmentQuerySet, User
from .roles import Right
from .verdict import Refused


@transaction.atomic
def depute(
    appointment: Appointment, *, deputy: User, since: dt.datetime, until: dt.datetime, by: User, at: dt.datetime
) -> Appointment:
    """Name who acts in this office from `since` to `until`; returns the deputy's own, acting appointment."""
    locked = Appointment.objects.select_for_update(of=("self",))  # one deputy of an office at a time
    office = locked.select_related("body__area").get(pk=appointment.pk)
    verdict = policies.may_depute(by, office, at) and policies.may_stand_in(
        deputy, office, since=since, until=until, by=by, at=at
    )
    if not verdict:
        raise Refused(verdict)
    facts = {"body": office.body, "role": office.role, "title": office.title, "since": since, "until": until}
    acting = Appointment.objects.create(user=deputy, acting_for=office, **facts)
    _tell("deputed", acting, by=by, at=at)
    return acting


@transaction.atomic
def recall(acting: Appointment, *, by: User, at: dt.datetime) -> None:
    """End it now; what had not begun never was."""
    if not (verdict := policies.may_recall(by, acting, at)):
        raise Refused(verdict)
    ends = {"since": min(acting.since, at), "until": at}
    if not Appointment.objects.acting().filter(pk=acting.pk, until__gt=at).update(**ends):
        raise Refused(policies.RECALLED)
    acting.since, acting.until = ends["since"], ends["until"]
    _tell("recalled", acting, by=by, at=at)


def offices_for(user: User, at: dt.datetime) -> list[Appointment]:
    """The offices for which this person may name a deputy, their own first. `deputed`: who acts, now or later."""
    ahead = Appointment.objects.filter(until__gt=at).select_related("user").order_by("since", "pk")
    offices = Appointment.objects.current(at).own().filter(_within_reach(user, at))
    offices = offices.select_related("user", "body__area").prefetch_related(Prefetch("deputies", ahead, "deputed"))
    return sorted(offices.order_by("body__area__path", "pk"), key=lambda office: office.user_id != user.pk)


def recallable(user: User, at: dt.datetime) -> AppointmentQuerySet:
    """The deputies, also former ones, of the offices for which this person may name them."""
    return Appointment.objects.acting().filter(_within_reach(user, at, "acting_for__"))


def acted_in(user: User, at: dt.datetime) -> AppointmentQuerySet:
    """The offices in which this person acts for somebody, now or later."""
    mine = Appointment.objects.acting().filter(user=user, until__gt=at)
    return mine.select_related("acting_for__user", "body").order_by("since", "pk")


def facts(acting: Appointment) -> dict[str, Any]:
    """What an event tells of a deputy."""
    times = {name: canonical.instant(getattr(acting, name)) for name in ("since", "until")}
    return {"role": acting.role, "body": acting.body_id, **times}


def _within_reach(user: User, at: dt.datetime, office: str = "") -> Q:
    bodies = standing.of(user, at).bodies(Right.STEER)
    return Q(**{f"{office}user": user}) | Q(**{f"{office}body__in": bodies})


def _tell(what: str, acting: Appointment, *, by: User, at: dt.datetime) -> None:
    recording.record(f"office.{what}", chain=acting.body.area.chain, subject=acting, by=by, at=at, **facts(acting))
