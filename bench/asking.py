"""Keep-alive clients as small as possible, so that the machine's time goes to the server."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    seconds: float


@dataclass
class Connection:
    """One browser's open line to a server on the loopback."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> Answer:
        start = time.perf_counter()
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length, f"an answer without a length: {head!r}"
        await self.reader.readexactly(int(length[1]))
        return Answer(int(head[9:12]), head, time.perf_counter() - start)

    def close(self) -> None:
        self.writer.close()


@dataclass
class Tally:
    """What a number of requests took. seconds: wall time of all together; times: of each."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def cpu_each(self) -> float:
        """Milliseconds of the server's processor time for one request."""
        return 1000 * self.cpu / len(self.times)


def get(path: str, port: int, cookies: str = "") -> bytes:
    return _request("GET", path, port, cookies, b"")


def post(path: str, port: int, cookies: str, body: str) -> bytes:
    return _request("POST", path, port, cookies, body.encode())


def _request(method: str, path: str, port: int, cookies: str, body: bytes) -> bytes:
    origin = f"http://localhost:{port}"
    head = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", "Accept: text/html"]
    if cookies:
        head.append(f"Cookie: {cookies}")
    if method == "POST":
        head += [f"Origin: {origin}", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


async def in_a_row(port: int, requests: Iterator[bytes], tally: Tally, many: int) -> None:
    """One client, one request after the other."""
    line = await Connection.open(port)
    start = time.perf_counter()
    for _ in range(many):
        answer = await line.ask(next(requests))
        assert answer.status == 200, answer.head
        tally.times.append(answer.seconds)
    tally.seconds += time.perf_counter() - start
    line.close()
