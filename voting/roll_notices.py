"""What people are told of claims to be on a roll, and of what was corrected on it."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.models import Event
from notifications import kinds
from notifications.kinds import Act, Group, NoticeKind
from people.models import Appointment
from people.roles import Right, holding

from . import claiming, corrections
from .models import Ballot, RollClaim, RollCorrection, RollEntry
from .states import Ruling

KEEPS = _("You are told this because you keep the rolls of this area.")
LEADS = _("You are told this because you lead the body of this area.")
OWN_CLAIM = _("You are told this because you said that you belong on this roll.")
OWN_RIGHT = _("You are told this because your own right to vote is concerned.")


def register() -> None:
    rule_now = Act(_("Rule on it"), lambda event: claiming.act_key(event.payload["claim"]), due_at)
    make_now = Act(_("Check and make it"), lambda event: corrections.act_key(event.payload["correction"]), closes_at)
    kinds.register(
        _desk("roll.claimed", _("Somebody says that they belong on a roll"), KEEPS, keepers, rule_now),
        _desk("roll.claim_overdue", _("A claim to be on a roll was not ruled on in time"), LEADS, leaders, None),
        _desk(
            "roll.correction_asked", _("A correction of a roll waits for a second officer"), KEEPS, seconds, make_now
        ),
        _news("roll.claim_ruled", _("Your claim to be on a roll was ruled on"), OWN_CLAIM, claimant),
        _news("roll.corrected", _("Your right on a roll was corrected"), OWN_RIGHT, concerned),
    )


def _desk(
    event: str,
    label: str | Promise,
    why: str | Promise,
    recipients: Callable[[Event], Iterable[int]],
    act: Act | None,
) -> NoticeKind:
    return NoticeKind(
        key=event,
        event_kind=event,
        group=Group.DESK,
        label=label,
        why=why,
        recipients=recipients,
        url=lambda event: reverse("voting:roll_desk"),
        template=_template(event),
        act=act,
        icon="clipboard-list",
        tone="open" if act else "alarm",
    )


def _news(
    event: str, label: str | Promise, why: str | Promise, recipients: Callable[[Event], Iterable[int]]
) -> NoticeKind:
    return NoticeKind(
        key=event,
        event_kind=event,
        group=Group.CASES,
        label=label,
        why=why,
        recipients=recipients,
        url=lambda event: reverse("voting:ballot", args=[event.payload["ballot"]]),
        template=_template(event),
        must=True,
        icon="vote",
    )


def _template(event: str) -> str:
    return f"voting/notices/{event.removeprefix('roll.')}.txt"


def keepers(event: Event) -> Iterable[int]:
    """Who keeps the rolls in the nearest body that has somebody for it, as long as the claim waits."""
    waits = RollClaim.objects.filter(pk=event.payload["claim"], ruling=Ruling.OPEN).exists()
    return nearest(event, Right.KEEP_ROLL) if waits else ()


def leaders(event: Event) -> Iterable[int]:
    return nearest(event, Right.STEER)


def seconds(event: Event) -> Iterable[int]:
    """Everybody there who may make it, but whoever asked."""
    asked = RollCorrection.objects.filter(pk=event.payload["correction"], ruling=Ruling.OPEN).first()
    if asked is None:
        return ()
    return {*nearest(event, Right.KEEP_ROLL), *nearest(event, Right.STEER)} - {asked.asked_by_id}


def claimant(event: Event) -> Iterable[int]:
    return RollClaim.objects.filter(pk=event.payload["claim"]).values_list("by", flat=True)


def concerned(event: Event) -> Iterable[int]:
    """Whose right it was, or is now."""
    tokens = [right[0] for right in event.payload["rights"]]
    mine = RollEntry.objects.filter(ballot=event.payload["ballot"], token__in=tokens)
    return {right.voter_id for right in mine if right.voter_id}


def nearest(event: Event, right: Right) -> set[int]:
    """Those with this right in the ballot's own area; where there are none, in the nearest area above."""
    area = Ballot.objects.select_related("area").get(pk=event.payload["ballot"]).area
    offices = Appointment.objects.current(event.at).filter(role__in=holding(right))
    held: Any = offices.filter(body__area__path__in=area.lineage_paths).values_list("body__area__level", "user")
    lowest = max((level for level, _user in held), default=0)
    return {user for level, user in held if level == lowest}


def due_at(event: Event) -> dt.datetime:
    return dt.datetime.fromisoformat(event.payload["due"])


def closes_at(event: Event) -> dt.datetime:
    return Ballot.objects.get(pk=event.payload["ballot"]).closes_at
