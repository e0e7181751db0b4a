"""Who may object to a result, and who rules on it: never the body that called the vote."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from areas.models import Body
from people import policies as people_policies
from people import standing
from people.roles import Right
from people.verdict import YES, Verdict, no

from . import callers
from .models import Ballot, Objection, RollEntry
from .states import Ruling, State

NOT_COUNTED = no(_("Objections are possible once the votes have been counted."))
NONE = no(_("There is no time for objections after this vote. Its result is final; the courts stay open."))
OVER = no(_("The time for objections is over."))
ANNULLED = no(_("This vote has been annulled. There is nothing left to object to."))
NOT_ON_ROLL = no(_("Only those on the roll of this vote can object to its result."))
ONE_OPEN = no(_("Your objection has not been ruled on yet. Please wait for the answer before you object again."))
ANSWERED = no(_("This objection has been ruled on already."))
OWN = no(_("This is your own objection. Somebody else must rule on it."))
PARTY = no(_("You are on the roll of this vote yourself. A colleague who is not must rule on it."))
NOT_ABOVE = no(_("Only those who lead a body above the one that called this vote may rule on it."))


def may_object(user: Any, ballot: Ballot, at: dt.datetime) -> Verdict:
    verdict = is_open(ballot, at)
    if not verdict:
        return verdict
    if not user.is_authenticated:
        return no(_("Please sign in first."), remedy="account_login")
    if not RollEntry.objects.filter(ballot=ballot, voter=user).exists():
        return NOT_ON_ROLL
    return ONE_OPEN if ballot.objections.filter(by=user, ruling=Ruling.OPEN).exists() else YES


def is_open(ballot: Ballot, at: dt.datetime) -> Verdict:
    if ballot.state == State.ANNULLED:
        return ANNULLED
    if not ballot.is_counted:
        return NOT_COUNTED
    if ballot.objections_until is None:
        return NONE
    return YES if ballot.state == State.CLOSED and at < ballot.objections_until else OVER


def may_rule(user: Any, objection: Objection, at: dt.datetime) -> Verdict:
    ballot = objection.ballot
    if objection.ruling != Ruling.OPEN:
        return ANSWERED
    if ballot.state != State.CLOSED:
        return ANNULLED
    if objection.by_id == user.pk:
        return OWN
    if RollEntry.objects.filter(ballot=ballot, voter=user.pk).exists():
        return PARTY
    led = {body.pk for body in standing.of(user, at).bodies(Right.STEER)}
    if not any(body.pk in led for body in judges(ballot, at)):
        return NOT_ABOVE
    return YES if user.second_factor else people_policies.PROVE


def judges(ballot: Ballot, at: dt.datetime) -> Iterator[Body]:
    """The bodies that may rule, the nearest first: above the vote's area, where there is nothing above beside it."""
    paths = ballot.area.lineage_paths[:-1] or ballot.area.lineage_paths
    sitting = Body.objects.sitting(at).filter(area__path__in=paths).select_related("area")
    yield from sitting.exclude(pk__in=callers.bodies(ballot).values("pk")).order_by("-area__level", "pk")
