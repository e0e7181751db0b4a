"""The kinds of notice as data: which event, who must know and why, what it asks of them, and in which words."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger import following
from ledger.models import Event


class Group(models.TextChoices):
    """What a person switches e-mail on and off for."""

    ACT = "act", _("What waits for you")
    CASES = "cases", _("News of matters that concern you")
    DESK = "desk", _("Work of your office")
    ACCOUNT = "account", _("Your account and your home")


@dataclass(frozen=True)
class Act:
    """What the person is asked to do. All notices with the same key are settled together by `inbox.settle`."""

    label: str | Promise
    key: Callable[[Event], str]
    due: Callable[[Event], dt.datetime | None] = lambda event: None


@dataclass(frozen=True)
class NoticeKind:
    """key: kept in rows, never renamed. recipients: user ids, computed where the knowledge is. label: for the page of
    preferences. why: the sentence that tells a person why they are told. template: a .txt file of which the first line
    is the title and the rest the body, rendered for each reader in their language with `case` (title), `event`,
    `payload`, `texts` (by field; an erased one is missing), `to` (User) and `due` (until when the act can be done; in
    news the instant that the event's payload calls `due`). must: nobody can switch it off.
    """

    key: str
    event_kind: str
    group: Group
    label: str | Promise
    why: str | Promise
    recipients: Callable[[Event], Iterable[int]]
    url: Callable[[Event], str]
    template: str
    act: Act | None = None
    must: bool = False
    icon: str = "bell"
    tone: str = "open"


KINDS: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Declare kinds. Of several for one event, a person gets the first one registered that names them."""
    from . import telling

    for kind in kinds:
        if kind.key in KINDS:
            raise ValueError(f"The notice kind {kind.key} is declared twice.")
        KINDS[kind.key] = kind
        follower = f"notifications.tell:{kind.event_kind}"
        if follower not in following.FOLLOWERS:
            following.follow(kind.event_kind, name=follower)(telling.tell)


def of_event(event_kind: str) -> list[NoticeKind]:
    return [kind for kind in KINDS.values() if kind.event_kind == event_kind]
