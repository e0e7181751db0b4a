"""Counting, in whole numbers only: no rounding can turn a result."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .states import Basis, Choice, Result


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


@dataclass(frozen=True)
class Rule:
    """quorum: of the roll; majority: yes of those taking part (an abstention takes part)."""

    quorum: Share = HALF
    majority: Share = HALF
    basis: str = Basis.HOUSE.value

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Rule":
        return cls(Share(*data["quorum"]), Share(*data["majority"]), data["basis"])

    def data(self) -> dict[str, Any]:
        """The form that a ballot keeps and the ledger records."""
        return {"quorum": _data(self.quorum), "majority": _data(self.majority), "basis": self.basis}


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
    roll: int
    yes: int
    no: int
    abstain: int
    rule: Rule

    @property
    def papers(self) -> int:
        return self.yes + self.no + self.abstain

    @property
    def participation(self) -> Check:
        return Check(self.papers, self.roll, self.rule.quorum)

    @property
    def approval(self) -> Check:
        return Check(self.yes, self.papers, self.rule.majority)

    @property
    def result(self) -> Result:
        if not self.participation.met:
            return Result.NO_QUORUM
        return Result.PASSED if self.approval.met else Result.NOT_PASSED

    def data(self) -> dict[str, Any]:
        """What the ledger records of it."""
        numbers = {"roll": self.roll, "papers": self.papers, "yes": self.yes, "no": self.no, "abstain": self.abstain}
        return {"result": self.result.value, **numbers}


def count(choices: Iterable[str], roll: int, rule: Rule) -> Outcome:
    """Count papers in any order. ValueError for a choice that no paper offers, or more papers than voting rights."""
    found = Counter(Choice(choice) for choice in choices)
    if found.total() > roll:
        raise ValueError(f"{found.total()} papers for a roll of {roll}.")
    return Outcome(roll, found[Choice.YES], found[Choice.NO], found[Choice.ABSTAIN], rule)


def percent(part: int, whole: int, *, digits: int = 1) -> str:
    """For reading only, half rounded up; "0" of nothing. No decision rests on it."""
    scale = 10**digits
    units = (2 * 100 * scale * part + whole) // (2 * whole) if whole else 0
    return f"{units // scale}.{units % scale:0{digits}}"


def _data(share: Share) -> list[int | bool]:
    return [share.numerator, share.denominator, share.strict]
