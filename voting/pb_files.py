"""Reads elections in the .pb format of pabulib.org: META, PROJECTS and VOTES, each a table with `;`.

Money is read as whole hundredths, points as whole numbers. ValueError when a file is not of this form.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from .methods.equal_shares import Stakes

SECTIONS = ("META", "PROJECTS", "VOTES")
HUNDREDTHS = 100

Row = dict[str, str]


@dataclass(frozen=True)
class Election:
    """groups: the points of papers that are alike, 1 for a tick, and how many there are of them.

    winners: marked 1. apart: marked otherwise than 0 and 1, decided by something else than the rule. stated: the
    points that the file itself gives as the sum of its papers.
    """

    meta: dict[str, str]
    costs: dict[str, int]
    budget: int
    threshold: int
    groups: list[tuple[Stakes, int]]
    winners: set[str]
    apart: set[str]
    stated: dict[str, int]

    @property
    def rule(self) -> str:
        return self.meta.get("rule", "")

    @property
    def points(self) -> dict[str, int]:
        """The score of each project, in the order of the file."""
        found = dict.fromkeys(self.costs, 0)
        for stakes, papers in self.groups:
            for key, points in stakes.items():
                found[key] += points * papers
        return found


def read(path: Path) -> Election:
    tables = _tables(path)
    if missing := [name for name in SECTIONS if name not in tables]:
        raise ValueError(f"it has no section {missing[0]}")
    meta = {row["key"]: row["value"] for row in tables["META"]}
    projects = {row["project_id"]: row for row in tables["PROJECTS"]}
    marks = {key: row.get("selected", "") for key, row in projects.items()}
    papers = Counter(_paper(row, meta, projects) for row in tables["VOTES"])
    return Election(
        meta=meta,
        costs={key: _money(row["cost"]) for key, row in projects.items()},
        budget=_money(meta["budget"]),
        threshold=_whole(meta.get("min_project_score_threshold") or "0"),
        groups=[(dict(points), number) for points, number in papers.items()],
        winners={key for key, mark in marks.items() if mark == "1"},
        apart={key for key, mark in marks.items() if mark not in ("", "0", "1")},
        stated={key: _whole(sums) for key, row in projects.items() if (sums := row.get("score") or row.get("votes"))},
    )


def _tables(path: Path) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = ([cell.strip() for cell in line] for line in csv.reader(file, delimiter=";"))
        for name, header, line in _sorted_by_section(line for line in lines if any(line)):
            tables.setdefault(name, []).append(dict(zip(header, line, strict=False)))
    return tables


def _sorted_by_section(lines: Iterator[list[str]]) -> Iterator[tuple[str, list[str], list[str]]]:
    name, header = "", [""]
    for line in lines:
        if line[0].upper() in SECTIONS and not any(line[1:]):
            name, header = line[0].upper(), next(lines, [""])
        else:
            yield name, header, line


def _paper(row: Row, meta: dict[str, str], projects: dict[str, Row]) -> tuple[tuple[str, int], ...]:
    chosen = _listed(row["vote"])
    if strange := [key for key in chosen if key not in projects]:
        raise ValueError(f"a paper names {strange[0]}, which is not on the list")
    return tuple(zip(chosen, _points(row, meta, len(chosen), len(projects)), strict=True))


def _points(row: Row, meta: dict[str, str], chosen: int, projects: int) -> list[int]:
    """Given points; of a ranking without them, as many as a paper may rank for the first, and so on down."""
    kind = meta.get("vote_type")
    if kind in ("approval", "choose-1"):
        return [1] * chosen
    if given := _listed(row.get("points", "")):
        return [_whole(points) for points in given]
    if kind != "ordinal":
        raise ValueError(f"papers of the kind {kind} have no points")
    most = _whole(meta.get("max_length") or str(projects))
    return [most - place for place in range(chosen)]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _money(text: str) -> int:
    """In hundredths."""
    return _whole(text, HUNDREDTHS)


def _whole(text: str, parts: int = 1) -> int:
    amount = Fraction(text.replace(",", ".")) * parts
    if amount.denominator != 1:
        raise ValueError(f"{text} is no whole number of {'hundredths' if parts == HUNDREDTHS else 'points'}")
    return amount.numerator
