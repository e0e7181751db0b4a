"""Every address and every socket says who may come in, and those that say so keep visitors out."""

import importlib
import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from people.access import AccessMiddleware
from people.views import entry

MARKS = {"public", "member", "allowed"}

# Views that are not ours. Each stands here by its name, with the reason why it needs no mark of ours.
THIRD_PARTY = {
    "account_inactive": "says one sentence, the same to everybody",
    "account_reset_password": "asks for an e-mail address and says the same whether it is known or not",
    "account_reset_password_done": "says one sentence, the same to everybody",
    "account_reset_password_from_key": "opens with the key from the mail only",
    "account_reset_password_from_key_done": "says one sentence, the same to everybody",
    "mfa_authenticate": "opens in the middle of a log-in only: allauth's login_stage_required",
    "mfa_reauthenticate": "allauth's login_required",
    "wagtailcore_authenticate_with_password": "asks for the password of a restricted page",
    "wagtailcore_login": "stands behind people's own door and is never reached",
    "wagtail_serve": "public pages; Wagtail's view restrictions hide the others",
    "wagtailimages_serve": "signed addresses of public pictures",
    "wagtaildocs_serve": "documents of public pages; Wagtail's view restrictions hide the others",
    "wagtaildocs_authenticate_with_password": "asks for the password of a restricted document",
}
# Wagtail's admin decorates all its views with require_admin_access; User.has_perm wants the second factor for it.
ADMIN = "cms/"


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry_ in (resolver or get_resolver()).url_patterns:
        address = before + str(entry_.pattern)
        if isinstance(entry_, URLResolver):
            yield from addresses(entry_, address)
        else:
            yield address, entry_


def ours() -> list[tuple[str, URLPattern]]:
    return [
        (address, pattern)
        for address, pattern in addresses()
        if pattern.name not in THIRD_PARTY and not (address.startswith(ADMIN) and of_wagtail(pattern))
    ]


def of_wagtail(pattern: URLPattern) -> bool:
    """Also what we build on Wagtail's own views, which ask the permission policy of their model."""
    if issubclass(getattr(pattern.callback, "view_class", object), PermissionCheckedMixin):
        return True
    return str(pattern.callback.__module__).startswith("wagtail.") or pattern.callback.__module__.startswith("django.")


def mark(pattern: URLPattern) -> Any:
    return getattr(pattern.callback, "access", None)


def sockets() -> Iterator[tuple[str, Any]]:
    for app in ("deliberation", "notifications", "voting", "proposals", "insights"):
        if importlib.util.find_spec(app) and importlib.util.find_spec(f"{app}.routing"):
            for pattern in importlib.import_module(f"{app}.routing").websocket_urlpatterns:
                yield str(pattern.pattern), pattern.callback.consumer_class


def asked(pattern: URLPattern, method: str) -> HttpResponse:
    """What a visitor gets, asked past the middleware: only the mark itself stands in the way."""
    request = RequestFactory().generic(method, "/somewhere/")
    request.user = AnonymousUser()
    response = pattern.callback(request, **dict.fromkeys(pattern.pattern.converters, "1"))
    assert isinstance(response, HttpResponse)
    return response


def test_every_address_is_marked():
    assert {address: mark(pattern) for address, pattern in ours() if mark(pattern) not in MARKS} == {}


def test_the_marks_keep_visitors_out():
    open_doors = {
        (address, method): response.status_code
        for address, pattern in ours()
        if mark(pattern) in ("member", "allowed")
        for method in ("GET", "POST")
        if (response := asked(pattern, method)).status_code != 405
        and not response.headers.get("Location", "").startswith("/login/?next=")
    }
    assert open_doors == {}


def test_every_socket_is_marked():
    found = dict(sockets())
    assert found
    assert {
        address: consumer for address, consumer in found.items() if getattr(consumer, "access", None) not in MARKS
    } == {}


def test_the_list_of_strangers_holds_no_one_who_left():
    names = {pattern.name for _, pattern in addresses()}
    optional = {"wagtailimages_serve", "wagtaildocs_serve", "wagtaildocs_authenticate_with_password"}
    assert THIRD_PARTY.keys() - names <= optional


@pytest.mark.parametrize("address", ["/cms/login/", "/_util/login/"])
def test_wagtails_own_log_in_stands_behind_ours(address):
    assert resolve(address).func is entry.other_door


@pytest.mark.parametrize("address", ["/signup/", "/accounts/login/", "/me/second/off/", "/login/email/"])
def test_what_we_do_not_offer_is_not_there(address):
    assert resolve(address).func.__module__ == "wagtail.views"


def test_the_access_middleware_is_in_its_place(settings):
    order = list(settings.MIDDLEWARE)
    ours_ = f"{AccessMiddleware.__module__}.{AccessMiddleware.__name__}"
    assert order.index("django.contrib.auth.middleware.AuthenticationMiddleware") < order.index(ours_)
