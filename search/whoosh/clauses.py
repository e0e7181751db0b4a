"""A small algebra of search: each clause says which documents of a snapshot it matches, and how well.

It works on whole posting lists, because Whoosh's own matchers step through them one document at a time in Python: ten
times slower on the words that many documents have.
"""

import math
from dataclasses import dataclass
from typing import Protocol

Hits = dict[int, float]


class Snapshot(Protocol):
    """The documents 0 … size - 1 of an index, deleted ones among them."""

    size: int

    def postings(self, field: str, text: str) -> tuple[list[int], list[float]]: ...

    def beginning(self, field: str, start: str) -> list[str]: ...


class Clause(Protocol):
    def hits(self, snapshot: Snapshot) -> Hits: ...


@dataclass(frozen=True)
class Term:
    """The rarer a word, the more it says."""

    field: str
    text: str
    weight: float = 1.0

    def hits(self, snapshot: Snapshot) -> Hits:
        numbers, weights = snapshot.postings(self.field, self.text)
        worth = self.weight * (1.0 + math.log(snapshot.size / (len(numbers) + 1) + 1.0))
        return {number: worth * weight for number, weight in zip(numbers, weights, strict=True)}


@dataclass(frozen=True)
class Beginning:
    field: str
    start: str

    def hits(self, snapshot: Snapshot) -> Hits:
        return Any([Term(self.field, text) for text in snapshot.beginning(self.field, self.start)]).hits(snapshot)


@dataclass(frozen=True)
class Everything:
    def hits(self, snapshot: Snapshot) -> Hits:
        return dict.fromkeys(range(snapshot.size), 1.0)


@dataclass(frozen=True)
class All:
    parts: list[Clause]

    def hits(self, snapshot: Snapshot) -> Hits:
        found: list[Hits] = []
        for part in self.parts:
            found.append(part.hits(snapshot))
            if not found[-1]:
                return {}
        found.sort(key=len)
        common = set(found[0]).intersection(*found[1:]) if found else set()
        total = {number: found[0][number] for number in common}
        for hits in found[1:]:
            for number in common:
                total[number] += hits[number]
        return total


@dataclass(frozen=True)
class Any:
    parts: list[Clause]

    def hits(self, snapshot: Snapshot) -> Hits:
        found = sorted((part.hits(snapshot) for part in self.parts), key=len, reverse=True)
        total = found[0] if found else {}
        for hits in found[1:]:
            _add(total, hits)
        return total


@dataclass(frozen=True)
class Except:
    part: Clause

    def hits(self, snapshot: Snapshot) -> Hits:
        return dict.fromkeys(set(range(snapshot.size)).difference(self.part.hits(snapshot)), 1.0)


@dataclass(frozen=True)
class Preferring:
    """What the first matches; what the second matches too comes sooner."""

    part: Clause
    bonus: Clause

    def hits(self, snapshot: Snapshot) -> Hits:
        total = self.part.hits(snapshot)
        if total:
            extra = self.bonus.hits(snapshot)
            _add(total, {number: extra[number] for number in total.keys() & extra.keys()})
        return total


@dataclass(frozen=True)
class Within:
    """Only documents with a label, without a change to any score."""

    part: Clause
    label: str

    def hits(self, snapshot: Snapshot) -> Hits:
        allowed = set(snapshot.postings("labels", self.label)[0])
        return {number: score for number, score in self.part.hits(snapshot).items() if number in allowed}


def _add(total: Hits, hits: Hits) -> None:
    for number, score in hits.items():
        total[number] = total.get(number, 0.0) + score
