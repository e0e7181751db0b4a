"""What the people on a roll are told: that their vote is asked for, and how it ended."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.models import Event
from notifications import kinds
from notifications.kinds import Act, Group, NoticeKind

from .casting import act_key
from .models import RollEntry
from .states import Kind, State

Recipients = Callable[[Event], Iterable[int]]
Due = Callable[[Event], dt.datetime]

ON_THE_ROLL = _("You are told this because you are on the roll of this vote.")


def register() -> None:
    kinds.register(
        _ask("opened", _("A vote in which you can take part has begun"), secret_voters, "vote", ends_at),
        _ask("opened_named", _("An owners' vote in which you can take part has begun"), owners, "vote", ends_at),
        _to_the_meeting(),
        _ask("reminded", _("A vote in which you have not voted yet ends soon"), not_voted, "bell-ring", due_at),
        _ask("extended", _("A vote in which you have not voted yet goes on longer"), not_voted, "timer", due_at),
        _news("closed", _("A vote in which you could take part was counted"), "scale"),
        _news("recounted", _("A vote in which you could take part was counted again"), "scale"),
        _news("annulled", _("A vote in which you could take part was annulled"), "gavel"),
    )


def _ask(what: str, label: str | Promise, recipients: Recipients, icon: str, due: Due) -> NoticeKind:
    return NoticeKind(
        key=f"ballot_{what}",
        event_kind=f"ballot.{what.partition('_')[0]}",
        group=Group.ACT,
        label=label,
        why=ON_THE_ROLL,
        recipients=recipients,
        url=to_ballot,
        template=f"voting/notices/{what}.txt",
        act=Act(_("Vote now"), lambda event: act_key(event.payload["ballot"]), due),
        icon=icon,
    )


def _news(what: str, label: str | Promise, icon: str) -> NoticeKind:
    return NoticeKind(
        key=f"ballot_{what}",
        event_kind=f"ballot.{what}",
        group=Group.CASES,
        label=label,
        why=ON_THE_ROLL,
        recipients=voters,
        url=to_result,
        template=f"voting/notices/{what}.txt",
        icon=icon,
    )


def _to_the_meeting() -> NoticeKind:
    """Where hands are raised, the call itself asks people to come."""
    news = _news("called_show", _("A show of hands in which you can take part was announced"), "hand")
    return replace(news, event_kind="ballot.called", recipients=hand_raisers, url=to_ballot)


def voters(event: Event) -> Iterable[int]:
    mine = RollEntry.objects.filter(ballot=event.payload["ballot"]).exclude(voter=None)
    return mine.values_list("voter_id", flat=True)


def secret_voters(event: Event) -> Iterable[int]:
    return _voters(event, Kind.SECRET)


def owners(event: Event) -> Iterable[int]:
    return _voters(event, Kind.NAMED)


def hand_raisers(event: Event) -> Iterable[int]:
    return _voters(event, Kind.OPEN_SHOW)


def _voters(event: Event, kind: Kind) -> Iterable[int]:
    mine = RollEntry.objects.filter(ballot=event.payload["ballot"], ballot__kind=kind).exclude(voter=None)
    return mine.values_list("voter_id", flat=True)


def not_voted(event: Event) -> Iterable[int]:
    """As it is when the notice is written, so that nobody is reminded who has voted meanwhile."""
    mine = RollEntry.objects.filter(ballot=event.payload["ballot"], voted=False, ballot__state=State.OPEN)
    return mine.exclude(voter=None).exclude(units=[]).values_list("voter_id", flat=True)


def to_ballot(event: Event) -> str:
    return reverse("voting:ballot", args=[event.payload["ballot"]])


def to_result(event: Event) -> str:
    return reverse("voting:result", args=[event.payload["ballot"]])


def ends_at(event: Event) -> dt.datetime:
    return dt.datetime.fromisoformat(event.payload["closes_at"])


def due_at(event: Event) -> dt.datetime:
    return dt.datetime.fromisoformat(event.payload["due"])
