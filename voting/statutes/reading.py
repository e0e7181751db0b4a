"""Reads one statute from its TOML file, strictly: what is missing, unknown or impossible is named with its file."""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from ..tally import Rule, Share

CODE = re.compile(r"[a-z0-9_]+")


class Broken(ValueError):
    """A file of a statute that cannot be used, and why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")


class Roll(StrEnum):
    """Who decides."""

    OWNERS = "owners"
    RESIDENTS = "residents"
    HOUSEHOLDS = "households"
    COUNCIL = "council"


@dataclass(frozen=True)
class Words:
    """In the reader's language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Matter:
    code: str
    title: Words


@dataclass(frozen=True)
class Statute:
    """A rule that law or custom gives, with its basis. verified: somebody compared the fractions with its text."""

    code: str
    title: Words
    basis: Words
    roll: Roll
    by_area: bool
    quorum: Share | None
    majority: Share | None
    valid_from: dt.date
    valid_until: dt.date | None
    verified: bool
    matters: tuple[Matter, ...]

    def is_in_force(self, on: dt.date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def rule(self, method: str = "yes_no", **terms: Any) -> Rule:
        """terms: of the method, such as options and costs. Its shares and by_area are the statute's alone."""
        assert self.quorum and self.majority, "Ask statutes.usable for it."
        return Rule(self.quorum, self.majority, self.code, method, self.by_area, **terms)


def read(path: Path) -> Statute:
    """Raises Broken."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Broken(path, f"it cannot be read: {error}") from error
    if unknown := sorted(data.keys() - READERS.keys()):
        raise Broken(path, f"unknown: {', '.join(unknown)}")
    found = {name: _value(path, data, name) for name in READERS}
    if found["valid_until"] and found["valid_until"] < found["valid_from"]:
        raise Broken(path, "valid_until is before valid_from")
    if found["verified"] and not (found["quorum"] and found["majority"]):
        raise Broken(path, "a verified statute has a quorum and a majority")
    return Statute(**found)


def _value(path: Path, data: Mapping[str, Any], name: str) -> Any:
    if name not in data:
        if name in OPTIONAL:
            return OPTIONAL[name]
        raise Broken(path, f"{name} is missing")
    try:
        return READERS[name](data[name])
    except (ValueError, TypeError, KeyError) as error:
        raise Broken(path, f"{name} = {data[name]!r}: {FORMS[name]}") from error


def _code(value: Any) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise ValueError
    return value


def _words(value: Any) -> Words:
    words = Words(**value)
    if not all(isinstance(text, str) and text.strip() for text in (words.zh, words.en)):
        raise ValueError
    return words


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _share(value: Any) -> Share:
    numerator, denominator, strict = value
    if type(numerator) is not int or type(denominator) is not int:
        raise TypeError
    return Share(numerator, denominator, _flag(strict))


def _day(value: Any) -> dt.date:
    if type(value) is not dt.date:
        raise TypeError
    return value


def _matters(value: Any) -> tuple[Matter, ...]:
    return tuple(Matter(_code(matter.pop("code")), _words(matter)) for matter in map(dict, value))


READERS: dict[str, Callable[[Any], Any]] = {
    "code": _code,
    "title": _words,
    "basis": _words,
    "roll": Roll,
    "by_area": _flag,
    "quorum": _share,
    "majority": _share,
    "valid_from": _day,
    "valid_until": _day,
    "verified": _flag,
    "matters": _matters,
}
OPTIONAL: dict[str, Any] = {"quorum": None, "majority": None, "valid_until": None, "matters": ()}
FORMS = {
    "code": "write small letters, figures and _",
    **dict.fromkeys(("title", "basis"), "write a table with zh and en"),
    "roll": f"write one of {', '.join(Roll)}",
    **dict.fromkeys(("by_area", "verified"), "write true or false"),
    **dict.fromkeys(("quorum", "majority"), "write [1, 2, true] for more than a half, [2, 3, false] for two thirds"),
    **dict.fromkeys(("valid_from", "valid_until"), "write a day like 2026-01-01, without quotes"),
    "matters": "write tables with code, zh and en",
}
