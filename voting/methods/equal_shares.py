"""A budget, spent by the Method of Equal Shares (Peters, Pierczyński, Skowron 2021), in exact numbers.

Everybody who takes part gets the same share of the budget, a signed blank paper too. A project can be bought when its
supporters' money is enough. Its price is the least that each of them pays so that together they pay its cost; whoever
has less pays all that is left. Of all that can be bought the one with the least price for each unit of its worth is
bought, its supporters pay, and so on until nothing can be bought. Worth is the cost (`cost utility`), so the project
comes first whose money comes from the most people.

Where two are equal: the one with more votes, then the cheaper, then the one announced first. What fewer chose than the
threshold is never bought. The product adds no completion: what the voters' shares do not buy stays unspent. `grown`
and voting.methods.knapsack.fund are the two usual completions, for comparing with elections that used them.

Money is kept as whole numbers over one common denominator, which grows with each purchase.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ..tally import Rule
from . import approval
from .knapsack import budgeted, spent
from .papers import Finding, Papers

parse = approval.parse

Stakes = Mapping[str, int]


@dataclass(frozen=True)
class Election:
    """groups: the points that some voters give to projects (1 for a tick), and how many they are.

    worth: what a point for a project is worth to its voter: the cost (as the product counts), or 1.
    """

    groups: Sequence[tuple[Stakes, int]]
    costs: Mapping[str, int]
    worth: Mapping[str, int]

    @cached_property
    def voters(self) -> int:
        return sum(heads for _stakes, heads in self.groups)

    @cached_property
    def supporters(self) -> dict[str, list[tuple[int, int, int]]]:
        """Of each project that has any: the number of a group, the points that each gives, and how many they are."""
        found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for number, (stakes, heads) in enumerate(self.groups):
            for key, points in stakes.items():
                found[key].append((number, points, heads))
        return found

    @cached_property
    def ties(self) -> dict[str, tuple[int, int, int]]:
        """What decides between equal prices."""
        votes = {key: sum(heads for _number, _points, heads in payers) for key, payers in self.supporters.items()}
        return {key: (-votes.get(key, 0), cost, place) for place, (key, cost) in enumerate(self.costs.items())}

    @cached_property
    def cheapest(self) -> dict[str, Fraction]:
        """For each unit of its worth, the price of a project whose supporters all pay the same."""
        points = {key: sum(points * heads for _number, points, heads in each) for key, each in self.supporters.items()}
        return {key: Fraction(self.costs[key], points[key] * self.worth[key]) for key in points}

    @cached_property
    def multiple(self) -> int:
        """Of all points that were given."""
        return math.lcm(*{points for stakes, _heads in self.groups for points in stakes.values()})


def decide(papers: Papers, rule: Rule) -> Finding:
    found = papers.supporters(rule)
    costs = {key: rule.costs[key] for key in rule.options if found[key] >= rule.threshold}
    groups = [({key: 1 for key in content if key in costs}, weight.heads) for content, weight in papers.groups]
    return budgeted(found, buy(Election(groups, costs, costs), rule.budget), rule.costs)


def buy(election: Election, budget: int) -> list[str]:
    """What is bought, in order."""
    market, bought = _Market(election, budget), []
    while (offer := market.best()) is not None:
        bought.append(market.sell(offer))
    return bought


def grown(election: Election, budget: int, *, unit: int = 1) -> list[str]:
    """Completion “add1”: again with one unit of money more for each voter, until what is bought leaves no room for
    another supported project; or until it would cost more than the budget: then what was bought before.
    """
    bought, share, supported = [], budget, list(election.supporters)
    while spent(now := buy(election, share), election.costs) <= budget:
        bought, share = now, share + unit * election.voters
        if _is_full(bought, supported, election.costs, budget):
            break
    return bought


def _is_full(bought: Collection[str], supported: list[str], costs: Mapping[str, int], budget: int) -> bool:
    left = budget - spent(bought, costs)
    return all(costs[key] > left for key in supported if key not in bought)


@dataclass(frozen=True)
class _Offer:
    """price: what each supporter pays for each point, or all they have, in money."""

    key: str
    price: Fraction
    rank: tuple[Fraction, tuple[int, int, int]]


class _Market:
    """purses: what voters have left, in units of 1/scale, each amount once and rising; held: the place there of the
    purse of each group.
    """

    def __init__(self, election: Election, budget: int) -> None:
        self.election, self.scale = election, election.voters or 1
        self.purses, self.held = [budget], [0] * len(election.groups)
        self.least = dict(election.cheapest)

    def best(self) -> _Offer | None:
        """No price ever falls, so what it was when last looked at tells which need no new look."""
        best: _Offer | None = None
        for key in sorted(self.least, key=self.least.__getitem__):
            if best is not None and self.least[key] > best.rank[0]:
                break
            offer = self._offer(key)
            if offer is None:
                del self.least[key]
                continue
            self.least[key] = offer.rank[0]
            if best is None or offer.rank < best.rank:
                best = offer
        return best

    def sell(self, offer: _Offer) -> str:
        price = offer.price * self.scale
        self.scale *= price.denominator
        self.purses = [purse * price.denominator for purse in self.purses]
        paid: dict[tuple[int, int], int] = {}
        for number, points, _heads in self.election.supporters[offer.key]:
            payer = self.held[number], points
            if payer not in paid:
                paid[payer] = len(self.purses)
                self.purses.append(max(0, self.purses[payer[0]] - price.numerator * points))
            self.held[number] = paid[payer]
        self._put_in_order()
        del self.least[offer.key]
        return offer.key

    def _put_in_order(self) -> None:
        amounts = {place: self.purses[place] for place in set(self.held)}
        self.purses = sorted(set(amounts.values()))
        places = {amount: place for place, amount in enumerate(self.purses)}
        moved = {before: places[amount] for before, amount in amounts.items()}
        self.held = [moved[before] for before in self.held]

    def _offer(self, key: str) -> _Offer | None:
        price = self._price(key, self.election.costs[key] * self.scale)
        if price is None:
            return None
        return _Offer(key, price, (price / self.election.worth[key], self.election.ties[key]))

    def _price(self, key: str, left: int) -> Fraction | None:
        """None when all that the supporters have is less than the cost."""
        alike: dict[tuple[int, int], int] = defaultdict(int)
        for number, points, heads in self.election.supporters[key]:
            alike[self.held[number], points] += heads
        total = sum(points * heads for (_place, points), heads in alike.items())
        for payer in sorted(alike, key=self._purse_for_a_point):
            purse, points = self.purses[payer[0]], payer[1]
            if purse * total >= left * points:
                return Fraction(left, total * self.scale)
            left -= purse * alike[payer]
            total -= points * alike[payer]
        return None

    def _purse_for_a_point(self, payer: tuple[int, int]) -> int:
        return self.purses[payer[0]] * (self.election.multiple // payer[1])
