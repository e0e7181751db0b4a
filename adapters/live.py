"""The socket hub: which sockets of this process sit in which room, and how a message reaches all of them."""

import asyncio
import contextlib
import functools
import json
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import redis
import redis.asyncio
from django.conf import settings

log = logging.getLogger(__name__)

Message = dict[str, Any]
Send = Callable[[Any], Coroutine[Any, Any, None]]

DEPTH = 64  # frames that may wait for one socket
WINDOW = 0.05  # seconds in which the messages of a busy room share one frame
SUBSCRIBE_WITHIN = 2.0  # seconds that a new socket waits for the subscription to Redis
COUNT_AFTER, COUNT_EVERY, COUNT_HOLDS = 1.0, 30.0, 75.0  # seconds: when head counts are told, and how long believed

# Why a socket is closed. After RESTART, READMIT and TOO_SLOW the client comes back with its last-seen number.
RESTART, BAD_INPUT, READMIT, GONE, TOO_SLOW, TOO_MANY = 1012, 4400, 4403, 4404, 4408, 4429


def publish(room: str, message: dict[str, Any]) -> None:
    """Send one JSON message to every socket in the room, in all processes. Call it after commit, from any thread.

    Whoever is away is not waited for: clients catch up from the database by number.
    """
    _spread("tell", room, json.dumps(message, ensure_ascii=False, separators=(",", ":")))


def expel(room: str) -> None:
    """Close every socket in the room, so that each client comes back and is admitted, or not, anew."""
    _spread("expel", room, "")


class Line:
    """One open socket. What it cannot take at once waits in a bounded queue; whoever reads too slowly is closed."""

    def __init__(self, send: Send, rooms: Iterable[str], counted_in: str = "") -> None:
        self.rooms, self.counted_in = tuple(rooms), counted_in
        self._send = send
        self._waiting: deque[Message] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._closing = False

    def offer(self, frame: str) -> None:
        """Send one text frame, or queue it behind those that wait. Never waits itself: a full queue closes the line."""
        self.put(_sent(frame))

    def put(self, message: Message) -> None:
        """As `offer`, with an ASGI message that many lines share."""
        if len(self._waiting) >= DEPTH:
            self.close(TOO_SLOW)
        elif not self._closing:
            self._put(message)

    def close(self, code: int) -> None:
        if not self._closing:
            self._closing = True
            self._waiting.clear()
            self._put({"type": "websocket.close", "code": code})

    def stop(self) -> None:
        self._closing = True
        if self._writer:
            self._writer.cancel()

    def _put(self, message: Message) -> None:
        if self._writer:
            self._waiting.append(message)
            return
        # Begun by hand, because a socket nearly always takes a frame at once: a task for each costs twice the time.
        sending = self._send(message)
        try:
            blocked_by = sending.send(None)
        except StopIteration:
            return
        except Exception:
            self._closing = True  # the other end went away: its consumer hears of that by itself
            return
        self._writer = asyncio.create_task(self._write(_rest(sending, blocked_by)))

    async def _write(self, first: Awaitable[None]) -> None:
        try:
            await first
            while self._waiting:
                await self._send(self._waiting.popleft())
        except Exception:
            self._closing = True
        finally:
            self._writer = None


@types.coroutine
def _rest(sending: Coroutine[Any, Any, None], blocked_by: Any) -> Generator[Any, Any, None]:
    """The rest of a coroutine that was begun by hand and met something to wait for."""
    while True:
        try:
            result = yield blocked_by
        except BaseException as error:
            step = functools.partial(sending.throw, error)
        else:
            step = functools.partial(sending.send, result)
        try:
            blocked_by = step()
        except StopIteration:
            return


class Room:
    """The lines of one room in this process. A busy room sends what comes within the window as one frame."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.lines: set[Line] = set()
        self._loop = loop
        self._held: list[str] = []
        self._busy_until = 0.0

    def tell(self, message: str) -> None:
        if self._loop.time() >= self._busy_until and not self._held:
            self._fan(message)
            return
        if not self._held:
            self._loop.call_at(self._busy_until, self._release)
        self._held.append(message)

    def _release(self) -> None:
        held, self._held = self._held, []
        self._fan(held[0] if len(held) == 1 else f"[{','.join(held)}]")

    def _fan(self, frame: str) -> None:
        self._busy_until = self._loop.time() + WINDOW
        message = _sent(frame)
        for line in tuple(self.lines):
            line.put(message)


@dataclass
class HeadCount:
    """How many sockets one room has in each process, as far as was told lately."""

    known: dict[str, tuple[int, float]] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None

    def note(self, process: str, count: int, until: float) -> None:
        self.known[process] = (count, until)

    def total(self, now: float) -> int:
        return sum(count for count, until in self.known.values() if until > now)


class Hub:
    """All rooms of one process. Everything here runs in the event loop of the sockets."""

    loop: asyncio.AbstractEventLoop | None = None

    async def join(self, send: Send, rooms: Iterable[str], *, counted_in: str = "") -> Line:
        """Open a line to these rooms. `counted_in` is the one of them whose people are told how many they are."""
        await self._start()
        line = Line(send, rooms, counted_in)
        for name in line.rooms:
            self._rooms.setdefault(name, Room(asyncio.get_running_loop())).lines.add(line)
        self._recount(counted_in)
        return line

    def leave(self, line: Line) -> None:
        line.stop()
        for name in line.rooms:
            if room := self._rooms.get(name):
                room.lines.discard(line)
                if not room.lines:
                    del self._rooms[name]
        self._recount(line.counted_in)

    def hear(self, kind: str, room: str, text: str) -> None:
        """Take what was published, here or in another process."""
        if kind == "count":
            self._note_count(room, *text.split())
        elif room in self._rooms and kind == "tell":
            self._rooms[room].tell(text)
        elif room in self._rooms and kind == "expel":
            self._close(self._rooms[room].lines, READMIT)

    def here(self, room: str) -> int:
        """How many sockets the room has, in all processes heard of lately."""
        return self._counts[room].total(self._now()) if room in self._counts else 0

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self.loop is not loop:
            self.loop, self._name = loop, uuid4().hex
            self._rooms: dict[str, Room] = {}
            self._counts: dict[str, HeadCount] = {}
            self._subscribed = asyncio.Event()
            self._listener = loop.create_task(self._listen(settings.REDIS_URL)) if settings.REDIS_URL else None
        if self._listener:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._subscribed.wait(), SUBSCRIBE_WITHIN)

    def _now(self) -> float:
        return self.loop.time() if self.loop else 0.0

    def _close(self, lines: Iterable[Line], code: int) -> None:
        for line in tuple(lines):
            line.close(code)

    # ── people in a room ──

    def _recount(self, room: str, after: float = COUNT_AFTER) -> None:
        if not room or not self.loop:
            return
        count = self._counts.setdefault(room, HeadCount())
        if count.timer and count.timer.when() > self._now() + after:
            count.timer.cancel()
            count.timer = None
        count.timer = count.timer or self.loop.call_later(after, self._tell_count, room)

    def _tell_count(self, room: str) -> None:
        mine = len(self._rooms[room].lines) if room in self._rooms else 0
        self._counts[room].timer = None
        _spread("count", room, f"{self._name} {mine}")
        if mine:
            self._recount(room, COUNT_EVERY)

    def _note_count(self, room: str, process: str, count: str) -> None:
        known = self._counts.setdefault(room, HeadCount())
        before = known.total(self._now())
        known.note(process, int(count), self._now() + COUNT_HOLDS)
        total = known.total(self._now())
        if room in self._rooms and total != before:
            self._rooms[room].tell(json.dumps({"type": "here", "count": total}))
        elif room not in self._rooms and not total:
            del self._counts[room]

    # ── the other processes ──

    async def _listen(self, url: str) -> None:
        """Hear the other processes for ever. After a gap all sockets are closed: clients come back and catch up."""
        while True:
            try:
                client = redis.asyncio.Redis.from_url(url, retry=None, socket_keepalive=True)
                async with client, client.pubsub() as wire:
                    await wire.subscribe(*(_channel(kind) for kind in ("tell", "expel", "count")))
                    for room in self._rooms.values():
                        self._close(room.lines, RESTART)
                    self._subscribed.set()
                    async for heard in wire.listen():
                        if heard["type"] == "message":
                            kind = heard["channel"].decode().rpartition(":")[2]
                            room, _, text = heard["data"].decode().partition("\n")
                            self.hear(kind, room, text)
            except Exception as error:
                log.warning("The line to Redis is broken (%s: %s); trying again.", type(error).__name__, error)
            self._subscribed.clear()
            await asyncio.sleep(1)


hub = Hub()
_voice = ThreadPoolExecutor(1, "live")  # one thread: what the event loop publishes keeps its order


def _sent(frame: str) -> Message:
    return {"type": "websocket.send", "text": frame}


def _spread(kind: str, room: str, text: str) -> None:
    if not settings.REDIS_URL:
        _hear_here(kind, room, text)
        return
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        _shout(kind, room, text)
    else:
        loop.run_in_executor(_voice, _shout, kind, room, text)


def _shout(kind: str, room: str, text: str) -> None:
    try:
        _redis(settings.REDIS_URL).publish(_channel(kind), f"{room}\n{text}")
    except redis.RedisError as error:
        log.warning("Redis did not take a message for %s (%s); only this process hears it.", room, error)
        _hear_here(kind, room, text)


def _hear_here(kind: str, room: str, text: str) -> None:
    if hub.loop and not hub.loop.is_closed():
        hub.loop.call_soon_threadsafe(hub.hear, kind, room, text)


def _channel(kind: str) -> str:
    """Publish/subscribe knows no database numbers: the number in REDIS_URL keeps two sites on one Redis apart."""
    return f"live:{urlsplit(settings.REDIS_URL).path.strip('/') or '0'}:{kind}"


@functools.cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
