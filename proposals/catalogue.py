"""The competence list (权责清单) as people read it: for each category and level who owns the matter, valid today."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from adapters import clock
from areas import calendar
from areas import catalogue as listing
from areas.models import Area, Body, Category, Competence, CompetenceQuerySet, Level
from people.access import public


@dataclass(frozen=True)
class Owner:
    """One row. body: None for whichever sits there; where: its area, if it is not for the whole district."""

    row: Competence
    body: Body | None
    where: Area | None

    @property
    def last_day(self) -> dt.date | None:
        return self.row.valid_until and self.row.valid_until - calendar.DAY


@dataclass(frozen=True)
class Matter:
    """A category with its owners at every level, the district first. No owner at all: the list binds nobody."""

    category: Category
    levels: list[tuple[Level, list[Owner]]]

    @property
    def is_listed(self) -> bool:
        return any(owners for _level, owners in self.levels)


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    code, now = request.GET.get("area", ""), clock.now()
    area = get_object_or_404(Area, code=code) if code else None
    context = {
        "nav": "home",
        "here": area,
        "area": area,
        "areas": Area.objects.filter(Q(level__lte=Level.COMMUNITY) | Q(pk=area and area.pk)),
        "levels": Level,
        "matters": matters_of(area, now) if area else matters(now),
        "today": calendar.local_date(now),
    }
    return render(request, "proposals/catalogue.html", context)


@public
def download(request: HttpRequest) -> HttpResponse:
    """The whole list with all its dates, as spreadsheets open it."""
    named = {"Content-Disposition": 'attachment; filename="competence.csv"'}
    return HttpResponse(listing.dump().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=named)


def matters(at: dt.datetime) -> list[Matter]:
    """The whole list, with the area beside what is not for the whole district. Two queries."""
    rows = _valid(at).order_by("area__path", "valid_from")
    return _by_category(Owner(row, row.body, row.area if row.area.level != Level.DISTRICT else None) for row in rows)


def matters_of(area: Area, at: dt.datetime) -> list[Matter]:
    """What holds in one area, with the bodies that sit on its way up to the district. Three queries."""
    rows = _valid(at).filter(area__path__in=area.lineage_paths).order_by("area__level", "valid_from")
    nearest = {(row.category_id, row.level): row for row in rows}
    sitting = Body.objects.sitting(at).filter(area__path__in=area.lineage_paths).select_related("area")
    first = {body.area.level: body for body in sitting.order_by("-pk")}
    return _by_category(Owner(row, row.body or first.get(row.level), None) for row in nearest.values())


def _valid(at: dt.datetime) -> CompetenceQuerySet:
    return Competence.objects.valid(calendar.local_date(at)).select_related("area", "body")


def _by_category(owners: Iterable[Owner]) -> list[Matter]:
    found: dict[tuple[int, int], list[Owner]] = defaultdict(list)
    for owner in owners:
        found[owner.row.category_id, owner.row.level].append(owner)
    return [
        Matter(category, [(level, found[category.pk, level]) for level in Level]) for category in Category.objects.all()
    ]
