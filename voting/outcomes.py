"""What a tally says, read from what the ledger recorded of it: for pages and papers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .states import Result
from .tally import Check, Rule, Share, percent

HeadsAndArea = tuple[int, int]


@dataclass(frozen=True)
class Measure:
    """The yes, no and abstentions of one question, by heads or by floor area, against the line of its rule."""

    by_area: bool
    yes: int
    no: int
    abstain: int
    share: Share

    @property
    def papers(self) -> int:
        return self.yes + self.no + self.abstain

    @property
    def approval(self) -> Check:
        return Check(self.yes, self.papers, self.share)


@dataclass(frozen=True)
class Outcome:
    """`data`: as voting.methods counted it. The verdict is in it; nothing here decides anything."""

    data: Mapping[str, Any]
    rule: Rule

    @property
    def method(self) -> str:
        return str(self.data.get("method", "yes_no"))

    @property
    def result(self) -> Result:
        return Result(self.data["result"])

    @cached_property
    def roll(self) -> HeadsAndArea:
        return _weight(self.data["roll"])

    @cached_property
    def papers(self) -> HeadsAndArea:
        return _weight(self.data["papers"])

    @property
    def participation(self) -> list[Check]:
        """By heads, and by floor area where it counts."""
        return [Check(self.papers[by], self.roll[by], self.rule.quorum) for by in self._measures()]

    @property
    def is_quorate(self) -> bool:
        return all(check.met for check in self.participation)

    @property
    def measures(self) -> list[Measure]:
        """Of a vote with yes, no and abstentions."""
        return self.split(self.data)

    def split(self, counts: Mapping[str, Any]) -> list[Measure]:
        """The counts of the question, or of one of several options that were each answered with yes or no."""
        yes, no, abstain = (_weight(counts[choice]) for choice in ("yes", "no", "abstain"))
        share = self.rule.majority
        return [Measure(bool(by), yes[by], no[by], abstain[by], share) for by in self._measures()]

    @property
    def winners(self) -> list[str]:
        return list(self.data.get("winners", ()))

    @property
    def spent(self) -> int | None:
        """Of a budget."""
        return self.data.get("spent")

    @property
    def silent(self) -> list[int]:
        """Those who sent no paper, where the house rules let them follow the majority: shown apart, never counted."""
        return list(self.data.get("silent", ()))

    @property
    def with_silent(self) -> Mapping[str, Any]:
        return dict(self.data.get("with_silent", {}))

    def counted(self, key: str) -> dict[str, Any]:
        """What was counted for one option, in the form of the method."""
        match self.method:
            case "options":
                return {"measures": self.split(self.data["options"][key])}
            case "ranked":
                row = self.data["pairs"].get(key, {})
                return {"row": [row.get(other) if other != key else None for other in self.rule.options]}
        n = self.data["options"][key]
        most = self.papers[0] if self.method != "score" else self.papers[0] * self.rule.max_score
        return {"count": n, "percent": percent(n, most, digits=2), "cost": self.rule.costs.get(key)}

    def _measures(self) -> Iterable[int]:
        return (0, 1) if self.rule.by_area else (0,)


def _weight(pair: Any) -> HeadsAndArea:
    """Tallies of version 0.2 and before knew heads only."""
    return (pair, 0) if isinstance(pair, int) else (pair[0], pair[1])
