"""The tally of sealed papers, and the check of a tally file: how many a second, and how much memory they take."""

import json
import os
import random
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from .figures import Figure, figure
from .standing import HERE, Site

if TYPE_CHECKING:
    from voting.models import Ballot
    from voting.tally import Rule

SHARES = {"yes_no": 1, "ranked": 5, "equal_shares": 5}  # of all papers a first, a fifth …
OPTIONS = tuple("abcdefgh")
BATCH = 2000
AROUND = 6  # lines of a tally file that are neither right nor receipt nor choice


def measure(folder: Path, papers: int) -> list[Figure]:
    """At a tenth of the papers and at all of them, each time in a fresh process."""
    site = Site(folder / "counting")
    site.data_dir.mkdir()
    site.manage("migrate", "--verbosity=0")
    found: list[Figure] = []
    for method, share in SHARES.items():
        sizes = (papers // share // 10, papers // share)
        few, many = (_counted(site, method, size) for size in sizes)
        found += _figures(f"tally, {method}", "papers", sizes, few, many)
    sizes = (papers // 10, papers)
    few, many = (_verified(site, size) for size in sizes)
    return found + _figures("verify_tally.py", "lines", sizes, few, many)


def _figures(what: str, unit: str, sizes: tuple[int, int], few: Any, many: Any) -> list[Figure]:
    beside = f"{what}, {sizes[1]:,} beside {sizes[0]:,} {unit}"
    rates = [size / run["seconds"] for size, run in zip(sizes, (few, many), strict=True)]
    return [
        figure(f"{beside}: rate", rates[1], f"{unit}/s", rates[0], n=sizes[1]),
        figure(f"{beside}: peak memory", many["peak"], "MB", few["peak"], n=1),
    ]


def _counted(site: Site, method: str, size: int) -> Any:
    laid = site.module("bench.counting", "fill", method, "0")
    site.module("bench.counting", "fill", method, str(size - laid))
    return site.module("bench.counting", "count", method)


def _verified(site: Site, lines: int) -> dict[str, float]:
    """As anybody would check it, in a Python of its own."""
    path = site.data_dir / "tally.jsonl"
    site.module("bench.counting", "write", str(lines), str(path))
    start = time.perf_counter()
    verifier = [sys.executable, str(HERE / "voting" / "verify_tally.py"), str(path)]
    process = subprocess.Popen(verifier, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "The file does not agree with itself."
    return {"seconds": time.perf_counter() - start, "peak": used.ru_maxrss / 1024}


# ── inside the installation ──────────────────────────────────────────────────


def fill(method: str, count: str) -> int:
    """Put so many sealed papers more into the urn of this method's ballot; tells how many lie there now."""
    from voting import envelopes
    from voting.models import Ballot, BallotPaper

    ballot = _ballot(method)
    for done in range(0, int(count), BATCH):
        papers = [(uuid.uuid4(), _content(method)) for _ in range(min(BATCH, int(count) - done))]
        BallotPaper.objects.bulk_create(
            BallotPaper(id=pk, ballot=ballot, envelope=envelopes.seal(ballot.pk, pk, content)) for pk, content in papers
        )
    laid = ballot.papers.count()
    Ballot.objects.filter(pk=ballot.pk).update(roll_size=laid)
    return laid


def count(method: str) -> dict[str, float]:
    from voting import urn

    ballot = _ballot(method)
    start = time.perf_counter()
    counted = urn.tally(ballot)
    seconds = time.perf_counter() - start
    assert counted["papers"] == [ballot.roll_size, 0], counted
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def write(lines: str, path: str) -> int:
    """The tally file of a secret vote: a third rights, a third receipts, a third choices. Tells how many lines."""
    from tests.voting import published
    from voting import tallyfile
    from voting.methods import METHODS
    from voting.tally import Weight
    from voting.tallyfile import Right

    many = (int(lines) - AROUND) // 3
    rights = [Right(f"{n:020}", "槐荫里 3 住**", [("槐荫里 3 住**", 0)]) for n in range(many)]
    choices, rule = [_content("yes_no") for _ in rights], _rule("yes_no")
    result = METHODS["yes_no"].count(((choice, Weight(1)) for choice in choices), Weight(many), rule).data()
    facts = published.facts(rule, rights, {"web": many}, result)
    receipts = (f"{n:09}" for n in range(many))
    file = tallyfile.secret(facts, rights=rights, corrections=[], receipts=receipts, choices=choices, invalid=[])
    with Path(path).open("wb") as open_file:
        open_file.writelines(file)
    return 3 * many + AROUND


def _ballot(method: str) -> "Ballot":
    """One for each method; made when first asked for."""
    from adapters import clock
    from areas.models import Area, Level
    from voting.models import Ballot
    from voting.states import State

    area = Area.objects.filter(code="BENCH").first() or Area.add_root(name="区", code="BENCH", level=Level.DISTRICT)
    now = clock.now()
    facts = {"area": area, "question": method, "terms": _rule(method).data(), "state": State.OPEN, "called_at": now}
    times = {"opens_at": now, "closes_at": now.replace(year=now.year + 1)}
    return Ballot.objects.get_or_create(chain=f"case:bench-{method}", defaults=facts | times)[0]


def _rule(method: str) -> "Rule":
    from voting.tally import BUDGETS, Rule

    if method == "yes_no":
        return Rule()
    costs = {key: 1000 * (n + 1) for n, key in enumerate(OPTIONS)} if method in BUDGETS else {}
    return Rule(method=method, options=OPTIONS, costs=costs, budget=12_000 if costs else 0)


def _content(method: str) -> Any:
    if method == "yes_no":
        return random.choice(("yes", "no", "abstain"))
    chosen = random.sample(OPTIONS, random.randrange(len(OPTIONS)))
    return chosen if method == "ranked" else sorted(chosen)


SCENES: dict[str, Callable[..., Any]] = {scene.__name__: scene for scene in (fill, count, write)}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
