"""The list of who owns which matter (权责清单) as a file: CSV in, all or nothing, and the same CSV out.

A line names a category and, unless it only does that, one row of the catalogue. Reading a file adds and changes rows;
what it does not name stays. A row ends by its `valid_until`.
"""

import csv
import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils.translation import gettext

from ledger.actors import Actor
from ledger.recording import record

from .calendar import INSTANT, end_of
from .models import Area, Body, Category, Competence, Level

EXAMPLE = Path(__file__).parent / "data" / "catalogue.csv"
COLUMNS = ("category", "name", "area", "level", "body", "basis", "valid_from", "valid_until")
NAMING, ROW = COLUMNS[:2], COLUMNS[2:]
LEVELS = {level.name.lower(): level for level in Level}
ONCE = {"category", "area", "level", "valid_from"}
DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")  # spreadsheets write 2026/1/31


class Faulty(ValueError):
    """problems: every one of the file, in a sentence that names its row."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Line:
    """One row of the file by its columns; number: as a spreadsheet counts, the header being row 1."""

    number: int
    cells: dict[str, str]
    too_long: bool

    @property
    def only_names(self) -> bool:
        return not any(self.cells[column] for column in ROW)


@dataclass(frozen=True)
class Entry:
    """A line as it was understood: the values of its columns, and what is wrong with those that are not there."""

    number: int
    values: dict[str, Any]
    faults: list[str]


@dataclass(frozen=True)
class Known:
    """The areas and bodies that the file speaks of."""

    areas: dict[str, Area]
    bodies: dict[str, list[Body]]


@transaction.atomic
def load(data: bytes, *, by: Actor, at: dt.datetime) -> int:
    """Take a file into the catalogue; the number of rows that are new or changed. Raises Faulty and changes nothing."""
    entries = _entries(_lines(data))
    categories = _categories({entry.values["category"]: entry.values["name"] for entry in entries})
    rows = [_row(entry.values, categories) for entry in entries if "area" in entry.values]
    return sum(_keep(row, by, at) for row in sorted(rows, key=lambda row: row.area.chain))


def dump() -> str:
    """The whole catalogue, its categories in their order."""
    rows = Competence.objects.select_related("area", "body").order_by("area__path", "level", "valid_from")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for category in Category.objects.prefetch_related(Prefetch("rows", rows)):
        lines = [_cells(row) for row in category.rows.all()] or [[""] * len(ROW)]
        writer.writerows([category.code, category.name, *line] for line in lines)
    return out.getvalue()


def _cells(row: Competence) -> list[str]:
    body = row.body.name if row.body else ""
    until = row.valid_until.isoformat() if row.valid_until else ""
    return [row.area.code, Level(row.level).name.lower(), body, row.basis, row.valid_from.isoformat(), until]


# ── the file ─────────────────────────────────────────────────────────────────


def _lines(data: bytes) -> list[Line]:
    rows = _table(data)
    header = rows.pop(1, [])
    if sorted(header) != sorted(COLUMNS):
        columns = {"columns": ", ".join(COLUMNS)}
        raise Faulty([_in_row(1, gettext("The columns must be: %(columns)s.") % columns)])
    return [_line(number, header, cells) for number, cells in rows.items()]


def _line(number: int, header: list[str], cells: list[str]) -> Line:
    """Cells that are not there are empty."""
    named = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False))
    return Line(number, named, too_long=any(cells[len(header) :]))


def _table(data: bytes) -> dict[int, list[str]]:
    """The cells of each row that is not empty."""
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        rows = {number: [cell.strip() for cell in row] for number, row in enumerate(reader, 1)}
    except UnicodeDecodeError:
        raise Faulty([gettext("The file is not UTF-8. Save it as “CSV UTF-8”.")]) from None
    except csv.Error as error:
        raise Faulty([gettext("The file is not a table: %(error)s.") % {"error": error}]) from None
    return {number: row for number, row in rows.items() if any(row)}


def _in_row(number: int, problem: str) -> str:
    return gettext("Row %(row)d: %(problem)s") % {"row": number, "problem": problem}


# ── what each line says ──────────────────────────────────────────────────────


def _entries(lines: Sequence[Line]) -> list[Entry]:
    """Every line, if no line has a fault."""
    known = _known(lines)
    entries = [_entry(line, known) for line in lines]
    problems = [(entry.number, fault) for entry in entries for fault in entry.faults]
    problems += [*_two_names(entries), *_twice(entries)]
    if problems:
        raise Faulty([_in_row(*problem) for problem in sorted(problems, key=itemgetter(0))])
    return entries


def _known(lines: Sequence[Line]) -> Known:
    areas = Area.objects.filter(code__in={line.cells["area"] for line in lines})
    bodies: dict[str, list[Body]] = defaultdict(list)
    named = {line.cells["body"] for line in lines} - {""}
    for body in Body.objects.filter(name__in=named).select_related("area"):
        bodies[body.name].append(body)
    return Known({area.code: area for area in areas}, bodies)


def _entry(line: Line, known: Known) -> Entry:
    values: dict[str, Any] = {}
    faults = [gettext("There are more cells than columns.")] if line.too_long else []
    for column, reader in READERS.items():
        if line.only_names and column not in NAMING:
            break
        try:
            values[column] = reader(line.cells[column], known, values)
        except ValueError as fault:
            faults.append(str(fault))
    return Entry(line.number, values, faults)


def _category(text: str, known: Known, values: dict[str, Any]) -> str:
    try:
        validate_slug(text)
    except ValidationError:
        text = ""
    if not 0 < len(text) <= 40:
        raise ValueError(gettext("category must be a code of at most 40 letters, digits, - and _."))
    return text


def _name(text: str, known: Known, values: dict[str, Any]) -> str:
    if not 0 < len(text) <= 20:
        raise ValueError(gettext("name must have 1 to 20 characters."))
    return text


def _area(text: str, known: Known, values: dict[str, Any]) -> Area:
    if text not in known.areas:
        raise ValueError(gettext("There is no area with the code “%(code)s”.") % {"code": text})
    return known.areas[text]


def _level(text: str, known: Known, values: dict[str, Any]) -> Level:
    if text not in LEVELS:
        raise ValueError(gettext("level must be one of %(levels)s.") % {"levels": ", ".join(LEVELS)})
    return LEVELS[text]


def _basis(text: str, known: Known, values: dict[str, Any]) -> str:
    if not 0 < len(text) <= 200:
        raise ValueError(gettext("basis must name the legal basis in at most 200 characters."))
    return text


def _date(text: str, column: str) -> dt.date:
    try:
        found = DATE.fullmatch(text)
        return dt.date(*(int(part) for part in found.groups())) if found else dt.date.fromisoformat(text)
    except ValueError:
        place = {"column": column}
        raise ValueError(gettext("%(column)s must be a date such as 2026-01-31.") % place) from None


def _from(text: str, known: Known, values: dict[str, Any]) -> dt.date:
    return _date(text, "valid_from")


def _until(text: str, known: Known, values: dict[str, Any]) -> dt.date | None:
    until = _date(text, "valid_until") if text else None
    since = values.get("valid_from")
    if since and until and until <= since:
        raise ValueError(gettext("valid_until must be later than valid_from."))
    return until


def _body(text: str, known: Known, values: dict[str, Any]) -> Body | None:
    """Of several with that name the one that sat when the row begins."""
    if not text or not {"area", "level", "valid_from"} <= values.keys():
        return None
    area, level = values["area"], values["level"]
    found = [body for body in known.bodies[text] if body.area.level == level and _in_line(body.area, area)]
    if len(found) > 1:
        begins = end_of(values["valid_from"]) - INSTANT
        found = [body for body in found if body.sat_from <= begins and (not body.sat_until or begins < body.sat_until)]
    if len(found) != 1:
        place = {"level": level.label, "area": area, "body": text}
        raise ValueError(gettext("%(area)s has not exactly one body “%(body)s” at the level %(level)s.") % place)
    return found[0]


def _in_line(one: Area, other: Area) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)


# Each gets the text, and the values of the columns before it. The body is looked for where and when the row holds.
READERS: dict[str, Callable[[str, Known, dict[str, Any]], Any]] = {
    "category": _category,
    "name": _name,
    "area": _area,
    "level": _level,
    "basis": _basis,
    "valid_from": _from,
    "valid_until": _until,
    "body": _body,
}


def _two_names(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    first: dict[str, tuple[str, int]] = {}
    for entry in entries:
        if set(NAMING) - entry.values.keys():
            continue
        code, name = entry.values["category"], entry.values["name"]
        known, number = first.setdefault(code, (name, entry.number))
        if known != name:
            place = {"code": code, "name": known, "row": number}
            yield entry.number, gettext("Row %(row)d calls the category %(code)s “%(name)s”.") % place


def _twice(entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    first: dict[Any, int] = {}
    for entry in entries:
        if ONCE - entry.values.keys():
            continue
        number = first.setdefault(tuple(entry.values[column] for column in sorted(ONCE)), entry.number)
        if number != entry.number:
            place = {"row": number}
            yield entry.number, gettext("Row %(row)d has the same category, area, level and valid_from.") % place


# ── the rows ─────────────────────────────────────────────────────────────────


def _categories(names: dict[str, str]) -> dict[str, Category]:
    """By code. Those of the file stand in its order, on the places that they had; new ones come last."""
    known = {category.code: category for category in Category.objects.filter(code__in=names)}
    last = Category.objects.aggregate(last=Max("order"))["last"] or 0
    new = len(names) - len(known)
    places = sorted(category.order for category in known.values()) + [last + n for n in range(1, new + 1)]
    for place, (code, name) in zip(places, names.items(), strict=True):
        category = known.setdefault(code, Category(code=code))
        if (category.name, category.order) != (name, place):
            category.name, category.order = name, place
            category.save()
    return known


def _row(values: dict[str, Any], categories: dict[str, Category]) -> Competence:
    return Competence(category=categories[values["category"]], **{column: values[column] for column in ROW})


def _keep(row: Competence, by: Actor, at: dt.datetime) -> bool:
    """Whether the row is new or says something else than before."""
    own: dict[str, Any] = {"body": row.body, "basis": row.basis, "valid_until": row.valid_until}
    same: dict[str, Any] = {
        "category": row.category,
        "area": row.area,
        "level": row.level,
        "valid_from": row.valid_from,
    }
    if Competence.objects.filter(**same, **own).exists():
        return False
    kept, _made = Competence.objects.update_or_create(**same, defaults=own)
    tell(kept, by, at)
    return True


def tell(row: Competence, by: Actor, at: dt.datetime) -> None:
    """Record what a new or changed row says now."""
    record(
        "competence.listed",
        chain=row.area.chain,
        subject=row,
        by=by,
        at=at,
        texts={"basis": row.basis},
        category=row.category.code,
        level=int(row.level),
        body=row.body_id,
        valid_from=row.valid_from.isoformat(),
        valid_until=row.valid_until and row.valid_until.isoformat(),
    )
