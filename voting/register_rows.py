"""What each row of a register says, column by column, and what is wrong with it taken alone."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from people.privacy import keyed_hash

from .register_files import COLUMNS, Row
from .states import Purpose

FIELDS = ("building", "entrance", "door", "purpose", "floor_area", "name", "identity", "votes", "unsold")
TITLES = dict(zip(FIELDS, COLUMNS, strict=True))
UNIT = FIELDS[:3]
PURPOSES = {"住宅": Purpose.FLAT, "商铺": Purpose.SHOP, "车位": Purpose.PARKING, "其他": Purpose.OTHER}
YES, NO = "是", "否"
FLAGS = {YES: True, NO: False, "": False}
TOTALS = {"合计", "总计", "小计", "共计"}
AREA = re.compile(r"-?\d{1,7}(\.\d+)?")
HASHED = re.compile(r"#([0-9a-f]{64})")
LONGEST = {"building": 20, "entrance": 20, "door": 20, "name": 60, "identity": 40}
LOOKED_FOR = 10  # rows above the header may hold a title

Remark = tuple[int, str]  # the row, and a sentence
UnitKey = tuple[str, str, str]


@dataclass(frozen=True)
class Known:
    """area: the code of the courtyard; identities: those that its register holds already."""

    area: str
    identities: Collection[str]

    def hashed(self, number: str) -> str:
        return keyed_hash("voting.owner", self.area, number)


@dataclass(frozen=True)
class Entry:
    """A row as it was understood: the values of its columns, and what is wrong with those that are not there."""

    number: int
    values: dict[str, Any]
    faults: list[str]

    @property
    def unit(self) -> UnitKey:
        building, entrance, door = (self.values[field] for field in UNIT)
        return building, entrance, door

    @property
    def who(self) -> tuple[str, str]:
        return self.values["identity"], "" if self.values["identity"] else self.values["name"]

    def has(self, *fields: str) -> bool:
        return self.values.keys() >= set(fields)


def entries_of(rows: Sequence[Row], known: Known) -> tuple[list[Entry], list[Remark]]:
    """Every row below the header; and what is wrong with the header, in which case there are none."""
    at = next((n for n, row in enumerate(rows[:LOOKED_FOR]) if {"楼栋", "房号"} <= set(_titles(row))), 0)
    header, body = rows[at], rows[at + 1 :]
    if problems := list(_header_faults(header)):
        return [], problems
    if not body:
        return [], [(header.number, _("There is no row below the header."))]
    places = {title: place for place, title in enumerate(_titles(header))}
    return [_entry(row, places, known) for row in body], []


def _titles(row: Row) -> list[str]:
    """专有面积(㎡) is 专有面积."""
    return ["".join(unicodedata.normalize("NFKC", cell).split()).partition("(")[0] for cell in row.cells]


def _header_faults(header: Row) -> Iterator[Remark]:
    titles = _titles(header)
    for fault in header.faults:
        yield header.number, fault
    for column in COLUMNS:
        if titles.count(column) != 1:
            missing = (
                _("The column “%(column)s” is missing.") if column not in titles else _("“%(column)s” stands twice.")
            )
            yield header.number, missing % {"column": column}


def _entry(row: Row, places: dict[str, int], known: Known) -> Entry:
    if row.faults:
        return Entry(row.number, {}, row.faults)
    if next(cell for cell in row.cells if cell) in TOTALS:
        return Entry(row.number, {}, [_("This is a row of totals, not a unit. Please take it out.")])
    values: dict[str, Any] = {}
    faults: list[str] = []
    for field, reader in READERS.items():
        text = row.cells[places[TITLES[field]]] if places[TITLES[field]] < len(row.cells) else ""
        try:
            values[field] = reader(field, _plain(text), known)
        except ValueError as fault:
            faults.append(str(fault))
    return Entry(row.number, values, faults)


def _plain(text: str) -> str:
    """Wide letters as narrow ones, and nothing that cannot be seen."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isprintable() or sign.isspace())


def _place(field: str, text: str, known: Known) -> str:
    return _short(field, "".join(text.split()))


def _needed(field: str, text: str, known: Known) -> str:
    if not text.strip():
        raise ValueError(_("“%(column)s” is empty.") % {"column": TITLES[field]})
    return _place(field, text, known)


def _name(field: str, text: str, known: Known) -> str:
    words = " ".join(text.split())
    _needed("name", words[:1], known)
    return _short(field, words)


def _short(field: str, text: str) -> str:
    if len(text) > LONGEST[field]:
        place = {"column": TITLES[field], "n": LONGEST[field]}
        raise ValueError(_("“%(column)s” is longer than %(n)d characters.") % place)
    return text


def _purpose(field: str, text: str, known: Known) -> str:
    if text not in PURPOSES:
        place = {"text": text[:20], "words": ", ".join(PURPOSES)}
        raise ValueError(_("“%(text)s” is no purpose. Write one of: %(words)s.") % place)
    return PURPOSES[text].value


def _floor_area(field: str, text: str, known: Known) -> int:
    """In 0.01 m², exactly."""
    if not AREA.fullmatch(text):
        raise ValueError(_("The floor area “%(text)s” is no number.") % {"text": text[:20]})
    hundredths = Decimal(text) * 100
    if hundredths != int(hundredths):
        raise ValueError(_("The floor area “%(text)s” has more than two decimals.") % {"text": text[:20]})
    if hundredths <= 0:
        raise ValueError(_("The floor area must be more than 0."))
    return int(hundredths)


def _identity(field: str, text: str, known: Known) -> str:
    """Only its keyed hash is kept; an export carries that hash, behind a #."""
    number = "".join(text.upper().split())
    if found := HASHED.fullmatch(text):
        if found[1] not in known.identities:
            raise ValueError(_("This reference to an identity number comes from another register."))
        return found[1]
    return known.hashed(_short(field, number)) if number else ""


def _flag(field: str, text: str, known: Known) -> bool:
    if text not in FLAGS:
        place = {"column": TITLES[field], "text": text[:20], "yes": YES, "no": NO}
        raise ValueError(_("“%(text)s” under “%(column)s” is neither “%(yes)s” nor “%(no)s”.") % place)
    return FLAGS[text]


READERS: dict[str, Callable[[str, str, Known], Any]] = {
    "building": _needed,
    "entrance": _place,
    "door": _needed,
    "purpose": _purpose,
    "floor_area": _floor_area,
    "name": _name,
    "identity": _identity,
    "votes": _flag,
    "unsold": _flag,
}
