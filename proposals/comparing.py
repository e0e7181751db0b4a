"""Two versions of a text beside each other, word by word; Chinese is cut into words first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

NUMBER = re.compile(r"(\d+(?:[.,:-]\d+)*)")


class Change(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    change: Change
    text: str


@dataclass(frozen=True)
class Difference:
    """Of one named part of a text."""

    name: str
    pieces: list[Piece]


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    """The parts that differ, in the order of the new version; parts that are gone come last."""
    names = [*new, *(name for name in old if name not in new)]
    pairs = [(name, old.get(name, ""), new.get(name, "")) for name in names]
    return [Difference(name, compare(before, after)) for name, before, after in pairs if before != after]


def compare(old: str, new: str) -> list[Piece]:
    """What was kept, removed and added: kept and removed give the old text again, kept and added the new one."""
    return [piece for piece in _pieces(_words(old), _words(new)) if piece.text]


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, begin, end, new_begin, new_end in SequenceMatcher(None, old, new).get_opcodes():
        before, after = "".join(old[begin:end]), "".join(new[new_begin:new_end])
        if what == "equal":
            yield Piece(Change.KEPT, before)
        else:
            yield Piece(Change.REMOVED, before)
            yield Piece(Change.ADDED, after)


def _words(text: str) -> list[str]:
    """A number stays whole."""
    import rjieba

    parts = NUMBER.split(text)  # every second one is a number
    return [word for n, part in enumerate(parts) for word in ([part] if n % 2 else rjieba.cut(part))]
