"""The number at the bell: counted at most once for a page, and sent to open pages when it changes."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from adapters import live

from .models import Notice

BATCH = 500


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: `unread_notices`, counted only when a page shows it; 0 for visitors."""
    return {"unread_notices": SimpleLazyObject(lambda: count(request.user))}


def count(user: Any) -> int:
    return Notice.objects.of(user).unread().count() if user.is_authenticated else 0


def room(user: int) -> str:
    return f"person:{user}"


def message(unread: int) -> dict[str, Any]:
    return {"type": "badge", "unread": unread}


def publish(users: Collection[int]) -> None:
    """Tell the open pages of these people how many they have not read. To be called after commit."""
    ids = list(users)
    for start in range(0, len(ids), BATCH):
        _publish(ids[start : start + BATCH])


def _publish(ids: list[int]) -> None:
    rows = Notice.objects.unread().filter(user__in=ids).order_by().values_list("user").annotate(Count("pk"))
    counts = dict(rows)
    for user in ids:
        live.publish(room(user), message(counts.get(user, 0)))
