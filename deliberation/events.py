"""What people in the room hear, always after commit: the only publisher of this app."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from adapters import live

from . import rendering
from .models import Post, Thread


def post_added(post: Post) -> None:
    _after_commit(lambda: _tell_post(post))


def closed(thread: Thread) -> None:
    _after_commit(lambda: live.publish(thread.room, {"type": "closed"}))


def reopened(thread: Thread) -> None:
    _after_commit(lambda: live.publish(thread.room, {"type": "reopened"}))


def case_moved(thread: Thread) -> None:
    _after_commit(lambda: live.publish(thread.room, {"type": "moved"}))


def admission_changed(thread: Thread) -> None:
    _after_commit(lambda: live.expel(thread.room))


def _tell_post(post: Post) -> None:
    for language, _name in settings.LANGUAGES:
        live.publish(post.thread.room_in(language), rendering.message_in(language, post))


def _after_commit(tell: Callable[[], None]) -> None:
    """A message that fails must not fail what is stored: whoever missed it catches up by number."""
    transaction.on_commit(tell, robust=True)
