"""Who is competent: by level the body that sits, or the next one above; by matter what the catalogue lists."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from .calendar import local_date
from .models import Area, Body, Category, Competence, Level


@dataclass(frozen=True)
class Ruling:
    """The body that takes the matter, and the levels passed over because nobody sits there."""

    body: Body
    passed: tuple[Level, ...]


class NobodySits(LookupError):
    """No level up to the district has a sitting body."""


def competent(area: Area, level: int, at: dt.datetime, category: Category | None = None) -> Ruling:
    """The body for a matter of `area` at `level` or above; of two in one area, the one that was there first.

    One that the catalogue names for the category goes before it. One query, and one more for a category. Raises
    NobodySits when the whole way up is vacant.
    """
    asked = min(level, area.level)
    bodies = _sitting(area.lineage_paths[:asked], at)
    if not bodies:
        raise NobodySits(f"No body sits for {area} at {at}.")
    reached = bodies[0].area
    body = _named([one for one in bodies if one.area_id == reached.pk], category, area, at)
    return Ruling(body, tuple(Level(n) for n in range(asked, reached.level, -1)))


def above(body: Body, at: dt.datetime) -> Body | None:
    """The body of the next level up that has a sitting one; None at the district."""
    return next(iter(_sitting(body.area.lineage_paths[:-1], at)), None)


def other(body: Body, at: dt.datetime) -> Body | None:
    """Who judges instead of this body: the one above, else another one of the same area, if there is one."""
    beside = Body.objects.sitting(at).filter(area=body.area_id).exclude(pk=body.pk).select_related("area")
    return above(body, at) or beside.order_by("pk").first()


def listed(category: Category, area: Area, level: int, on: dt.date) -> Competence | None:
    """The row by which `level` owns such a matter of `area`: of the nearest area, there the newest. One query."""
    return _holding(category, area, on).get(level)


def off_list(
    body: Body, category: Category | None, at: dt.datetime, area: Area | None = None
) -> tuple[Competence, ...] | None:
    """None when the body may have a matter of this category; else the rows of those that own it, from its level up.

    Levels below come last. area: where the matter is, if below the body's own area. A category without a single row
    binds nobody.
    """
    if category is None:
        return None
    level, rows = body.area.level, _holding(category, area or body.area, local_date(at))
    own = rows.get(level)
    if not rows or (own and own.body_id in (None, body.pk)):
        return None
    return tuple(sorted(rows.values(), key=lambda row: (row.level > level, abs(row.level - level))))


def _sitting(paths: Sequence[str], at: dt.datetime) -> list[Body]:
    """The lowest level first; of two in one area, the one that was there first."""
    bodies = Body.objects.sitting(at).filter(area__path__in=paths).select_related("area")
    return list(bodies.order_by("-area__level", "pk"))


def _named(bodies: Sequence[Body], category: Category | None, area: Area, at: dt.datetime) -> Body:
    """The one that the catalogue names for the level of these bodies, else the first."""
    row = category and listed(category, area, bodies[0].area.level, local_date(at))
    return next((body for body in bodies if row and body.pk == row.body_id), bodies[0])


def _holding(category: Category, area: Area, on: dt.date) -> dict[int, Competence]:
    """For each level that owns such a matter of this area, the row that holds. One query."""
    rows = Competence.objects.valid(on).filter(category=category, area__path__in=area.lineage_paths)
    nearest_last = rows.select_related("area", "body__area").order_by("area__level", "valid_from")
    return {row.level: row for row in nearest_last}
