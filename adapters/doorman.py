"""The consumer at a door of sockets: admits, joins the rooms of the hub, and guards what comes in."""

import asyncio
import importlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict, parse_cookie

from . import live

T = TypeVar("T")

FRAME_LIMIT = 8 * 1024  # bytes of one incoming frame
BURST, PER_SECOND = 20, 4  # incoming frames


class Doorman(AsyncWebsocketConsumer):
    """Subclasses say in `admit` which rooms this socket joins, and in `hear` what to answer to a message.

    access: who may connect at all, as the access mark of a view. counts: whether the people in the first room are told
    how many they are.
    """

    access = ""
    counts = True
    line: live.Line | None = None

    async def admit(self) -> list[str] | None:
        """The rooms to join, the counted one first; None when there is nothing here for this visitor."""
        raise NotImplementedError

    async def welcome(self) -> None:
        """Called once the line is open: send what was missed."""

    async def hear(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Answer one message from the client; None answers nothing. ValueError closes the socket."""
        raise ValueError(message)

    async def connect(self) -> None:
        self._tokens, self._refilled_at = float(BURST), asyncio.get_running_loop().time()
        rooms = await self.admit()
        await self.accept()
        if rooms is None:
            await self.close(live.GONE)
            return
        self.line = await live.hub.join(self.base_send, rooms, counted_in=rooms[0] if self.counts else "")
        await self.welcome()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """However it ends, the line leaves its rooms."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.line:
                live.hub.leave(self.line)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.line:
            return
        if not self._take_token():
            self.line.close(live.TOO_MANY)
            return
        try:
            answer = await self.hear(_parsed(text_data))
        except ValueError:
            self.line.close(live.BAD_INPUT)
            return
        if answer is not None:
            self.tell(answer)

    def tell(self, message: Any) -> None:
        """To this socket only, in order with what its rooms hear."""
        if self.line:
            self.line.offer(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    @property
    def query(self) -> QueryDict:
        return QueryDict(self.scope["query_string"])

    @property
    def language(self) -> str:
        """The language of the page that opened this socket."""
        asked = self.query.get("lang", "")
        return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def _take_token(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._tokens = min(BURST, self._tokens + (now - self._refilled_at) * PER_SECOND) - 1
        self._refilled_at = now
        return self._tokens >= 0


def in_thread(function: Callable[..., T]) -> Callable[..., Awaitable[T]]:
    """Run a function that uses the database in a thread of its own, so that sockets do not queue behind each other."""
    return database_sync_to_async(function, thread_sensitive=False)  # type: ignore[no-any-return]


class Visitors:
    """The middleware that tells consumers who is there: scope["user"] and scope["session"].

    Channels' own one wraps `send` for the sake of cookies, which slows each frame of a full room.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = await in_thread(visit)(scope)
        await self.app({**scope, "user": request.user, "session": request.session}, receive, send)


def visit(scope: Any) -> HttpRequest:
    """A request that carries the session and the user of a socket as they are now. Uses the database."""
    cookies = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
    request = HttpRequest()
    request.COOKIES = parse_cookie("; ".join(cookies))
    request.session = _session(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = auth.get_user(request)
    return request


def _session(key: str | None) -> SessionBase:
    return importlib.import_module(settings.SESSION_ENGINE).SessionStore(key)  # type: ignore[no-any-return]


def _parsed(text: str | None) -> dict[str, Any]:
    if not text or len(text) > FRAME_LIMIT:
        raise ValueError("not a text frame of a usual size")
    message = json.loads(text)
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ValueError("not an object with a type")
    return message
