"""Counts real elections with the code that counts ours, and says where the marked winners are others, and why.

The rule is the one that the file names. `greedy`: knapsack.ranking and knapsack.fund, with the threshold if the file
has one; `greedy-no-skip` ends at the first project that does not fit; of `greedy-exclusive` the excluded pairs are not
in the file, so it counts as greedy. `equalshares`: equal_shares.buy with the cost as worth, or 1 where the file says
`utility;cardinality`; `/add1`: equal_shares.grown, as pabutools does it with voter_budget_increment=1; `-comparison`:
greedy instead, if more voters have more of their projects funded by it.

What such a file calls equalshares may have been completed, with add1 or with greedy for what was left. Those are tried
after the plain rule, and the line of the file names the one that gives the winners.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from . import pb_files
from .methods import equal_shares, knapsack
from .pb_files import HUNDREDTHS, Election

Way = Callable[[Election], list[str]]

PLACE = Path("ballots/pb")


def counting(data: Path, say: Callable[[str], Any]) -> dict[str, Any]:
    """say: takes one line for each file."""
    files = sorted((data / PLACE).glob("*.pb"))
    if not files:
        raise FileNotFoundError(data / PLACE / "*.pb")
    different: list[dict[str, str]] = []
    for path in files:
        rule, how, reason = _measure(path)
        if reason:
            different.append({"file": path.name, "rule": rule, "reason": reason})
        say(f"{path.name}: {how}: {reason or 'equal to the marked winners'}")
    return {"files": len(files), "equal": len(files) - len(different), "different": different}


def _measure(path: Path) -> tuple[str, str, str]:
    """The rule that the file names, how it was counted, and why that differs; "" when it does not."""
    try:
        election = pb_files.read(path)
    except (ValueError, KeyError, csv.Error) as error:
        return "", "not counted", f"cannot be read: {error}"
    rule = election.rule
    if rule not in WAYS:
        return rule, "not counted", f"the rule {rule!r} is none that can be counted"
    if not election.winners:
        return rule, "not counted", "no winners are marked"
    how, funded = _counted(election)
    reason = "" if _is_equal(election, funded) else _reason(election, funded)
    return rule, f"{election.meta['vote_type']}, {how}", reason


def _counted(election: Election) -> tuple[str, list[str]]:
    """By the first of the rule's ways that gives the winners, or else by its first."""
    found = ((how, way(election)) for how, way in WAYS[election.rule].items())
    first = next(found)
    return next((each for each in chain([first], found) if _is_equal(election, each[1])), first)


def _is_equal(election: Election, funded: Iterable[str]) -> bool:
    return set(funded) - election.apart == election.winners


def _greedy(election: Election, *, skip: bool = True, without: Iterable[str] = ()) -> list[str]:
    order = [key for key in _order(election) if key not in without]
    return knapsack.fund(order, election.costs, election.budget, skip=skip)


def _order(election: Election) -> list[str]:
    return knapsack.ranking(election.points, election.costs, election.threshold)


def _no_skip(election: Election, *, without: Iterable[str] = ()) -> list[str]:
    return _greedy(election, skip=False, without=without)


def _shares(election: Election) -> list[str]:
    return equal_shares.buy(_market(election), election.budget)


def _add1(election: Election) -> list[str]:
    return equal_shares.grown(_market(election), election.budget, unit=HUNDREDTHS)


def _market(election: Election) -> equal_shares.Election:
    points, least = election.points, election.threshold
    costs = {key: cost for key, cost in election.costs.items() if points[key] >= least}
    groups = [
        ({key: n for key, n in stakes.items() if key in costs and n > 0}, heads) for stakes, heads in election.groups
    ]
    by_cost = election.meta.get("utility", "cost") == "cost"
    worth = {key: cost or 1 if by_cost else 1 for key, cost in costs.items()}
    return equal_shares.Election(groups, costs, worth)


def _filled(way: Way) -> Way:
    """Completed by greedy."""

    def both(election: Election) -> list[str]:
        bought = way(election)
        left = election.budget - knapsack.spent(bought, election.costs)
        rest = [key for key in _order(election) if key not in bought]
        return bought + knapsack.fund(rest, election.costs, left)

    return both


def _compared(way: Way) -> Way:
    def better(election: Election) -> list[str]:
        shares, greedy = way(election), _greedy(election)
        more = [(_more(stakes, shares, greedy), heads) for stakes, heads in election.groups]
        return greedy if sum(sign * heads for sign, heads in more) < 0 else shares

    return better


def _more(stakes: Iterable[str], one: list[str], other: list[str]) -> int:
    """1 when more of these are in the one than in the other, -1 when fewer are."""
    chosen = set(stakes)
    ones, others = len(chosen.intersection(one)), len(chosen.intersection(other))
    return (ones > others) - (ones < others)


def _reason(election: Election, funded: list[str]) -> str:
    winners, costs = election.winners, election.costs
    marked, ours = (_money(knapsack.spent(keys, costs)) for keys in (winners, funded))
    parts = [f"the marked winners cost {marked}, those of the rule {ours}, of a budget of {_money(election.budget)}"]
    only = [key for key in costs if key in winners and key not in funded]
    parts += [f"only marked: {_named(election, only)}"] if only else []
    extra = [key for key in funded if key not in winners]
    parts += [f"only by the rule: {_named(election, extra)}"] if extra else []
    parts += _steps(election) if election.rule.startswith("greedy") else []
    return "; ".join([*parts, *_misstated(election)])


def _steps(election: Election) -> Iterator[str]:
    """Where whoever decided left the order of votes, walking down it with the marked winners."""
    left, passed, ended = election.budget, [], ""
    for key in _order(election):
        fits = election.costs[key] <= left
        if key in election.winners:
            left -= election.costs[key]
            if ended:
                yield f"{key} was funded although {ended} had ended the count, which does not fit"
            elif not fits:
                yield f"{key} was funded although it does not fit"
        elif fits and not ended:
            passed.append(key)
        elif election.rule == "greedy-no-skip":
            ended = ended or key
    yield from _passed_over(election, passed, ended)
    for key in sorted(key for key in election.winners if election.points[key] < election.threshold):
        yield f"{key} was funded with fewer than {election.threshold}"


def _passed_over(election: Election, passed: list[str], ended: str) -> Iterator[str]:
    for key in passed:
        equal = [other for other in election.winners if election.points[other] == election.points[key]]
        tie = f", though it is equal to {', '.join(sorted(equal))}" if equal else ""
        yield f"{key} was passed over although it fits{tie}"
    without = [*passed, ended] if ended else passed
    way = _no_skip if election.rule == "greedy-no-skip" else _greedy
    if without and _is_equal(election, way(election, without=without)):
        yield f"without {', '.join(without)} the rule gives the marked winners"


def _misstated(election: Election) -> list[str]:
    """Projects whose sum in the file is not that of its papers."""
    points = election.points
    wrong = [f"{key} {points[key]} instead of {sums}" for key, sums in election.stated.items() if sums != points[key]]
    return [f"the papers give {', '.join(wrong[:3])}"] if wrong else []


def _named(election: Election, keys: list[str]) -> str:
    points = election.points
    return ", ".join(f"{key} ({points[key]} points, {_money(election.costs[key])})" for key in keys)


def _money(amount: int) -> str:
    return f"{amount // HUNDREDTHS}.{amount % HUNDREDTHS:02}"


WAYS: dict[str, dict[str, Way]] = {
    "greedy": {"greedy": _greedy},
    "greedy-threshold": {"greedy-threshold": _greedy},
    "greedy-exclusive": {"greedy": _greedy},
    "greedy-no-skip": {"greedy-no-skip": _no_skip},
    "equalshares": {
        "equalshares": _shares,
        "equalshares/add1": _add1,
        "equalshares/add1, then greedy": _filled(_add1),
        "equalshares, then greedy": _filled(_shares),
    },
    "equalshares/add1": {"equalshares/add1": _add1, "equalshares/add1, then greedy": _filled(_add1)},
    "equalshares-comparison": {"equalshares-comparison": _compared(_shares)},
    "equalshares/add1-comparison": {
        "equalshares/add1-comparison": _compared(_add1),
        "equalshares/add1-comparison, then greedy": _compared(_filled(_add1)),
    },
}
