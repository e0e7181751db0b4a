"""Ranking by Schulze's method with winning votes; what a paper leaves out is equal and behind all that it ranks.

Of two options the one that more papers prefer beats the other; that number is the strength of the step. A path is as
strong as its weakest step. An option wins when its strongest path to each other is at least as strong as the way back.
Exactly one winner carries it; between several a run-off decides, never a lot.
"""

from itertools import permutations
from typing import Any

from ..tally import Rule
from .approval import distinct
from .papers import Finding, Papers, best

Pairs = dict[str, dict[str, int]]


def parse(content: Any, rule: Rule) -> list[str]:
    """The best first. It may be short, and empty."""
    return list(distinct(content, rule))


def decide(papers: Papers, rule: Rule) -> Finding:
    pairs = _pairs(papers, rule)
    paths = _strongest_paths(pairs)
    winners = [one for one in pairs if all(paths[one][other] >= paths[other][one] for other in paths[one])]
    return best(winners, pairs=pairs)


def _pairs(papers: Papers, rule: Rule) -> Pairs:
    """How many papers prefer the first to the second."""
    pairs = {one: {other: 0 for other in rule.options if other != one} for one in rule.options}
    for content, weight in papers.groups:
        behind = set(rule.options)
        for one in content:
            behind.remove(one)
            for other in behind:
                pairs[one][other] += weight.heads
    return pairs


def _strongest_paths(pairs: Pairs) -> Pairs:
    paths = {one: {other: n if n > pairs[other][one] else 0 for other, n in row.items()} for one, row in pairs.items()}
    for middle, one, other in permutations(pairs, 3):
        paths[one][other] = max(paths[one][other], min(paths[one][middle], paths[middle][other]))
    return paths
