"""The doorman of a live room: lets in who may read, sends what they missed, and passes on what they say."""

from types import SimpleNamespace
from typing import Any

from django.utils import translation

from adapters import clock, live
from adapters.doorman import Doorman, in_thread, visit
from people.access import proved_second_factor

from . import policies, reading, rendering
from .forms import PostForm
from .models import Thread


class RoomConsumer(Doorman):
    """In: say {text, reply_to, key}; since {number}, which is the sign of life too; read {number}.

    Out: post {number, key, html}, since {last, open}, stored, error, here {count}, closed, reopened, moved; one object
    or a list of them in a frame. Who gets a `since` whose `last` lies beyond the last post at hand asks on.
    """

    access = "public"
    thread: Thread

    async def admit(self) -> list[str] | None:
        thread = await in_thread(self._load)()
        if thread is None:
            return None
        self.thread = thread
        return [thread.room, thread.room_in(self.language)]

    async def welcome(self) -> None:
        since = self.query.get("since", "")
        number = int(since) if since.isascii() and since.isdigit() and len(since) < 10 else self.thread.last_number
        missed = await in_thread(self._since)(number)
        self.tell([*missed, {"type": "here", "count": live.hub.here(self.thread.room)}])

    async def hear(self, message: dict[str, Any]) -> Any:
        match message:
            case {"type": "say"}:
                return await in_thread(self._say)(message)
            case {"type": "since", "number": int(number)} if 0 <= number < 10**9:
                return await in_thread(self._since)(number)
            case {"type": "read", "number": int(number)} if 0 <= number < 10**9:
                return await in_thread(self._read)(number)
            case _:
                raise ValueError("not a message of this room")

    def _load(self) -> Thread | None:
        thread = Thread.objects.select_related("area").filter(pk=self.scope["url_route"]["kwargs"]["pk"]).first()
        user = _proved(self.scope["user"], SimpleNamespace(session=self.scope["session"]))
        return thread if thread and policies.may_read(user, thread, clock.now()) else None

    def _say(self, message: dict[str, Any]) -> dict[str, Any]:
        """The session is read anew: it may have ended since the socket was opened."""
        request = visit(self.scope)
        user = _proved(request.user, request)
        with translation.override(self.language):
            form = PostForm(message, thread=self.thread)
            return form.answer(form.say(by=user, at=clock.now()))

    def _since(self, number: int) -> list[dict[str, Any]]:
        thread = Thread.objects.get(pk=self.thread.pk)
        with translation.override(self.language):
            posts = [rendering.message(post) for post in reading.since(thread, number)]
        return [*posts, {"type": "since", "last": thread.last_number, "open": thread.is_open}]

    def _read(self, number: int) -> None:
        reading.mark_read(Thread.objects.get(pk=self.thread.pk), self.scope["user"], number)


def _proved(user: Any, request: Any) -> Any:
    if user.is_authenticated:
        user.second_factor = proved_second_factor(request, user)
    return user
