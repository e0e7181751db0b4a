"""`make bench`: measure on this machine, print a table, write bench/latest.json. How to read it: bench/README.md."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.run import postgresql, redis

from . import counting, figures, live, pages, papers, standing, sweep, votes
from .figures import Figure
from .standing import Stand

HERE = Path(__file__).resolve().parent
SOCKETS = (200, 1000)


@dataclass
class Run:
    """One run: what it has started and where it writes; everything is gone at its end."""

    folder: Path
    started: ExitStack
    cases: tuple[int, int]
    documents: int
    open_cases: int
    papers: int

    @cached_property
    def stands(self) -> list[Stand]:
        """SQLite, and PostgreSQL + Redis where their programs are installed; made at the same time."""
        wanted = [("SQLite", "", "")]
        if _has_servers():
            wanted.append(("PostgreSQL", self.started.enter_context(postgresql()), self.started.enter_context(redis())))
        with ThreadPoolExecutor(len(wanted)) as hands:
            return list(hands.map(lambda w: standing.stand(w[0], self.folder / w[0], self.cases, *w[1:]), wanted))


def measure_pages(run: Run) -> list[Figure]:
    return [found for stand in run.stands for found in pages.measure(stand)]


def measure_votes(run: Run) -> list[Figure]:
    """Several web processes need Redis to hear each other, so SQLite has one."""
    return [
        found
        for stand in run.stands
        for processes in ((1, 2) if stand.small.redis_url else (1,))
        for found in votes.measure(stand, processes)
    ]


def measure_counting(run: Run) -> list[Figure]:
    return counting.measure(run.folder, run.papers)


def measure_papers(run: Run) -> list[Figure]:
    return papers.measure(run.stands[0].small)


def measure_live(run: Run) -> list[Figure]:
    return [_short(row) for row in live.main(SOCKETS, several=_has_servers())]


def measure_search(run: Run) -> list[Figure]:
    """In a process of its own, because it has settings of its own."""
    command = [sys.executable, "-m", "bench.search", str(run.documents)]
    environment = os.environ | {"MODE": "test", "DATA_DIR": str(run.folder / "search"), "TMPDIR": str(run.folder)}
    done = subprocess.run(command, cwd=HERE.parent, env=environment, stdout=subprocess.PIPE, check=True, timeout=300)
    return [_short(row) for row in json.loads(done.stdout)]


def measure_sweep(run: Run) -> list[Figure]:
    sizes = (run.open_cases // 10, run.open_cases)
    return [found for stand in run.stands for found in sweep.measure(stand, run.folder, sizes)]


MEASURES: dict[str, Callable[[Run], list[Figure]]] = {
    "pages": measure_pages,
    "votes": measure_votes,
    "counting": measure_counting,
    "papers": measure_papers,
    "live": measure_live,
    "search": measure_search,
    "sweep": measure_sweep,
}


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _asked(arguments)
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="yuanyi-bench-") as folder, ExitStack() as started:
        cases = (min(30, chosen.cases), chosen.cases)
        run = Run(Path(folder), started, cases, chosen.documents, chosen.open, chosen.papers)
        for name in chosen.measures or MEASURES:
            start = time.monotonic()
            found += MEASURES[name](run)
            print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    print(figures.table(found))
    figures.write(found, chosen.out)
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="measure", help=f"some of: {', '.join(MEASURES)} (default: all)")
    parser.add_argument("--cases", type=int, default=3000, help="in the larger installation")
    parser.add_argument("--documents", type=int, default=3000, help="in the search index")
    parser.add_argument("--open", type=int, default=100_000, help="open cases that are swept")
    parser.add_argument("--papers", type=int, default=500_000, help="that are counted, and lines of a tally file")
    parser.add_argument("--out", type=Path, default=HERE / "latest.json")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.measures) - set(MEASURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return chosen


def _short(row: Mapping[str, Any]) -> Figure:
    return figures.figure(row["name"], row["value"], row["unit"], row["beside"], n=row["n"])


def _has_servers() -> bool:
    return bool(shutil.which("redis-server")) and any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
