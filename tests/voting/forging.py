"""What a forger can do to one place of a tally file, every place in turn."""

import copy
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.voting.published import Line, read

Where = tuple[Any, ...]

# Words and references that stand in the file once and are not counted.
ONCE: set[Where] = {
    *(("tally", name) for name in ("ballot", "case", "area", "question", "plan")),
    ("rule", "basis", "title"), ("rule", "basis", "text"), *(("rule", "labels", key) for key in "abc"),
    ("right", "label"), ("correction", "reason"), ("correction", "by", 0), ("correction", "by", 1),
    ("paper", "receipt"), ("receipt", "code"), ("invalid", "serial"), ("invalid", "reason"), ("end", "root"),
    ("hands", "place"), ("hands", "minutes"), ("hands", "by", 0), ("hands", "by", 1),
}  # fmt: skip
# Lines whose order or number nothing else in the file tells.
LOOSE = {
    ("choice", "swap with choice"), ("correction", "swap with correction"), ("correction", "double"),
    ("invalid", "drop"),
}  # fmt: skip


@dataclass(frozen=True)
class Forgery:
    """One change. where: in the line; empty when the line itself was dropped, doubled or moved.

    number: the line that is not what it was.
    """

    kind: str
    act: str
    where: Where
    number: int
    lines: list[Line]

    @property
    def is_silent(self) -> bool:
        """May nothing but the published chain value show it?"""
        if not self.where:
            return (self.kind, self.act) in LOOSE
        return self.act == "change" and ((self.kind, *self.where) in ONCE or self._is_new_word)

    @property
    def is_of_the_count(self) -> bool:
        """Is it seen only where it turns a number or the result?"""
        terms = self.kind == "rule" and self.where[:1] == ("terms",) and self.where[1:2] not in ((), ("basis",))
        return terms or self.where[:1] == ("content",)

    @property
    def _is_new_word(self) -> bool:
        """The label of a unit that the roll did not have at notice."""
        line = self.lines[self.number - 1]
        return self.where[:1] == ("units",) and self.where[2:] == (0,) and line["frozen"] is not None


def forgeries(file: list[bytes]) -> Iterator[Forgery]:
    lines = read(file)
    for place, line in enumerate(lines):
        kind, before, after = line["line"], lines[:place], lines[place + 1 :]
        for act, where, forged in changes(line):
            yield Forgery(kind, act, where, place + 1, [*before, forged, *after])
        yield Forgery(kind, "drop", (), place + 1, [*before, *after])
        yield Forgery(kind, "double", (), place + 2, [*before, line, line, *after])
        if after:
            yield Forgery(kind, f"swap with {after[0]['line']}", (), place + 1, [*before, after[0], line, *after[1:]])


def changes(line: Line) -> Iterator[tuple[str, Where, Line]]:
    """Each value changed, each key dropped, a key or an item added to each object and list."""
    for where, value in places(line):
        if isinstance(value, dict):
            yield "add", where, changed(line, where, lambda of: {**of, "more": 1})
            for key in value:
                yield "drop", (*where, key), changed(line, where, lambda of, key=key: without(of, key))
        elif isinstance(value, list):
            yield "add", where, changed(line, where, lambda of: [*of, "a"])
        else:
            yield "change", where, changed(line, where, other)


def places(value: Any, where: Where = ()) -> Iterator[tuple[Where, Any]]:
    yield where, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*where, key))


def changed(line: Line, where: Where, change: Callable[[Any], Any]) -> Line:
    whole = {"line": copy.deepcopy(line)}
    into: Any = whole
    *way, last = ("line", *where)
    for step in way:
        into = into[step]
    into[last] = change(into[last])
    return whole["line"]


def without(of: Line, key: str) -> Line:
    return {name: of[name] for name in of if name != key}


def other(value: Any) -> Any:
    """A number goes up by one, a flag turns, a text gets another last letter, one that a hash and a key can have."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + 1
    return value[:-1] + ("b" if value[-1:] == "a" else "a")


def chained(lines: Iterable[Line]) -> list[bytes]:
    """Every chain value fits, and the number of lines at the end."""
    forged, chain = [], ""
    for number, line in enumerate(lines):
        bare = without(line, "chain")
        if bare.get("line") == "end" and "lines" in bare:
            bare["lines"] = number
        chain = hashlib.sha256((chain + _text(bare)).encode()).hexdigest()
        forged.append((_text({**bare, "chain": chain}) + "\n").encode())
    return forged


def unchained(lines: Iterable[Line]) -> list[bytes]:
    return [(_text(line) + "\n").encode() for line in lines]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
