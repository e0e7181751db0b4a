"""From an event to those who must know of it: notices, ways out and the live badge, in the event's delivery."""

import functools
import uuid
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from ledger.models import Event
from people.models import Alias, User

from . import badge, kinds, preferences
from .kinds import NoticeKind
from .models import Channel, Notice, Outgoing

BATCH = 500


def tell(event: Event) -> None:
    """Write what each person concerned is told: one notice for a person and an event, however often this runs."""
    told = _recipients(event)
    for batch in _batches(told):
        notices = _write(event, batch)
        _queue_mail(notices, batch)
    if told:
        transaction.on_commit(functools.partial(badge.publish, list(told)), robust=True)


def _recipients(event: Event) -> dict[int, NoticeKind]:
    """Who is told and as which kind. The person who acted needs no news of it, but is asked like everybody."""
    actors = set(Alias.objects.filter(ref=event.actor).values_list("user_id", flat=True))
    told: dict[int, NoticeKind] = {}
    for kind in kinds.of_event(event.kind):
        for user in kind.recipients(event):
            if kind.act or user not in actors:
                told.setdefault(user, kind)
    return told


def _write(event: Event, told: Mapping[int, NoticeKind]) -> list[Notice]:
    present = User.objects.filter(pk__in=told, is_active=True, closed_at=None).values_list("pk", flat=True)
    make = {kind.key: functools.partial(Notice, **_content(event, kind)) for kind in told.values()}
    Notice.objects.bulk_create([make[told[user].key](user_id=user) for user in present], ignore_conflicts=True)
    return list(Notice.objects.filter(event=event, user__in=told).select_related("user"))


def _content(event: Event, kind: NoticeKind) -> dict[str, object]:
    content = {"event": event, "kind": kind.key, "url": kind.url(event), "at": event.at}
    if kind.act:
        content |= {"act_key": kind.act.key(event), "due_at": kind.act.due(event)}
    return content


def _queue_mail(notices: Iterable[Notice], told: Mapping[int, NoticeKind]) -> None:
    reachable = {notice.user_id: notice for notice in notices if notice.user.email}
    wanting: set[int] = set()
    for kind in {told[user].key: told[user] for user in reachable}.values():
        mine = [user for user in reachable if told[user].key == kind.key]
        wanting |= preferences.wanting(mine, kind, Channel.EMAIL)
    Outgoing.objects.bulk_create(
        [
            Outgoing(notice=notice, channel=Channel.EMAIL, key=uuid.uuid4(), next_at=notice.at)
            for user, notice in reachable.items()
            if user in wanting
        ],
        ignore_conflicts=True,
    )


def _batches(told: dict[int, NoticeKind]) -> Iterator[dict[int, NoticeKind]]:
    users = list(told)
    for start in range(0, len(users), BATCH):
        yield {user: told[user] for user in users[start : start + BATCH]}
