"""What a person does with notices: reads them, and does what they ask."""

import datetime as dt
import functools

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from people.models import User

from . import badge
from .models import Notice, NoticeQuerySet


def mark_read(notice: Notice, *, at: dt.datetime) -> None:
    _read(Notice.objects.filter(pk=notice.pk), at)


def mark_all_read(user: User, *, at: dt.datetime) -> None:
    _read(Notice.objects.of(user), at)


def settle(act_key: str, *, at: dt.datetime, user: User | None = None) -> int:
    """The act was done: by this person, or, without a user, so that nobody needs to do it any more.

    Returns how many notices that closed. Where the moment itself is secret (a ballot paper), pass a coarser one.
    """
    asking = Notice.objects.filter(act_key=act_key, done_at=None)
    if user:
        asking = asking.of(user)
    users = [user.pk] if user else _readers(asking)
    done = asking.update(done_at=at, read_at=Coalesce("read_at", Value(at)))
    _publish(users if done else [])
    return done


def _read(notices: NoticeQuerySet, at: dt.datetime) -> None:
    unread = notices.unread()
    users = _readers(notices)
    unread.update(read_at=at)
    _publish(users)


def _readers(notices: NoticeQuerySet) -> list[int]:
    """Whose badge changes when these are read."""
    return list(notices.unread().order_by().values_list("user_id", flat=True).distinct())


def _publish(users: list[int]) -> None:
    if users:
        transaction.on_commit(functools.partial(badge.publish, users), robust=True)
