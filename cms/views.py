"""Doors of the public face that are not pages of the tree: any area by its code, and the search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from adapters import clock
from areas.models import Area, Level
from people.access import MemberRequest, member, public
from proposals import listing
from voting import roll_policies

from . import figures, finding
from .models import AreaPage


@public
def area(request: HttpRequest, code: str) -> HttpResponse:
    """Every level has this page; streets and communities add what their editors wrote."""
    place = get_object_or_404(Area, code=code)
    page = AreaPage.objects.live().filter(area=place).first()
    now = clock.now()
    keeps = place.level == Level.COURTYARD and bool(roll_policies.may_keep(request.user, place, now))
    return render(request, "cms/area.html", {**figures.area(place, now), "page": page, "keeps_register": keeps})


@public
def search(request: HttpRequest) -> HttpResponse:
    query = listing.typed(request.GET, "q")
    found = finding.find(query, request.GET.get("kind", ""), request.GET.get("page", "1"), clock.now())
    return render(request, "cms/search.html", {"query": query, **found})


@member
def account(request: MemberRequest) -> HttpResponse:
    """Wagtail's page for one's own account knows other columns than ours: name and e-mail are changed on my page."""
    return redirect("people:me")
