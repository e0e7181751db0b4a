"""What people are told of proxies and of objections."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.models import Event
from notifications import kinds
from notifications.kinds import Act, Group, NoticeKind
from people.models import Appointment
from people.roles import Right

from . import objection_policies, objections, proxies
from .models import Ballot, Objection, Proxy
from .notices import due_at
from .states import Ruling

Recipients = Callable[[Event], Iterable[int]]

HOLDS = _("You are told this because somebody trusted you with their vote.")
OWN_RIGHT = _("You are told this because your own right to vote is concerned.")
RULES = _("You are told this because your body rules on objections to this vote.")
SUPERVISES = _("You are told this because you supervise this area.")
OBJECTED = _("You are told this because you objected to this result.")


def register() -> None:
    vote = Act(_("Cast this vote"), lambda event: proxies.act_key(event.payload["proxy"]), due_at)
    rule = Act(_("Rule on it"), lambda event: objections.act_key(event.payload["objection"]), due_at)
    kinds.register(
        _kind("proxy.given", Group.ACT, _("Somebody gives you their proxy"), HOLDS, holder, to_proxies, act=vote),
        _kind(
            "proxy.given",
            Group.CASES,
            _("A proxy from your letter was recorded"),
            OWN_RIGHT,
            signer,
            to_proxies,
            key="proxy.recorded",
        ),
        _kind("proxy.revoked", Group.CASES, _("A proxy was taken back"), HOLDS, holder, to_proxies),
        _kind("proxy.used", Group.CASES, _("Your proxy was used"), OWN_RIGHT, voter, to_proxies),
        _kind("objection.made", Group.DESK, _("Somebody objects to a result"), RULES, judges, to_ruling, act=rule),
        _kind("objection.overdue", Group.DESK, _("A ruling on an objection is overdue"), SUPERVISES, watchers),
        _kind("objection.ruled", Group.CASES, _("Your objection was ruled on"), OBJECTED, objector),
    )


def to_proxies(event: Event) -> str:
    return reverse("voting:proxies", args=[event.payload["ballot"]])


def to_objections(event: Event) -> str:
    return reverse("voting:objections", args=[event.payload["ballot"]])


def to_ruling(event: Event) -> str:
    return reverse("voting:objection_ruling", args=[event.payload["objection"]])


def _kind(
    event: str,
    group: Group,
    label: str | Promise,
    why: str | Promise,
    recipients: Recipients,
    url: Callable[[Event], str] = to_objections,
    act: Act | None = None,
    key: str = "",
) -> NoticeKind:
    name = key or event
    return NoticeKind(
        key=name,
        event_kind=event,
        group=group,
        label=label,
        why=why,
        recipients=recipients,
        url=url,
        template=f"voting/notices/{name.replace('.', '_')}.txt",
        act=act,
        must=group == Group.CASES,
        icon="handshake" if event.startswith("proxy") else "gavel",
        tone="alarm" if event == objections.OVERDUE else "open",
    )


def holder(event: Event) -> Iterable[int]:
    return Proxy.objects.filter(pk=event.payload["proxy"]).values_list("holder_id", flat=True)


def voter(event: Event) -> Iterable[int]:
    mine = Proxy.objects.filter(pk=event.payload["proxy"]).exclude(entry__voter=None)
    return mine.values_list("entry__voter_id", flat=True)


def signer(event: Event) -> Iterable[int]:
    """Somebody else wrote it down, so the voter learns of it."""
    return voter(event) if event.payload["on_paper"] else ()


def judges(event: Event) -> Iterable[int]:
    """Who leads the nearest body that may rule, as long as the objection waits."""
    asked = Objection.objects.filter(pk=event.payload["objection"], ruling=Ruling.OPEN).first()
    bodies = objection_policies.judges(_ballot(event), event.at) if asked else iter(())
    for body in bodies:
        leading = Appointment.objects.current(event.at).with_right(Right.STEER).filter(body=body)
        if found := set(leading.values_list("user_id", flat=True)):
            return found
    return ()


def watchers(event: Event) -> Iterable[int]:
    """Who supervises the area of the vote, or one above it."""
    offices = Appointment.objects.current(event.at).with_right(Right.SUPERVISE)
    paths = _ballot(event).area.lineage_paths
    return offices.filter(body__area__path__in=paths).values_list("user_id", flat=True)


def objector(event: Event) -> Iterable[int]:
    return Objection.objects.filter(pk=event.payload["objection"]).values_list("by_id", flat=True)


def _ballot(event: Event) -> Ballot:
    return Ballot.objects.select_related("area").get(pk=event.payload["ballot"])
