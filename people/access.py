"""Access marks: every view says who may open it, and a refusal becomes a page that tells the reason."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from adapters import clock

from .verdict import Refused, Verdict

if TYPE_CHECKING:
    from .models import User


class MemberRequest(HttpRequest):
    """The request of somebody who is signed in: what views behind @member and @allowed get."""

    user: "User"


P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
MemberView = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
Policy = Callable[[Any, dt.datetime], Verdict]


def public(view: View[P]) -> View[P]:
    """Everybody may open it."""
    return _marked(view, "public")


def member(view: MemberView[P]) -> View[P]:
    """Whoever is signed in may open it; others are led to the log-in page and back."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_login(request)
        return view(cast(MemberRequest, request), *args, **kwargs)

    return _marked(guarded, "member")


def allowed(policy: Policy) -> Callable[[MemberView[P]], View[P]]:
    """Only those whom the policy lets in: others read its reason."""

    def mark(view: MemberView[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            if not (verdict := policy(request.user, clock.now())):
                raise Refused(verdict)
            return view(cast(MemberRequest, request), *args, **kwargs)

        return _marked(guarded, "allowed")

    return mark


class AccessMiddleware:
    """Gives each visitor the strength of their session, and answers Refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(functools.partial(_visitor, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refuse(request, exception.verdict) if isinstance(exception, Refused) else None


def to_login(request: HttpRequest) -> HttpResponse:
    return _lead(request, settings.LOGIN_URL)


def refuse(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    """A remedy is a page on which the person can help themselves: lead there at once, else show the reason."""
    if verdict.remedy:
        messages.info(request, str(verdict.reason))
        return _lead(request, verdict.remedy)
    template = "people/_refused.html" if _wants_fragment(request) else "403.html"
    return render(request, template, {"reason": verdict.reason}, status=403)


def here(request: HttpRequest) -> str:
    """The page on which the visitor stands: where to come back to."""
    if request.method in ("GET", "HEAD") and not _wants_fragment(request):
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def proved_second_factor(request: HttpRequest, user: Any) -> bool:
    """Whether a code from this person's authenticator was entered in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def _wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _lead(request: HttpRequest, page: str) -> HttpResponse:
    """To another page first, and from there back to here."""
    address = f"{resolve_url(page)}?{urlencode({'next': here(request)})}"
    return HttpResponseClientRedirect(address) if _wants_fragment(request) else redirect(address)


def _visitor(request: HttpRequest, user: Any) -> Any:
    if user.is_authenticated:
        user.second_factor = proved_second_factor(request, user)
        user.memo = {}
    return user._wrapped if isinstance(user, SimpleLazyObject) else user


def _marked(view: View[P], mark: str) -> View[P]:
    view.access = mark  # type: ignore[attr-defined]
    return view
