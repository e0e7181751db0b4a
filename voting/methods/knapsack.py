"""A budget, spent by votes: each paper is a budget of its own, and the most chosen projects are paid for first.

With equal votes the cheaper comes first, then the one announced first. What fewer chose than the threshold is never
paid for. What no longer fits is passed over, and the next is tried.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..states import Result
from ..tally import Rule
from . import approval
from .papers import Finding, Papers


def parse(content: Any, rule: Rule) -> list[str]:
    chosen = approval.parse(content, rule)
    cost = spent(chosen, rule.costs)
    if cost > rule.budget:
        why = _("What you chose costs %(cost)s together, and there are only %(budget)s.")
        raise ValueError(why % {"cost": f"{cost:,}", "budget": f"{rule.budget:,}"})
    return chosen


def decide(papers: Papers, rule: Rule) -> Finding:
    found = papers.supporters(rule)
    return budgeted(found, fund(ranking(found, rule.costs, rule.threshold), rule.costs, rule.budget), rule.costs)


def ranking(found: Mapping[str, int], costs: Mapping[str, int], threshold: int = 0) -> list[str]:
    """Those that reach the threshold. found: votes or points, in announced order."""
    return sorted((key for key in found if found[key] >= threshold), key=lambda key: (-found[key], costs[key]))


def fund(order: Iterable[str], costs: Mapping[str, int], budget: int, *, skip: bool = True) -> list[str]:
    """skip: pass over what no longer fits; otherwise the first that does not fit is the end."""
    funded: list[str] = []
    for key in order:
        if costs[key] <= budget:
            funded.append(key)
            budget -= costs[key]
        elif not skip:
            break
    return funded


def budgeted(found: Mapping[str, int], funded: list[str], costs: Mapping[str, int]) -> Finding:
    result = Result.PASSED if funded else Result.NOT_PASSED
    return Finding(funded, {"options": dict(found)}, {"spent": spent(funded, costs)}, result)


def spent(keys: Iterable[str], costs: Mapping[str, int]) -> int:
    return sum(costs[key] for key in keys)
