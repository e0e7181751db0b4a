"""How long one post takes to reach everybody in a room: the platform beside a bare ASGI broadcast in the same run."""

import asyncio
import base64
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
POST = {"type": "post", "number": 1, "html": "x" * 300}
CROWDS = (200, 1000, 2000)
ROUNDS = 15
SETTLE = 2.5  # seconds until the heads are counted


def main(crowds: Sequence[int] = CROWDS, *, several: bool = True) -> list[dict[str, Any]]:
    """Rows of {name, value, unit, beside, ratio, n}; values are medians of the last client's delivery in ms.

    several: also two processes that hear each other through Redis.
    """
    _more_files()
    rows = []
    with tempfile.TemporaryDirectory() as folder, _server("bare", folder) as bare:
        with _server("platform", folder) as platform:
            for crowd in crowds:
                rows += asyncio.run(_compare("one process", crowd, [bare], [platform]))
        if not several:
            return rows
        with (
            _redis(folder) as url,
            _server("platform", folder, url) as one,
            _server("platform", folder, url) as two,
            _server("bare", folder) as other,
        ):
            for crowd in crowds:
                rows += asyncio.run(_compare("two processes, Redis", crowd, [bare, other], [one, two]))
    return rows


# ── the servers ──


def bare() -> Any:
    """Nothing but a set of sockets and a loop over them."""
    sockets: set[Any] = set()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            text = json.dumps(POST)
            for tell in list(sockets):
                await tell({"type": "websocket.send", "text": text})
            await _answer(send)
            return
        await receive()
        await send({"type": "websocket.accept"})
        sockets.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        sockets.discard(send)

    return application


def platform() -> Any:
    """The whole ASGI application; its publisher is asked by a plain request."""
    from adapters import live
    from config.asgi import application as whole

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            live.publish("thread:1", POST)
            await _answer(send)
        else:
            await whole(scope, receive, send)

    return application


async def _answer(send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


@contextmanager
def _server(name: str, folder: str, redis_url: str = "") -> Iterator[tuple[int, int]]:
    """Its port and process id."""
    port = _free_port()
    environment = os.environ | {"MODE": "test", "DATA_DIR": folder, "REDIS_URL": redis_url, "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    if name == "platform" and not Path(folder, "ready").exists():
        subprocess.run([sys.executable, "-m", "bench.live", "prepare"], cwd=ROOT, env=environment, check=True)
        Path(folder, "ready").touch()
    command = ["uvicorn", "--factory", f"bench.live:{name}", f"--port={port}", "--lifespan=off", "--log-level=error"]
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment)
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _prepare() -> None:
    """A database with one open thread, made once for all servers of the run."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from adapters import clock
    from areas.models import Area, Level
    from deliberation import discussion
    from ledger.actors import SYSTEM

    area = Area.add_root(name="金牛区", code="510106", level=Level.DISTRICT)
    thread = discussion.open_thread(chain="case:bench", area=area, by=SYSTEM, at=clock.now())
    assert thread.room == "thread:1"


# ── the crowd ──


class Listener(asyncio.Protocol):
    """A browser reduced to its socket: it says when a post has arrived."""

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd, self.head = crowd, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /ws/talk/1/?lang=en HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if b"\r\n\r\n" not in self.head:
            self.head += data
            if b"\r\n\r\n" in self.head:
                self.crowd.seated.release()
        elif b'"post"' in data:
            self.crowd.arrived()


class Crowd:
    """Listeners before one or two servers."""

    def __init__(self, doors: list[tuple[int, int]], size: int) -> None:
        self.doors, self.size = doors, size
        self.seated = asyncio.Semaphore(0)
        self.missing = 0

    def arrived(self) -> None:
        self.missing -= 1
        if self.missing == 0:
            self.done.set_result(time.perf_counter())

    async def sit_down(self) -> None:
        loop = asyncio.get_running_loop()
        self.listeners = []
        for number in range(self.size):
            port = self.doors[number % len(self.doors)][0]
            self.listeners.append(await loop.create_connection(lambda: Listener(self), "127.0.0.1", port))
            await self.seated.acquire()

    async def hear(self, triggers: int) -> float:
        """One post; milliseconds until the last listener has it. A bare server must be asked at each door."""
        self.missing = self.size
        self.done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        ways = [await asyncio.open_connection("127.0.0.1", port) for port, _ in self.doors[:triggers]]
        start = time.perf_counter()
        for _, writer in ways:
            writer.write(b"POST /go HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        last = await asyncio.wait_for(self.done, 20)
        for _, writer in ways:
            writer.close()
        return (last - start) * 1000

    def leave(self) -> None:
        for transport, _ in self.listeners:
            transport.close()


@asynccontextmanager
async def _seated(doors: list[tuple[int, int]], size: int) -> AsyncIterator[Crowd]:
    crowd = Crowd(doors, size)
    await crowd.sit_down()
    yield crowd
    crowd.leave()
    await asyncio.sleep(1)


async def _compare(name: str, size: int, bare: Any, platform: Any) -> list[dict[str, Any]]:
    """Rounds of both in turn, so that a busy machine is unfair to neither."""
    before = sum(_memory(pid) for _, pid in platform)
    async with _seated(platform, size) as ours, _seated(bare, size) as theirs:
        await asyncio.sleep(SETTLE)
        memory = (sum(_memory(pid) for _, pid in platform) - before) / size
        mine, plain = [], []
        for _ in range(ROUNDS):
            mine.append(await ours.hear(1))
            await asyncio.sleep(0.1)
            plain.append(await theirs.hear(len(bare)))
            await asyncio.sleep(0.1)
    value, beside = statistics.median(mine), statistics.median(plain)
    label = f"last of {size} sockets, {name}"
    return [
        {"name": f"{label}, p50", "value": value, "unit": "ms", "beside": beside, "ratio": value / beside, "n": ROUNDS},
        {"name": f"{label}, worst", "value": max(mine), "unit": "ms", "beside": max(plain),
         "ratio": max(mine) / max(plain), "n": ROUNDS},
        {"name": f"memory per socket, {size}, {name}", "value": memory, "unit": "KB", "beside": None, "ratio": None,
         "n": size},
    ]  # fmt: skip


def _memory(pid: int) -> int:
    """Resident memory in KB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@contextmanager
def _redis(folder: str) -> Iterator[str]:
    port = _free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def _more_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _free_port() -> int:
    from tests.run import free_port

    return free_port()


def _wait_for(port: int) -> None:
    from tests.run import wait_for

    wait_for(port, 60)


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        _prepare()
    else:
        for row in main():
            print(json.dumps(row, ensure_ascii=False))
