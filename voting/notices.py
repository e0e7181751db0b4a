"""What the people on a roll are told: that their vote is asked for, and how it ended."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ledger.models import Event
from notifications import kinds
from notifications.kinds import Act, Group, NoticeKind

from .casting import act_key
from .models import RollEntry

ON_THE_ROLL = _("You are told this because you are on the roll of this vote.")


def register() -> None:
    kinds.register(
        NoticeKind(
            key="ballot_opened",
            event_kind="ballot.opened",
            group=Group.ACT,
            label=_("A vote in which you can take part has begun"),
            why=ON_THE_ROLL,
            recipients=voters,
            url=lambda event: reverse("voting:ballot", args=[event.payload["ballot"]]),
            template="voting/notices/opened.txt",
            act=Act(_("Vote now"), lambda event: act_key(event.payload["ballot"]), ends_at),
            icon="vote",
        ),
        NoticeKind(
            key="ballot_closed",
            event_kind="ballot.closed",
            group=Group.CASES,
            label=_("A vote in which you could take part was counted"),
            why=ON_THE_ROLL,
            recipients=voters,
            url=lambda event: reverse("voting:result", args=[event.payload["ballot"]]),
            template="voting/notices/closed.txt",
            icon="scale",
        ),
    )


def voters(event: Event) -> Iterable[int]:
    return RollEntry.objects.filter(ballot=event.payload["ballot"]).values_list("voter_id", flat=True)


def ends_at(event: Event) -> dt.datetime:
    return dt.datetime.fromisoformat(event.payload["closes_at"])
