"""The register of owners: masked for everybody, in full and with its tools for those who keep it."""

import datetime as dt
import hashlib
import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from adapters import clock
from areas.models import Area, Level
from people import policies as people_policies
from people.access import MemberRequest, allowed, public
from people.roles import Right
from people.verdict import Refused

from . import asking, register, register_files, roll_policies
from .models import Unit
from .register_changes import changes, units_of
from .roll_forms import UploadForm

PAGE = 50
FILES = {
    "csv": ("text/csv; charset=utf-8", register_files.csv_of),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", register_files.xlsx_of),
}
keeps_rolls = people_policies.may_work_with(Right.KEEP_ROLL)


@public
@never_cache
@require_safe
def register_of(request: HttpRequest, code: str) -> HttpResponse:
    area = _area(code)
    keeper = bool(roll_policies.may_keep(request.user, area, clock.now()))
    parts, part = _parts(area), asking.word(request, "part")
    page = Paginator(_units(area, part, keeper=keeper), PAGE).get_page(request.GET.get("page"))
    facts = {"parts": parts, "part": part, "page": page, "keeper": keeper, "sums": _sums(area)}
    return render(request, "voting/register.html", facts | _place(area))


@allowed(keeps_rolls)
@never_cache
def register_import(request: MemberRequest, code: str) -> HttpResponse:
    """What is wrong with a file is listed here; what is sound waits in the session until it is looked through."""
    area = _kept(request, code, clock.now())
    form = UploadForm(request.POST or None, request.FILES or None)
    reading = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read(register_files.MAX_BYTES + 1)
        try:
            reading = register.read(area, data)
        except register_files.Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        if reading and reading.register:
            staged = {"sha256": hashlib.sha256(data).hexdigest(), "reading": register.packed(reading)}
            request.session[_key(area)] = staged
            return redirect("voting:register_preview", code)
    facts = {"form": form, "reading": reading, "columns": register_files.HEADER}
    status = 422 if request.method == "POST" else 200
    return render(request, "voting/register_import.html", facts | _place(area), status=status)


@allowed(keeps_rolls)
@never_cache
@require_safe
def register_preview(request: MemberRequest, code: str) -> HttpResponse:
    area = _kept(request, code, clock.now())
    if not (staged := request.session.get(_key(area))):
        return redirect("voting:register_import", code)
    asked, warnings = register.unpacked(staged["reading"])
    facts = {
        "asked": asked,
        "warnings": warnings,
        "seen": register.fingerprint(area),
        "changes": changes(area, asked),
        "sha256": staged["sha256"],
        "sums": _sums(area),
    }
    return render(request, "voting/register_preview.html", facts | _place(area))


@allowed(keeps_rolls)
@require_POST
def register_apply(request: MemberRequest, code: str) -> HttpResponse:
    """Exactly what was previewed: this file, against the register as it was then."""
    now = clock.now()
    area = _kept(request, code, now)
    staged = request.session.get(_key(area))
    if not staged or staged["sha256"] != request.POST.get("sha256"):
        messages.info(request, _("Another file has been looked at since. Please look at its changes first."))
        return redirect("voting:register_preview", code)
    asked, _warnings = register.unpacked(staged["reading"])
    try:
        seen = request.POST.get("seen", "")
        register.take_over(area, asked, seen=seen, by=request.user, at=now, file=staged["sha256"])
    except Refused as refused:
        messages.info(request, str(refused.verdict.reason))
        return redirect("voting:register_preview", code)
    del request.session[_key(area)]
    messages.success(request, _("The register has been imported: %(n)d units.") % {"n": len(asked.holdings)})
    return redirect("voting:register", code)


@allowed(keeps_rolls)
@require_POST
def register_export(request: MemberRequest, code: str) -> HttpResponse:
    now = clock.now()
    area = _kept(request, code, now)
    form = request.POST.get("format")
    kind = form if form in FILES else "csv"
    content_type, written = FILES[kind]
    body = written(register.export(area, by=request.user, at=now))
    name = f'attachment; filename="register-{area.code}.{kind}"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=content_type, headers=headers)


def _area(code: str) -> Area:
    found: Area = get_object_or_404(Area, code=code, level=Level.COURTYARD)
    return found


def _kept(request: MemberRequest, code: str, now: dt.datetime) -> Area:
    area = _area(code)
    if not (verdict := roll_policies.may_keep(request.user, area, now)):
        raise Refused(verdict)
    return area


def _units(area: Area, part: str, *, keeper: bool) -> QuerySet[Unit]:
    """part: a building, or building and entrance, as a ballot names it."""
    units = units_of(area) if keeper else Unit.objects.filter(area=area).select_related("voter")
    if not part:
        return units
    building, _space, entrance = part.partition(" ")
    return units.filter(building=building, **({"entrance": entrance} if entrance else {}))


def _parts(area: Area) -> list[dict[str, Any]]:
    """Each entrance with its units, heads and floor area; 2 comes before 10."""
    units = Unit.objects.filter(area=area).order_by().values("building", "entrance")
    found = units.annotate(units=Count("pk"), heads=Count("voter", distinct=True), floor_area=Sum("floor_area"))
    named = [part | {"name": f"{part['building']} {part['entrance']}".strip()} for part in found]
    return sorted(named, key=lambda part: [_in_order(part["building"]), _in_order(part["entrance"])])


def _sums(area: Area) -> dict[str, int]:
    units = Unit.objects.filter(area=area).order_by()
    return units.aggregate(units=Count("pk"), heads=Count("voter", distinct=True), floor_area=Sum("floor_area"))


def _in_order(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def _key(area: Area) -> str:
    return f"register:{area.code}"


def _place(area: Area) -> dict[str, Any]:
    return {"area": area, "here": area, "nav": "vote"}
