"""The tally file: everything a result rests on, one canonical line after the other, for anyone to check.

`verify_tally.py` reads it. Nothing here is kept in memory: what comes in as an iterable goes out line by line, and
must come in the order of the file. ValueError when it does not.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from ledger import canonical

VERSION = 1
CHANNELS = ("web", "paper", "proxy")

Units = list[tuple[str, int]]
Line = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Basis:
    """Where the rule comes from, in the words of the law or the house."""

    code: str
    title: str
    text: str


@dataclass(frozen=True)
class TallyFacts:
    """lines, heads, area and hash: of the roll as frozen at notice. root: of the case's ledger chain at the close."""

    ballot: int
    case: str
    area: str
    question: str
    plan: str
    called_at: dt.datetime
    opens_at: dt.datetime
    closes_at: dt.datetime
    terms: Mapping[str, Any]
    basis: Basis
    labels: Mapping[str, str]
    roll_heads: int
    roll_area: int
    roll_hash: str
    channels: Mapping[str, int]
    result: Mapping[str, Any]
    root: str


@dataclass(frozen=True)
class Right:
    """units: as at the close; frozen: as at notice where a correction touched the right since, else None."""

    right: str
    label: str
    units: Units
    frozen: Units | None = None


@dataclass(frozen=True)
class Correction:
    """by: references of the two persons who asked for it and made it."""

    right: str
    reason: str
    at: dt.datetime
    by: tuple[str, str]


@dataclass(frozen=True)
class NamedPaper:
    right: str
    channel: str
    receipt: str
    content: Any


@dataclass(frozen=True)
class InvalidPaper:
    serial: str
    channel: str
    reason: str


@dataclass(frozen=True)
class Hands:
    """minutes: SHA-256 of their file. by: references of the two persons who entered the count and confirmed it."""

    present: int
    counts: Mapping[str, Any]
    place: str
    minutes: str
    by: tuple[str, str]


def named(
    facts: TallyFacts,
    *,
    rights: Iterable[Right],
    corrections: Iterable[Correction],
    papers: Iterable[NamedPaper],
    invalid: Iterable[InvalidPaper],
) -> Iterator[bytes]:
    """Rights and papers sorted by right, corrections by time, invalid papers by serial."""
    urn = _as_lines("paper", _rising(papers, lambda paper: paper.right))
    return _written("named", facts, rights, corrections, urn, invalid)


def secret(
    facts: TallyFacts,
    *,
    rights: Iterable[Right],
    corrections: Iterable[Correction],
    receipts: Iterable[str],
    choices: Iterable[Any],
    invalid: Iterable[InvalidPaper],
) -> Iterator[bytes]:
    """Receipts sorted; choices in an order that tells nothing of who made them or when."""
    return _written("secret", facts, rights, corrections, _secret_urn(receipts, choices), invalid)


def show(
    facts: TallyFacts, *, rights: Iterable[Right], corrections: Iterable[Correction], hands: Hands | None
) -> Iterator[bytes]:
    """Without hands where nobody confirmed a count in time."""
    return _written("open_show", facts, rights, corrections, _as_lines("hands", [hands] if hands else []), [])


def _secret_urn(receipts: Iterable[str], choices: Iterable[Any]) -> Iterator[Line]:
    for code in _rising(receipts, str):
        yield {"line": "receipt", "code": code}
    for content in choices:
        yield {"line": "choice", "content": content}


def _written(
    kind: str,
    facts: TallyFacts,
    rights: Iterable[Right],
    corrections: Iterable[Correction],
    urn: Iterable[Line],
    invalid: Iterable[InvalidPaper],
) -> Iterator[bytes]:
    return _chained(_lines(kind, facts, rights, corrections, urn, invalid), facts.root)


def _lines(
    kind: str,
    facts: TallyFacts,
    rights: Iterable[Right],
    corrections: Iterable[Correction],
    urn: Iterable[Line],
    invalid: Iterable[InvalidPaper],
) -> Iterator[Line]:
    yield from _head(kind, facts)
    for right in _rising(rights, lambda each: each.right):
        yield _right(right)
    for correction in corrections:
        yield {"line": "correction", **asdict(correction), "at": canonical.instant(correction.at)}
    yield from urn
    yield from _as_lines("invalid", _rising(invalid, lambda paper: paper.serial))
    yield {"line": "channels", **{channel: facts.channels.get(channel, 0) for channel in CHANNELS}}
    yield {**facts.result, "line": "result"}


def _head(kind: str, facts: TallyFacts) -> Iterator[Line]:
    times = {name: canonical.instant(getattr(facts, name)) for name in ("called_at", "opens_at", "closes_at")}
    words = {name: getattr(facts, name) for name in ("ballot", "case", "area", "question", "plan")}
    yield {"line": "tally", "v": VERSION, "kind": kind, **words, **times}
    yield {"line": "rule", "terms": dict(facts.terms), "basis": asdict(facts.basis), "labels": dict(facts.labels)}
    heads = facts.roll_heads
    yield {"line": "roll", "lines": heads, "heads": heads, "area": facts.roll_area, "hash": facts.roll_hash}


def _right(right: Right) -> Line:
    """What was corrected back to how it had been at notice is as it was at notice."""
    units = _pairs(right.units)
    frozen = None if right.frozen is None else _pairs(right.frozen)
    changed = None if frozen == units else frozen
    return {"line": "right", "right": right.right, "label": right.label, "units": units, "frozen": changed}


def _pairs(units: Units) -> list[list[str | int]]:
    return [[label, area] for label, area in units]


def _as_lines(kind: str, items: Iterable[NamedPaper] | Iterable[InvalidPaper] | Iterable[Hands]) -> Iterator[Line]:
    return ({"line": kind, **vars(item)} for item in items)


def _rising(items: Iterable[T], key: Callable[[T], str]) -> Iterator[T]:
    before: str | None = None
    for item in items:
        if before is not None and key(item) <= before:
            raise ValueError(f"{key(item)} comes after {before}: each may stand in a tally file once, in order.")
        before = key(item)
        yield item


def _chained(lines: Iterable[Line], root: str) -> Iterator[bytes]:
    chain, number = "", 0
    for line in lines:
        chain, number = _link(chain, line), number + 1
        yield _byte_line(line, chain)
    end: Line = {"line": "end", "lines": number, "root": root}
    yield _byte_line(end, _link(chain, end))


def _link(before: str, line: Line) -> str:
    return hashlib.sha256(before.encode() + canonical.encode(line)).hexdigest()


def _byte_line(line: Line, chain: str) -> bytes:
    return canonical.encode({**line, "chain": chain}) + b"\n"
