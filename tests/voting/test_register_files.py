"""Files of all sorts as a register: what a spreadsheet does to numbers is undone, and nothing hostile gets in."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given

from tests import build
from tests.voting.estate import row, table
from tests.voting.test_register import AREAS, problems, understood
from voting import register, register_files
from voting.register_changes import metres
from voting.register_files import Unreadable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for cells in [register_files.HEADER, *rows]:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_utf_8_with_and_without_a_mark_and_gb18030_say_the_same() -> None:
    here, data = build.courtyard(), table(row(), row("102", "㛃𬱖"))
    text = data.decode("utf-8-sig")
    read = [register.read(here, each) for each in (data, text.encode(), text.encode("gb18030"))]
    assert read[0] == read[1] == read[2]
    assert [party.name for party in read[0].register.parties] == ["竹筠", "㛃𬱖"]


def test_an_xlsx_with_the_noise_of_floats_is_exact() -> None:
    here = build.courtyard()
    noisy = [0.1 + 0.2, 28.2 * 3, 100.1 + 0.01, 84, 84.0]
    rows: list[list[Any]] = [
        ["3栋", "1单元", 101 + n, "住宅", area, "竹筠", "", "是", "否"] for n, area in enumerate(noisy)
    ]
    reading = register.read(here, workbook(*rows))
    assert [holding.floor_area for holding in reading.register.holdings] == [30, 8460, 10011, 8400, 8400]
    assert [holding.key[2] for holding in reading.register.holdings] == ["101", "102", "103", "104", "105"]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({4: "=80+4.6"}, "Column 5 holds a formula. Paste it as a value."),
        ({4: 84.605}, "The floor area “84.605” has more than two decimals."),
        (
            {6: 510106199001010011},
            "Column 7 is a number with too many digits: the last ones are lost. Enter it anew as text.",
        ),
        ({2: dt.date(2026, 3, 5)}, "Column 3 is no text but a date or a switch. Format it as text."),
        ({7: True}, "Column 8 is no text but a date or a switch. Format it as text."),
    ],
)
def test_a_cell_that_does_not_hold_what_it_shows_is_a_problem(cells: dict[int, Any], text: str) -> None:
    values: list[Any] = list(row())
    for place, value in cells.items():
        values[place] = value
    assert register.read(build.courtyard(), workbook(values)).problems == [(2, text)]


def test_a_formula_in_a_csv_is_a_problem_and_a_guarded_one_is_text() -> None:
    assert problems(row(name="=HYPERLINK(1)")) == [(2, "Column 6 holds a formula. Paste it as a value.")]
    assert understood(row(name="'=HYPERLINK(1)")).parties[0].name == "=HYPERLINK(1)"


# ── hostile files ────────────────────────────────────────────────────────────


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def many_rows() -> bytes:
    return b"\n" * 1_000_000 + table(row())


def sparse() -> bytes:
    """A workbook whose second row claims to be the millionth."""
    book = openpyxl.Workbook()
    book.active.append(register_files.HEADER)
    book.active.cell(1_000_000, 1, "3栋")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def entities() -> bytes:
    """A workbook whose sheet expands a thousandfold."""
    source = zipfile.ZipFile(io.BytesIO(workbook(row())))
    parts = {name: source.read(name) for name in source.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'">]>'
    sheet = parts["xl/worksheets/sheet1.xml"].replace("竹筠".encode(), b"&a;" * 1000)
    return packed(**parts | {"xl/worksheets/sheet1.xml": bomb + sheet})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\r\n,,,\r\n",
        b"\xff\xfe\x00\x01",
        b"PK\x03\x04 no archive",
        b"\xd0\xcf\x11\xe0 an old workbook",
        packed(**{"xl/sheet.xml": b"0" * (25 * 1024 * 1024)}),
        packed(**{f"part{n}": b"" for n in range(501)}),
        packed(word=b"a letter"),
        b"x" * (register_files.MAX_BYTES + 1),
        many_rows(),
        sparse(),
        entities(),
        b'a,"b\x00',
    ],
    ids=[
        "nothing", "only the mark", "blank rows", "UTF-16", "a broken archive", "an old workbook", "a zip bomb",
        "many parts", "another archive", "too large", "a million rows", "a sparse million", "entities", "a NUL",
    ],
)  # fmt: skip
def test_what_is_no_register_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        register_files.read(data)
    assert str(refused.value).endswith(".")


@given(AREAS)
def test_a_floor_area_is_exact_in_every_form(hundredths: int) -> None:
    forms = {
        metres(hundredths),
        register_files._number(1, hundredths / 100),
        register_files._number(1, float(Decimal(hundredths) / 100)),
    }
    assert {int(Decimal(form) * 100) for form in forms} == {hundredths}
