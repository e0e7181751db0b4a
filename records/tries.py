"""Wrong codes are counted by address, so that nobody can go through all of them."""

from django.core.cache import cache
from django.http import HttpRequest

LIMIT, SECONDS = 20, 600


def are_used_up(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= LIMIT


def count(request: HttpRequest) -> None:
    """The time runs from the first wrong code."""
    if not cache.add(_key(request), 1, SECONDS):
        cache.incr(_key(request))


def _key(request: HttpRequest) -> str:
    return f"records.wrong:{request.META.get('REMOTE_ADDR', '')}"
