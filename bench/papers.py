"""Papers: a decision letter of one page and of twenty, in a fresh process and in a warm one, and the memory it takes.

`python -m bench.papers [all]` measures inside the installation of its environment and prints the figures as JSON.
"""

import dataclasses
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from .figures import Figure, figure
from .standing import Site

FRESH, WARM, LONG = 3, 15, 3
PAGES, PARAGRAPHS = 20, 2
EMPTY = '<!doctype html><html lang="zh-Hans"><title>院</title><p>院</p></html>'


def measure(site: Site) -> list[Figure]:
    runs = [site.module("bench.papers", *how) for how in [["all"]] + [[]] * (FRESH - 1)]
    found: list[Figure] = runs[0]["figures"]
    cold, warm = statistics.median(run["cold"] for run in runs), found[0]["value"]
    return [figure("letter of one page, first in a process", cold, "s", warm, n=FRESH), *found]


def _measure_here(*how: str) -> dict[str, Any]:
    """The first paper of this process; with "all" also those that follow it."""
    before = _peak()
    cold, letter = _timed(_letter)
    return {"cold": cold, "figures": _warm_figures(letter, before) if how else []}


def _warm_figures(letter: Any, before: float) -> list[Figure]:
    from adapters import printing
    from records import papers

    def blank() -> printing.Pdf:
        return printing.html_to_pdf(EMPTY, created=letter.at)

    long = _long(letter)
    one, empty = _warm(lambda: papers.pdf(letter), WARM), _warm(blank, WARM)
    html = _warm(lambda: papers.html(letter), WARM)
    many = _warm(lambda: papers.pdf(long), LONG)
    return [
        figure("letter of one page, beside an empty page", one, "s", empty, n=WARM),
        figure("letter of one page, its HTML alone", html, "s", one, n=WARM),
        figure(f"letter of {PAGES} pages, beside one page", many, "s", one, n=LONG),
        figure("peak memory, beside the process before it prints", _peak(), "MB", before, n=1),
    ]


def _letter() -> Any:
    """The newest letter of the demo, as long as a page, printed once: imports, fonts and all."""
    from records import letters, papers
    from records.models import Kind, Record

    record = Record.objects.filter(kind=Kind.DECISION).order_by("pk").last()
    assert record
    whole = letters.compose(record)
    letter = dataclasses.replace(whole, body=whole.body[:PARAGRAPHS])
    assert papers.pdf(letter).pages == 1
    return letter


def _long(letter: Any) -> Any:
    """The same words again and again, until they fill twenty pages."""
    from records import papers

    times = 10
    while papers.pdf(long := dataclasses.replace(letter, body=letter.body * times)).pages < PAGES:
        times += times // 4
    return long


def _warm(work: Callable[[], object], many: int) -> float:
    return statistics.median(_timed(work)[0] for _ in range(many))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(_measure_here(*sys.argv[1:])))
