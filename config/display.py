"""How a person sees the site: language, large type for elders, light or dark. Kept in cookies and on the account."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from adapters import clock
from people.access import here, public
from people.models import User

OPTIONS: dict[str, tuple[str, ...]] = {
    "language": tuple(code for code, _ in settings.LANGUAGES),
    "mode": ("plain", "elder"),
    "theme": ("device", "light", "dark"),
}
COOKIES = {
    "language": settings.LANGUAGE_COOKIE_NAME,
    "mode": f"yuanyi_{settings.PORT}_mode",
    "theme": f"yuanyi_{settings.PORT}_theme",
}
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Display:
    """One person's choices; the first option of each is what holds when nothing was chosen."""

    language: str
    mode: str
    theme: str

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The account's choice, else this browser's. The browser's languages do not count: Chinese is the default."""
        return cls(**{name: _chosen(request, name) for name in OPTIONS})

    @property
    def is_elder(self) -> bool:
        return self.mode == "elder"

    @property
    def html_lang(self) -> str:
        return "zh-Hans-CN" if self.language == "zh-hans" else self.language


class LanguageMiddleware:
    """Answers in the language that the person chose, and hands the other choices on as `request.display`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.display = Display.of(request)  # type: ignore[attr-defined]
        with translation.override(request.display.language):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.display.language)  # type: ignore[attr-defined]
        patch_vary_headers(response, ("Cookie",))
        return response


def context(request: HttpRequest) -> dict[str, Any]:
    """What base.html needs on every page, whatever the view passes."""
    return {
        "display": getattr(request, "display", None) or Display.of(request),
        "return_to": here(request),
        "holds_office": SimpleLazyObject(partial(_holds_office, request)),
        "hotline": settings.HOTLINE,
        "demo": settings.DEMO,
        "languages": settings.LANGUAGES,
    }


@public
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and return to the page from which it was chosen."""
    chosen = {name: value for name in OPTIONS if (value := request.POST.get(name)) in OPTIONS[name]}
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(**chosen)
    response = redirect(_way_back(request))
    for name, value in chosen.items():
        response.set_cookie(COOKIES[name], value, max_age=A_YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def _chosen(request: HttpRequest, name: str) -> str:
    user = getattr(request, "user", None)
    for value in (getattr(user, name, ""), request.COOKIES.get(COOKIES[name])):
        if value in OPTIONS[name]:
            return str(value)
    return OPTIONS[name][0]


def _way_back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "/"


def _holds_office(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and user.appointments.current(clock.now()).exists())


urlpatterns = [path("display/", switch, name="switch")]
