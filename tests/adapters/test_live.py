"""The hub: rooms that do not mix, queues that end, a busy room's shared frames, and the way through Redis."""

import asyncio
import json
import subprocess
import sys
import threading

import pytest

from adapters import live
from tests.run import free_port, wait_for


class Socket:
    """The server's end of a socket: keeps what is sent; when blocked, takes nothing until it is let go."""

    def __init__(self):
        self.frames, self.code = [], 0
        self.free = asyncio.Event()
        self.free.set()

    async def send(self, message):
        await self.free.wait()
        if message["type"] == "websocket.close":
            self.code = message["code"]
        else:
            self.frames.append(json.loads(message["text"]))

    @property
    def messages(self):
        return [message for frame in self.frames for message in (frame if isinstance(frame, list) else [frame])]


@pytest.fixture(autouse=True)
def hub(monkeypatch, settings):
    settings.REDIS_URL = ""
    made = live.Hub()
    monkeypatch.setattr(live, "hub", made)
    return made


async def until(condition, seconds=5.0):
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < end, "this did not happen in time"
        await asyncio.sleep(0.01)


async def seat(room, **options):
    socket = Socket()
    return socket, await live.hub.join(socket.send, [room], **options)


def in_thread(function, *args):
    thread = threading.Thread(target=function, args=args)
    thread.start()
    return thread


def test_two_rooms_do_not_mix():
    async def story():
        (here, _), (there, _) = await seat("thread:1"), await seat("thread:11")
        live.publish("thread:1", {"type": "post", "number": 1})
        await until(lambda: here.frames)
        assert (here.messages, there.messages) == ([{"type": "post", "number": 1}], [])

    asyncio.run(story())


def test_a_thread_without_a_loop_is_heard():
    async def story():
        socket, _ = await seat("thread:1")
        in_thread(live.publish, "thread:1", {"type": "post", "text": "充电棚"})
        await until(lambda: socket.frames)
        assert socket.messages == [{"type": "post", "text": "充电棚"}]

    asyncio.run(story())


def test_nobody_there_is_no_trouble():
    live.publish("thread:1", {"type": "post"})
    live.expel("thread:1")


def test_whoever_left_hears_nothing():
    async def story():
        socket, line = await seat("thread:1")
        stays, _ = await seat("thread:1")
        live.hub.leave(line)
        live.publish("thread:1", {"type": "post"})
        await until(lambda: stays.frames)
        assert socket.frames == []

    asyncio.run(story())


def test_a_busy_room_shares_frames_and_keeps_the_order():
    async def story():
        socket, _ = await seat("thread:1")
        for number in range(100):
            live.publish("thread:1", {"number": number})
        await until(lambda: len(socket.messages) == 100)
        assert [message["number"] for message in socket.messages] == list(range(100))
        assert len(socket.frames) == 2  # the first at once, the others together when the window ends
        await asyncio.sleep(live.WINDOW * 2)
        live.publish("thread:1", {"number": 100})
        await until(lambda: len(socket.frames) == 3)
        assert socket.frames[2] == {"number": 100}

    asyncio.run(story())


def test_a_slow_socket_is_closed_and_the_others_are_unharmed(monkeypatch):
    monkeypatch.setattr(live, "WINDOW", 0)

    async def story():
        (slow, _), (quick, _) = await seat("thread:1"), await seat("thread:1")
        slow.free.clear()
        for number in range(live.DEPTH + 5):
            live.publish("thread:1", {"number": number})
            await asyncio.sleep(0)
        await until(lambda: len(quick.messages) == live.DEPTH + 5)
        slow.free.set()
        await until(lambda: slow.code)
        assert (slow.code, quick.code) == (live.TOO_SLOW, 0)
        assert slow.messages == [{"number": 0}]  # what was on its way; the rest it catches up from the database

    asyncio.run(story())


def test_a_blocked_socket_gets_all_in_order_once_it_is_free(monkeypatch):
    monkeypatch.setattr(live, "WINDOW", 0)

    async def story():
        socket, _ = await seat("thread:1")
        socket.free.clear()
        for number in range(10):
            live.publish("thread:1", {"number": number})
            await asyncio.sleep(0)
        socket.free.set()
        await until(lambda: len(socket.messages) == 10)
        live.publish("thread:1", {"number": 10})
        await until(lambda: len(socket.messages) == 11)
        assert [message["number"] for message in socket.messages] == list(range(11))

    asyncio.run(story())


def test_a_socket_whose_other_end_is_gone_harms_nobody():
    async def gone(message):
        raise OSError("gone")

    async def story():
        await live.hub.join(gone, ["thread:1"])
        socket, _ = await seat("thread:1")
        live.publish("thread:1", {"number": 1})
        await until(lambda: socket.frames)

    asyncio.run(story())


def test_expelled_sockets_are_closed_and_others_stay():
    async def story():
        (inside, _), (outside, _) = await seat("thread:1"), await seat("thread:2")
        live.expel("thread:1")
        await until(lambda: inside.code)
        live.publish("thread:1", {"type": "post"})
        live.publish("thread:2", {"type": "post"})
        await until(lambda: outside.frames)
        assert (inside.code, inside.frames, outside.code) == (live.READMIT, [], 0)

    asyncio.run(story())


def test_the_people_of_a_room_are_counted(monkeypatch):
    monkeypatch.setattr(live, "COUNT_AFTER", 0.02)

    async def story():
        first, _ = await seat("thread:1", counted_in="thread:1")
        await until(lambda: first.messages == [{"type": "here", "count": 1}])
        _, line = await seat("thread:1", counted_in="thread:1")
        await until(lambda: first.messages[-1]["count"] == 2)
        assert live.hub.here("thread:1") == 2
        live.hub.leave(line)
        await until(lambda: first.messages[-1]["count"] == 1)

    asyncio.run(story())


@pytest.fixture
def start_redis(tmp_path):
    """Starts a server of this test's own; called again it starts another on the same port."""
    port, running = free_port(), []

    def start():
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        running.append(process)
        wait_for(port)
        return process

    start.url = f"redis://127.0.0.1:{port}/3"
    yield start
    for process in running:
        process.terminate()
        process.wait()


ANOTHER_PROCESS = """
import sys
from django.conf import settings
settings.configure(REDIS_URL=sys.argv[1])
from adapters import live
live.publish("thread:1", {"type": "post", "from": "worker"})
"""


def test_another_process_is_heard_through_redis(start_redis, settings):
    settings.REDIS_URL = start_redis.url
    start_redis()

    async def story():
        (here, _), (there, _) = await seat("thread:1"), await seat("thread:2")
        await asyncio.to_thread(subprocess.run, [sys.executable, "-c", ANOTHER_PROCESS, start_redis.url], check=True)
        await until(lambda: here.frames)
        live.publish("thread:1", {"type": "post", "from": "here"})
        await until(lambda: len(here.messages) == 2)
        assert [message["from"] for message in here.messages] == ["worker", "here"]
        assert there.frames == []

    asyncio.run(story())


def test_after_redis_was_away_everybody_comes_back_to_catch_up(start_redis, settings):
    settings.REDIS_URL = start_redis.url
    server = start_redis()

    async def story():
        socket, _ = await seat("thread:1")
        server.terminate()
        server.wait()
        in_thread(live.publish, "thread:1", {"number": 1})
        await until(lambda: socket.messages == [{"number": 1}])  # its own process still hears it
        assert socket.code == 0
        start_redis()
        await until(lambda: socket.code == live.RESTART)
        late, _ = await seat("thread:1")
        live.publish("thread:1", {"number": 2})
        await until(lambda: late.messages == [{"number": 2}])

    asyncio.run(story())


def test_people_in_other_processes_are_counted_too(start_redis, settings, monkeypatch):
    monkeypatch.setattr(live, "COUNT_AFTER", 0.02)
    settings.REDIS_URL = start_redis.url
    start_redis()

    async def story():
        socket, _ = await seat("thread:1", counted_in="thread:1")
        await until(lambda: live.hub.here("thread:1") == 1)
        live._shout("count", "thread:1", "another-process 7")
        await until(lambda: socket.messages[-1:] == [{"type": "here", "count": 8}])

    asyncio.run(story())
