"""What a vote is counted by: shares, weights, the rule, and what comes of it. Whole numbers, nothing is rounded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from .states import Result

BY_AREA = ("yes_no", "options")
BUDGETS = ("knapsack", "equal_shares")
KEYS = (*BY_AREA, "approval", "ranked", "score", *BUDGETS)


@dataclass(frozen=True)
class Share:
    """A fraction to reach: `strict` means more than it (过半数), otherwise reaching it is enough (以上)."""

    numerator: int
    denominator: int
    strict: bool

    def __post_init__(self) -> None:
        if not 0 < self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator}/{self.denominator} is not a share of a whole.")

    def met(self, part: int, whole: int) -> bool:
        have, want = part * self.denominator, whole * self.numerator
        return have > want if self.strict else have >= want

    def needed(self, whole: int) -> int:
        """The least part that meets this share."""
        want = whole * self.numerator
        return want // self.denominator + 1 if self.strict else -(-want // self.denominator)

    @property
    def percent(self) -> str:
        return percent(self.numerator, self.denominator, digits=2)


HALF = Share(1, 2, strict=True)


@dataclass(frozen=True, slots=True)
class Weight:
    """heads: voting rights; area: exclusive floor area behind them in 0.01 m²."""

    heads: int
    area: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.heads + other.heads, self.area + other.area)

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(self.heads - other.heads, self.area - other.area)

    def data(self) -> list[int]:
        return [self.heads, self.area]


@dataclass(frozen=True)
class Rule:
    """quorum: of the roll; majority: yes of those taking part (an abstention takes part).

    by_area: both must hold for heads and for floor area. options: their keys in announced order. costs and budget in
    one whole unit of money. silent: those who sent no paper are shown apart, added to the larger side.
    """

    quorum: Share = HALF
    majority: Share = HALF
    basis: str = "house"
    method: str = "yes_no"
    by_area: bool = False
    options: tuple[str, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    budget: int = 0
    max_score: int = 5
    seats: int = 1
    threshold: int = 0
    silent: bool = False

    def __post_init__(self) -> None:
        if wrong := self._faults():
            raise ValueError(f"Terms that do not fit each other: {', '.join(wrong)}.")

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Rule":
        """From the terms of a ballot; what they do not name has its default."""
        shares = {name: Share(*data[name]) for name in ("quorum", "majority") if name in data}
        options = tuple(data.get("options", ()))
        named = {term.name: data[term.name] for term in fields(cls) if term.name in data}
        return cls(**(named | shares | {"options": options}))

    def data(self) -> dict[str, Any]:
        """The form that a ballot keeps and the ledger records: every term."""
        shares = {"quorum": _data(self.quorum), "majority": _data(self.majority)}
        plain = {term.name: getattr(self, term.name) for term in fields(self)}
        return plain | shares | {"options": list(self.options), "costs": dict(self.costs)}

    def met(self, share: Share, part: Weight, whole: Weight) -> bool:
        by_heads = share.met(part.heads, whole.heads)
        return by_heads and (not self.by_area or share.met(part.area, whole.area))

    def _faults(self) -> list[str]:
        """The terms that cannot stand beside the others."""
        keys = set(self.options)
        faults = {
            "method": self.method not in KEYS,
            "options": bool(keys) == (self.method == "yes_no") or len(keys) < len(self.options),
            "costs": self.method in BUDGETS and (keys != self.costs.keys() or min(self.costs.values()) < 1),
            "by_area": self.by_area and self.method not in BY_AREA,
            "silent": self.silent and self.method != "yes_no",
            "numbers": min(self.budget, self.threshold) < 0 or min(self.max_score, self.seats) < 1,
        }
        return [name for name, wrong in faults.items() if wrong]


@dataclass(frozen=True)
class Check:
    """One test of a rule: was this share of the whole reached?"""

    part: int
    whole: int
    share: Share

    @property
    def met(self) -> bool:
        return self.share.met(self.part, self.whole)

    @property
    def needed(self) -> int:
        return self.share.needed(self.whole)

    @property
    def percent(self) -> str:
        return percent(self.part, self.whole)


@dataclass(frozen=True)
class Outcome:
    """What voting.methods counted. numbers: what the method adds, in the form of the ledger."""

    method: str
    result: Result
    roll: Weight
    papers: Weight
    winners: list[str]
    numbers: Mapping[str, Any]

    def data(self) -> dict[str, Any]:
        """What the ledger and the tally file record of it."""
        weights = {"roll": self.roll.data(), "papers": self.papers.data()}
        return {"method": self.method, "result": self.result.value, "winners": self.winners, **weights, **self.numbers}


def percent(part: int, whole: int, *, digits: int = 1) -> str:
    """For reading only, half rounded up; "0" of nothing. No decision rests on it."""
    scale = 10**digits
    units = (2 * 100 * scale * part + whole) // (2 * whole) if whole else 0
    return f"{units // scale}.{units % scale:0{digits}}"


def _data(share: Share) -> list[int | bool]:
    return [share.numerator, share.denominator, share.strict]
