"""Notices of people's own affairs: a home was claimed, confirmed or not. (`people` stands below and knows none.)"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ledger.following import follow
from ledger.models import Event
from people.models import Appointment, Residence
from people.roles import Right

from . import inbox, kinds
from .kinds import Act, Group, NoticeKind


def register() -> None:
    kinds.register(CLAIMED, VERIFIED, REFUSED, DEPUTED, RECALLED)
    follow("residence.verified", "residence.refused", "residence.ended", name="notifications.residence_settled")(settle)


def settle(event: Event) -> None:
    inbox.settle(_act_key(event), at=event.at)


def _checkers(event: Event) -> Iterable[int]:
    """Those who check homes where this one is, as long as it still waits."""
    home = Residence.objects.waiting().select_related("courtyard").filter(pk=event.subject_id).first()
    areas = home.courtyard.lineage() if home else []
    offices = Appointment.objects.current(event.at).with_right(Right.CHECK_RESIDENCE).filter(body__area__in=areas)
    return offices.order_by("pk").values_list("user_id", flat=True)


def _resident(event: Event) -> Iterable[int]:
    return Residence.objects.filter(pk=event.subject_id).values_list("user_id", flat=True)


def _deputy_and_officer(event: Event) -> Iterable[int]:
    """Who acts, and who is away (the officer may have been named a deputy by somebody else)."""
    acting = Appointment.objects.filter(pk=event.subject_id).values_list("user_id", "acting_for__user_id").first()
    return acting or ()


def _act_key(event: Event) -> str:
    return f"residence:{event.subject_id}"


CLAIMED = NoticeKind(
    key="residence.claimed",
    event_kind="residence.claimed",
    group=Group.DESK,
    label=_("Somebody waits for a check of their home"),
    why=_("You are told this because you check homes at the desk."),
    recipients=_checkers,
    url=lambda event: reverse("people:desk"),
    template="notifications/kinds/residence_claimed.txt",
    act=Act(label=_("Check it"), key=_act_key),
    icon="house",
    tone="duty",
)
VERIFIED = NoticeKind(
    key="residence.verified",
    event_kind="residence.verified",
    group=Group.ACCOUNT,
    label=_("Your home was confirmed"),
    why=_("You are told this because it is your home."),
    recipients=_resident,
    url=lambda event: reverse("people:me"),
    template="notifications/kinds/residence_verified.txt",
    icon="badge-check",
    tone="done",
)
REFUSED = NoticeKind(
    key="residence.refused",
    event_kind="residence.refused",
    group=Group.ACCOUNT,
    label=_("Your home was not confirmed"),
    why=_("You are told this because only you can set it right."),
    recipients=_resident,
    url=lambda event: reverse("people:me"),
    template="notifications/kinds/residence_refused.txt",
    must=True,
    icon="circle-x",
    tone="alarm",
)
DEPUTED = NoticeKind(
    key="office.deputed",
    event_kind="office.deputed",
    group=Group.ACCOUNT,
    label=_("A deputy was named"),
    why=_("You are told this because you hold this office or act in it."),
    recipients=_deputy_and_officer,
    url=lambda event: reverse("people:offices"),
    template="notifications/kinds/office_deputed.txt",
    icon="user-check",
    tone="duty",
)
RECALLED = NoticeKind(
    key="office.recalled",
    event_kind="office.recalled",
    group=Group.ACCOUNT,
    label=_("A deputy's time was ended"),
    why=_("You are told this because you hold this office or act in it."),
    recipients=_deputy_and_officer,
    url=lambda event: reverse("people:offices"),
    template="notifications/kinds/office_recalled.txt",
    icon="user-check",
    tone="end",
)
