"""A room that exists only here: its stories are told by notices of every sort."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from ledger import canonical, chains, following
from ledger.actors import SYSTEM
from ledger.models import Event
from ledger.recording import record
from notifications import kinds, subscriptions
from notifications.kinds import Act, Group, NoticeKind
from people.models import User
from tests import build

CHAIN = "story:1"
UNTIL = build.AT + dt.timedelta(days=3)


def set_up() -> None:
    chains.describe("story", lambda ids: {chain: chains.Link("修路灯", "/stories/1/") for chain in ids})
    kinds.register(ASKED, TOLD, SERVED)


def asked(event: Event) -> list[int]:
    return list(event.payload["asked"])


def followers(event: Event) -> list[int]:
    return subscriptions.of(event.chain_id)


def until(event: Event) -> dt.datetime:
    return dt.datetime.fromisoformat(event.payload["until"])


ASKED = NoticeKind(
    key="story.asked",
    event_kind="story.opened",
    group=Group.ACT,
    label="有事请您办",
    why="告诉您这件事，是因为您在名册上。",
    recipients=asked,
    url=lambda event: "/stories/1/act/",
    template="stage/asked.txt",
    act=Act(label="去办", key=lambda event: event.chain_id, due=until),
    icon="vote",
)
TOLD = NoticeKind(
    key="story.told",
    event_kind="story.opened",
    group=Group.CASES,
    label="有进展",
    why="告诉您这件事，是因为您关注它。",
    recipients=followers,
    url=lambda event: "/stories/1/",
    template="stage/told.txt",
)
SERVED = NoticeKind(
    key="story.served",
    event_kind="story.served",
    group=Group.CASES,
    label="正式送达",
    why="这份文件必须送达给您。",
    recipients=asked,
    url=lambda event: "/stories/1/paper/",
    template="stage/served.txt",
    must=True,
)


def happen(
    kind: str = "story.opened",
    *,
    to: Collection[User] = (),
    by: Any = SYSTEM,
    at: dt.datetime = build.AT,
    until: dt.datetime = UNTIL,
    text: str = "",
) -> Event:
    """Record an event, not yet delivered."""
    return record(
        kind,
        chain=CHAIN,
        subject=build.district(),
        by=by,
        at=at,
        texts={"words": text} if text else None,
        asked=[user.pk for user in to],
        until=canonical.instant(until),
    )


def tell(kind: str = "story.opened", *, at: dt.datetime = build.AT, **facts: Any) -> Event:
    """Record an event and deliver it."""
    event = happen(kind, at=at, **facts)
    following.drain(at)
    return event


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError("nobody listens")
