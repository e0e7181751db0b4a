"""A register of owners as a file: the rows of a CSV or XLSX, read with limits, and the same rows out again.

What a file says is text, never a number of the machine: a floor area of 84.6 stays 84.6.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

COLUMNS = ("楼栋", "单元", "房号", "用途", "专有面积", "业主姓名", "证件号", "是否投票人", "开发商未售")
HEADER = (
    "楼栋",
    "单元",
    "房号",
    "用途(住宅/商铺/车位/其他)",
    "专有面积(㎡)",
    "业主姓名",
    "证件号(可空)",
    "是否投票人(是/否)",
    "开发商未售(是/否)",
)
AREA = COLUMNS.index("专有面积")

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 24 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 40
NOISE = Decimal("1e-9")
LONGEST_NUMBER = 10**15  # a spreadsheet keeps 15 digits of a number and makes the rest zeros

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SPECIAL = "=+-@"


class Unreadable(ValueError):
    """The file is no table that can be read; the sentence says why, and what to do."""


@dataclass(frozen=True)
class Row:
    """number: as a spreadsheet counts. faults: what is wrong with cells before anybody asks what they mean."""

    number: int
    cells: list[str]
    faults: list[str] = field(default_factory=list)


def read(data: bytes) -> list[Row]:
    """The rows that are not empty. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than %(n)d MB.") % {"n": MAX_BYTES // 1024**2})
    if data.startswith(OLD_EXCEL):
        raise Unreadable(_("This is an old or a locked Excel file. Save it as XLSX without a password, or as CSV."))
    return list(_rows(_xlsx(data) if data.startswith(ZIP) else _csv(data)))


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """With the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([HEADER, *(map(guarded, row) for row in rows)])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Iterable[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("业主名册")
    sheet.append(HEADER)
    for row in rows:
        cells: list[Any] = [guarded(cell) for cell in row]
        cells[AREA] = Decimal(row[AREA])
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def guarded(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip().startswith((*SPECIAL, "'")) else text


def unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].lstrip().startswith((*SPECIAL, "'")) else text


def _rows(found: Iterable[Row]) -> Iterator[Row]:
    is_empty = True
    for row in found:
        if row.number > MAX_ROWS:
            raise Unreadable(_("The table has more than %(n)d rows.") % {"n": MAX_ROWS})
        if any(row.cells) or row.faults:
            is_empty = False
            yield row
    if is_empty:
        raise Unreadable(_("The file is empty."))


# ── CSV ──────────────────────────────────────────────────────────────────────


def _csv(data: bytes) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            yield _csv_row(number, [cell.strip() for cell in cells[:MAX_COLUMNS]])
    except csv.Error as error:
        raise Unreadable(_("The file is not a table: %(error)s.") % {"error": error}) from None


def _csv_row(number: int, cells: list[str]) -> Row:
    faults = [_formula(n) for n, cell in enumerate(cells, 1) if cell.startswith("=")]
    return Row(number, [unguarded(cell) for cell in cells], faults)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("The file is no text in UTF-8 or GB18030. Save it as “CSV UTF-8” or as XLSX."))


# ── XLSX ─────────────────────────────────────────────────────────────────────


def _xlsx(data: bytes) -> Iterator[Row]:
    """Formulas are not calculated: a cell that holds one is a fault."""
    _refuse_bomb(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS), 1):
            yield _xlsx_row(number, cells)
    except Unreadable:
        raise
    except Exception as error:  # what is broken or hostile fails in many ways; each means the same to the sender
        raise Unreadable(_("The file cannot be read as XLSX. Save it anew, or as CSV.")) from error


def _refuse_bomb(data: bytes) -> None:
    """Judged by what the archive declares; nothing is unpacked beyond it."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise Unreadable(_("The file cannot be read as XLSX. Save it anew, or as CSV.")) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(_("Unpacked, this file is far too large for a register. Save only the table itself."))


def _xlsx_row(number: int, cells: Sequence[Any]) -> Row:
    texts: list[str] = []
    faults: list[str] = []
    for column, cell in enumerate(cells, 1):
        try:
            texts.append(_text(column, cell.value, cell.data_type))
        except ValueError as fault:
            texts.append("")
            faults.append(str(fault))
    return Row(number, texts, faults)


def _text(column: int, value: Any, kind: str) -> str:
    """What a person sees in the cell; ValueError where that is not what it holds."""
    match value:
        case None:
            return ""
        case bool() | dt.date() | dt.time() | dt.timedelta():
            raise ValueError(_("Column %(n)d is no text but a date or a switch. Format it as text.") % {"n": column})
        case int() | float():
            return _number(column, value)
    if kind == "f":
        raise ValueError(_formula(column))
    if kind == "e":
        raise ValueError(_("Column %(n)d holds an error of the spreadsheet.") % {"n": column})
    return unguarded(str(value).strip())


def _number(column: int, value: float) -> str:
    """A float is what its shortest form says, less the noise of its last digits."""
    if abs(value) >= LONGEST_NUMBER:
        complaint = _("Column %(n)d is a number with too many digits: the last ones are lost. Enter it anew as text.")
        raise ValueError(complaint % {"n": column})
    exact = Decimal(repr(value)).quantize(NOISE).normalize()
    return f"{exact:f}"


def _formula(column: int) -> str:
    return _("Column %(n)d holds a formula. Paste it as a value.") % {"n": column}
