"""One measured figure beside the figure it is compared with, and the table in which all of them are shown."""

import json
import statistics
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict


class Figure(TypedDict):
    """beside: measured in the same run, in turn with `value`; ratio: value / beside; n: how often."""

    name: str
    value: float
    unit: str
    beside: float | None
    ratio: float | None
    n: int


def figure(name: str, value: float, unit: str, beside: float | None = None, *, n: int) -> Figure:
    ratio = _short(value / beside) if beside else None
    rest = None if beside is None else _short(beside)
    return Figure(name=name, value=_short(value), unit=unit, beside=rest, ratio=ratio, n=n)


def percentile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


def table(figures: Sequence[Figure]) -> str:
    rows = [("", "value", "", "beside", "ratio", "n")]
    rows += [
        (f["name"], _said(f["value"]), f["unit"], _said(f["beside"]), _said(f["ratio"]), str(f["n"])) for f in figures
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def write(figures: Sequence[Figure], path: Path) -> None:
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Names and units to the left, numbers to the right."""
    cells = [
        cell + _gap(cell, width) if column in (0, 2) else _gap(cell, width) + cell
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _gap(text: str, width: int) -> str:
    return " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _said(number: float | None) -> str:
    return "" if number is None else f"{number:,.0f}" if abs(number) >= 100 else f"{number:g}"


def _short(number: float) -> float:
    """Three digits say all that a busy machine can know."""
    return float(f"{number:.3g}") if abs(number) < 100 else float(round(number))
