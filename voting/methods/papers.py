"""The papers of a vote, alike ones together, and what every way of counting them has in common."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from ..states import Choice, Result
from ..tally import Outcome, Rule, Weight

Cast = Iterable[tuple[Any, Weight]]


@dataclass(frozen=True)
class Papers:
    """groups: what stands on a paper, and the weight of all papers on which it stands."""

    groups: list[tuple[Any, Weight]]
    roll: Weight

    @classmethod
    def sorted_from(cls, cast: Cast, roll: Weight) -> "Papers":
        contents: dict[Any, Any] = {}
        heads: dict[Any, int] = {}
        area: dict[Any, int] = {}
        for content, weight in cast:
            key = _key(content)
            contents.setdefault(key, content)
            heads[key] = heads.get(key, 0) + weight.heads
            area[key] = area.get(key, 0) + weight.area
        return cls([(content, Weight(heads[key], area[key])) for key, content in contents.items()], roll)

    @cached_property
    def total(self) -> Weight:
        return self.weigh(lambda _content: True)

    def weigh(self, holds: Callable[[Any], bool]) -> Weight:
        return sum((weight for content, weight in self.groups if holds(content)), Weight(0))

    def answers(self, answer: Callable[[Any], str] = str) -> dict[str, Weight]:
        """Yes, no and abstentions. answer: where on the paper to look."""
        found = dict.fromkeys(Choice.values, Weight(0))
        for content, weight in self.groups:
            found[answer(content)] += weight
        return found

    def supporters(self, rule: Rule) -> dict[str, int]:
        """How many papers name each option."""
        found = dict.fromkeys(rule.options, 0)
        for content, weight in self.groups:
            for key in content:
                found[key] += weight.heads
        return found


@dataclass(frozen=True)
class Finding:
    """What a method makes of the papers if enough took part: `counted` stands either way, `decided` only then."""

    winners: list[str]
    counted: dict[str, Any]
    decided: dict[str, Any] = field(default_factory=dict)
    result: Result = Result.NOT_PASSED


@dataclass(frozen=True)
class Method:
    """parse: the canonical form of what a voter sends; ValueError with a sentence for the voter when it is none."""

    key: str
    label: str | Promise
    parse: Callable[[Any, Rule], Any]
    decide: Callable[[Papers, Rule], Finding]

    def count(self, cast: Cast, roll: Weight, rule: Rule) -> Outcome:
        """In any order. ValueError for what no paper of this rule can hold, and for more papers than the roll has."""
        papers = Papers.sorted_from(cast, roll)
        for content, _weight in papers.groups:
            if self.parse(content, rule) != content:
                raise ValueError(f"{content!r} is not in the form in which papers are kept.")
        total = papers.total
        if total.heads > roll.heads or total.area > roll.area:
            raise ValueError(f"{total.heads} papers for a roll of {roll.heads}, area {total.area} of {roll.area}.")
        found = self.decide(papers, rule)
        if rule.met(rule.quorum, total, roll):
            return Outcome(self.key, found.result, roll, total, found.winners, found.counted | found.decided)
        nothing = {name: type(value)() for name, value in found.decided.items()}
        return Outcome(self.key, Result.NO_QUORUM, roll, total, [], found.counted | nothing)


def best(winners: list[str], **counted: Any) -> Finding:
    """One winner carries it; several are equal, and a run-off between them decides."""
    result = (Result.NOT_PASSED, Result.PASSED, Result.TIED)[min(len(winners), 2)]
    return Finding(winners, counted, result=result)


def _key(content: Any) -> Any:
    match content:
        case list():
            return tuple(content)
        case dict():
            return tuple(sorted(content.items()))
    return content
