"""The pages that everybody opens, at 30 and at 3,000 cases, beside the same server's view that does nothing."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from . import standing
from .asking import Tally, get, in_a_row
from .figures import Figure, figure, percentile
from .standing import Server, Site, Stand

BARE = "/healthz"
ROUNDS, REQUESTS, BARE_REQUESTS = 5, 20, 50
PATIENCE = 20  # seconds for one page and reader; a busy machine makes fewer rounds, never a longer run
QUESTIONS = (
    "路灯", "排水沟 安全", "电梯 太旧", "停车位", "门禁 坏了", "楼道窗 晚上太吵", "充电桩 位置", "花坛 长期被占用",
    "垃圾分类点", "健身器材 数量不够", "老人", "安全隐患", "晾衣架", "雨棚 坏了没人修", "信箱", "围墙 隐患",
)  # fmt: skip


@dataclass
class Lane:
    """One kind of request to one server; the lanes of a race take turns, so that a busy machine is unfair to none."""

    server: Server
    requests: Iterator[bytes]
    each: int = REQUESTS
    tally: Tally = field(default_factory=Tally)

    async def run(self) -> None:
        before = self.server.cpu()
        await in_a_row(self.server.port, self.requests, self.tally, self.each)
        self.tally.cpu += self.server.cpu() - before


@dataclass(frozen=True)
class Page:
    name: str
    paths: Sequence[str]


def measure(stand: Stand) -> list[Figure]:
    """Rates, times, processor time and SQL statements on one database."""
    number, thread, session = stand.facts["case"], str(stand.facts["thread"]), stand.facts["session"]
    pages = [
        Page("case list", ["/cases/"]),
        Page("case page", [f"/cases/{number}/"]),
        Page("discussion of 30 posts", [f"/cases/{number}/talk/"]),
        Page("search", [f"/search/?q={quote(question)}" for question in QUESTIONS]),
    ]
    paths = [page.paths[0] for page in pages]
    found: list[Figure] = []
    with standing.serving(stand.small) as few, standing.serving(stand.large) as many:
        for page, reader in itertools.product(pages, ("visitor", "resident")):
            who = session if reader == "resident" else ""
            bare, small, large = asyncio.run(_race(stand, (few, many), page, who))
            found += _figures(f"{page.name}, {reader}", stand, bare, small, large)
    costs = [site.stage("queries", session, thread, *paths) for site in (stand.small, stand.large)]
    for page, (place, reader) in itertools.product(pages, enumerate(("visitor", "resident"))):
        found += _statements(f"{page.name}, {reader}", stand, [cost[page.paths[0]][place] for cost in costs])
    return found + _statements("a post", stand, [cost["post"] for cost in costs])


async def _race(stand: Stand, servers: tuple[Server, Server], page: Page, session: str) -> tuple[Tally, Tally, Tally]:
    few, many = servers
    lanes = [
        Lane(many, itertools.repeat(get(BARE, many.port)), BARE_REQUESTS),
        Lane(few, _requests(page, stand.small, session)),
        Lane(many, _requests(page, stand.large, session)),
    ]
    for lane in lanes:
        await in_a_row(lane.server.port, lane.requests, Tally(), len(page.paths) + 2)
    end = time.monotonic() + PATIENCE
    for _ in itertools.takewhile(lambda done: not done or time.monotonic() < end, range(ROUNDS)):
        for lane in lanes:
            await lane.run()
    bare, small, large = (lane.tally for lane in lanes)
    return bare, small, large


def _requests(page: Page, site: Site, session: str) -> Iterator[bytes]:
    cookies = f"yuanyi_{site.port}_session={session}" if session else ""
    return itertools.cycle([get(path, site.port, cookies) for path in page.paths])


def _figures(what: str, stand: Stand, bare: Tally, small: Tally, large: Tally) -> list[Figure]:
    found = []
    for cases, tally in zip(stand.sizes, (small, large), strict=True):
        where, n = f"{what}, {cases:,} cases, {stand.database}", len(tally.times)
        found += [
            figure(f"{where}: rate", tally.rate, "requests/s", bare.rate, n=n),
            figure(f"{where}: p50", _ms(tally, 50), "ms", _ms(bare, 50), n=n),
            figure(f"{where}: p95", _ms(tally, 95), "ms", _ms(bare, 95), n=n),
            figure(f"{where}: CPU", tally.cpu_each, "ms", bare.cpu_each, n=n),
        ]
    few, many = stand.sizes
    growth = f"{what}, {many:,} beside {few:,} cases, {stand.database}: CPU"
    return [*found, figure(growth, large.cpu_each, "ms", small.cpu_each, n=len(large.times))]


def _statements(what: str, stand: Stand, costs: list[int]) -> list[Figure]:
    few, many = stand.sizes
    return [figure(f"{what}, {many:,} beside {few:,} cases, {stand.database}: SQL", costs[1], "queries", costs[0], n=1)]


def _ms(tally: Tally, percent: int) -> float:
    return 1000 * percentile(tally.times, percent)
