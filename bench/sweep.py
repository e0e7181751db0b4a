"""The sweep over all open cases: what it costs when nothing is due, its rate when much is, and its memory."""

import datetime as dt
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from . import standing
from .figures import Figure, figure
from .standing import Site, Stand

DUE, QUIET = 2000, 5
CHUNK = 20_000  # so many cases are made by one process


def measure(stand: Stand, folder: Path, sizes: tuple[int, int]) -> list[Figure]:
    """At a tenth of the cases and at all of them, each time in a fresh process."""
    site = standing.copied(stand.small, folder / f"sweep-{stand.database}")
    few, many = (_at(site, size) for size in sizes)
    beside = f"{stand.database}, {many['open']:,} beside {few['open']:,} open cases"
    return [
        figure(f"{beside}: sweep, nothing due", many["quiet"] * 1000, "ms", few["quiet"] * 1000, n=QUIET),
        figure(f"{beside}: sweep, {DUE:,} due", many["rate"], "cases/s", few["rate"], n=many["done"]),
        figure(f"{beside}: memory grows by", many["growth"], "MB", few["growth"], n=many["done"]),
    ]


def _at(site: Site, size: int) -> Any:
    made = site.module("bench.sweep", "add", "0")
    while made < size:
        made = site.module("bench.sweep", "add", str(min(CHUNK, size - made)))
    return site.module("bench.sweep", "ring", str(min(DUE, size)))


# ── inside the installation ──────────────────────────────────────────────────


def add(count: str) -> int:
    """Make so many open cases, of which nobody has decided yet; tells how many are open now."""
    from adapters import clock
    from config.demo import scale
    from proposals.models import Proposal

    for _made in scale.build(int(count), clock.now(), (scale.PATH[:1], scale.PATH[:2])):
        pass
    return Proposal.objects.open().count()


def ring(due: str) -> dict[str, Any]:
    """Sweep when nothing is due, after a first time, and when for so many cases the next warning has come."""
    from adapters import clock
    from proposals.clock import sweep
    from proposals.models import Proposal

    now = clock.now()
    sweep(now)
    quiet = [_timed(sweep, now) for _ in range(QUIET)]
    assert not any(done for done, _seconds in quiet)
    chosen = Proposal.objects.filter(ring_at__isnull=False).order_by("-pk").values_list("pk", flat=True)[: int(due)]
    Proposal.objects.filter(pk__in=list(chosen)).update(ring_at=now)
    before = _peak()
    done, seconds = _timed(sweep, now)
    assert done == int(due)
    return {
        "open": Proposal.objects.open().count(),
        "quiet": statistics.median(seconds for _done, seconds in quiet),
        "done": done,
        "rate": done / seconds,
        "growth": _peak() - before,
    }


def _timed(sweep: Callable[[dt.datetime], int], now: dt.datetime) -> tuple[int, float]:
    start = time.perf_counter()
    done = sweep(now)
    return done, time.perf_counter() - start


def _peak() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps({"add": add, "ring": ring}[sys.argv[1]](sys.argv[2])))
