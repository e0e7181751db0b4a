"""What a person reads when a page cannot be shown: what happened, what is kept, what to do, whom to call."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without the mark of our own page: it was open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(_standing_alone(request, "400.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(_standing_alone(request, "500.html"))


def _standing_alone(request: HttpRequest, name: str) -> str:
    """No database, no session, no context processor: these pages must come even when the house is ill."""
    return get_template(name).render({"hotline": settings.HOTLINE, "display": getattr(request, "display", None)})
