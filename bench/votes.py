"""Votes end to end over HTTP (session, CSRF, roll, paper, receipt), beside a view without a database."""

import asyncio
import itertools
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from . import standing
from .asking import Connection, Tally, get, post
from .figures import Figure, figure, percentile
from .pages import BARE
from .stage import CSRF
from .standing import Server, Stand

CLIENTS = 32
VOTERS = 4000
SLICES, SECONDS = 4, 2.0
CHOICES = ("yes", "no", "abstain", "yes")


def measure(stand: Stand, processes: int) -> list[Figure]:
    """Bare view and votes take turns of two seconds each. AssertionError when papers and acknowledged votes differ."""
    scene = stand.small.stage("ballot", str(VOTERS))
    with standing.serving(stand.small, processes) as server:
        bare, votes, sent = asyncio.run(_storm(server, scene["ballot"], scene["sessions"]))
    counted = stand.small.stage("count", str(scene["ballot"]))
    sent["yes"] += 1  # the one that was cast when the scene was set
    papers = sent.total()
    assert counted == {"marks": papers, "papers": papers, "receipts": papers} | sent, (counted, sent)
    where = f"{stand.database}, {processes} web process{'es' * (processes > 1)}"
    return [
        figure(f"vote, {CLIENTS} clients, {where}: rate", votes.rate, "votes/s", bare.rate, n=len(votes.times)),
        figure(f"vote, {CLIENTS} clients, {where}: p50", _ms(votes, 50), "ms", _ms(bare, 50), n=len(votes.times)),
        figure(f"vote, {CLIENTS} clients, {where}: p99", _ms(votes, 99), "ms", _ms(bare, 99), n=len(votes.times)),
        figure(f"vote, {where}: CPU", votes.cpu_each, "ms", bare.cpu_each, n=len(votes.times)),
        figure(f"papers beside acknowledged votes, {where}", counted["papers"], "papers", papers, n=papers),
        figure(f"vote, {where}: SQL", scene["queries"], "queries", n=1),
    ]


async def _storm(server: Server, ballot: int, sessions: list[str]) -> tuple[Tally, Tally, Counter[str]]:
    """The bare tally, the votes' tally, and how many of each choice the server acknowledged."""
    lines = [await Connection.open(server.port) for _ in range(CLIENTS)]
    bare, votes, sent = Tally(), Tally(), Counter(yes=0, no=0, abstain=0)
    nothing = itertools.repeat(("", get(BARE, server.port)))
    papers = _papers(server.port, ballot, sessions)
    await _slice(server, lines, nothing, Tally(), Counter())
    for _ in range(SLICES):
        await _slice(server, lines, nothing, bare, Counter())
        await _slice(server, lines, papers, votes, sent)
    for line in lines:
        line.close()
    return bare, votes, sent


def _papers(port: int, ballot: int, sessions: list[str]) -> Iterator[tuple[str, bytes]]:
    for session, choice in zip(sessions, itertools.cycle(CHOICES), strict=False):
        cookies = f"yuanyi_{port}_session={session}; yuanyi_{port}_csrf={CSRF}"
        body = f"csrfmiddlewaretoken={CSRF}&choice={choice}&mine=on"
        yield choice, post(f"/ballots/{ballot}/cast/", port, cookies, body)


async def _slice(
    server: Server, lines: list[Connection], requests: Iterator[tuple[str, bytes]], tally: Tally, sent: Counter[str]
) -> None:
    """All clients at once until the time is over or nobody is left; what is under way is waited for."""
    start, before = time.perf_counter(), server.cpu()
    await asyncio.gather(*(_client(line, requests, start + SECONDS, tally, sent) for line in lines))
    tally.seconds += time.perf_counter() - start
    tally.cpu += server.cpu() - before


async def _client(
    line: Connection, requests: Iterator[tuple[str, bytes]], end: float, tally: Tally, sent: Counter[str]
) -> None:
    with suppress(StopIteration):
        while time.perf_counter() < end:
            choice, request = next(requests)
            answer = await line.ask(request)
            assert _is_acknowledged(answer.head) if choice else answer.status == 200, answer.head
            tally.times.append(answer.seconds)
            sent[choice] += 1


def _is_acknowledged(head: bytes) -> bool:
    return re.search(rb"^HTTP/1.1 302 .*\nlocation: /ballots/\d+/receipt/\r", head, re.DOTALL) is not None


def _ms(tally: Tally, percent: int) -> float:
    return 1000 * percentile(tally.times, percent)
