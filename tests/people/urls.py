"""A small house for the tests of people: its own pages, and an empty room for every address that base.html links."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import display
from people import policies
from people.access import allowed, member, public
from people.verdict import Refused, no


@public
def hall(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hall")


@member
def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"own {request.user.pk}")


@allowed(policies.may_work)
def office(request: HttpRequest) -> HttpResponse:
    return HttpResponse("office")


@allowed(lambda user, at: no(f"closed at {at:%Y}"))
def closed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never")


@public
def act(request: HttpRequest) -> HttpResponse:
    raise Refused(no("The domain said no."))


def rooms(**names: str) -> list[Any]:
    return [path(address, hall, name=name) for name, address in names.items()]


urlpatterns = [
    path("", hall),
    path("own/", own),
    path("office/", office),
    path("closed/", closed),
    path("act/", act),
    path("", include("people.urls")),
    path("", include((display.urlpatterns, "display"))),
    path("", include((rooms(list="cases/", new="new/", mine="mine/", desk="desk/"), "proposals"))),
    path("", include((rooms(list="ballots/"), "voting"))),
    path("", include((rooms(inbox="inbox/", unread="inbox/unread/", preferences="me/notices/"), "notifications"))),
]
