"""The ballot in four steps: choose, check, cast, keep the receipt; and the result when it has been counted."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adapters import clock
from ledger import chains
from people.access import member, public
from people.verdict import Refused

from . import casting, policies
from .forms import ChoiceForm, ConfirmForm
from .models import WAITING, Ballot, RollEntry
from .states import Choice

PAGE = 20


@public
@require_safe
def ballots(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    shown = Ballot.objects.select_related("area").with_turnout()
    mine = list(shown.open_for(request.user, now))
    page = Paginator(shown.ended(), PAGE).get_page(request.GET.get("page"))
    facts = {
        "mine": mine,
        "open": shown.open(now).exclude(pk__in=[ballot.pk for ballot in mine]).order_by("closes_at", "pk"),
        "announced": shown.announced(now).order_by("opens_at", "pk"),
        "page": page,
        "now": now,
        "nav": "vote",
    }
    return render(request, "voting/list.html", facts)


@public
@never_cache
@sensitive_post_parameters("choice")
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comes back from the check page and brings the choice along; it is kept nowhere."""
    asked = _asked(pk)
    if asked.phase(clock.now()) not in WAITING:
        return redirect("voting:result", pk)
    return _choose(request, asked, ChoiceForm(request.POST or None))


@member
@never_cache
@sensitive_post_parameters("choice")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("voting:ballot", pk)
    asked, form = _asked(pk), ChoiceForm(request.POST)
    _require_vote(request, asked)
    if not form.is_valid():
        return _choose(request, asked, form)
    return _check(request, asked, ConfirmForm(initial=form.cleaned_data))


@member
@never_cache
@sensitive_post_parameters("choice")
@require_POST
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent twice, the first counts, and both lead to the receipt."""
    asked, form = _asked(pk), ConfirmForm(request.POST)
    if "choice" in form.errors:
        return _choose(request, asked, ChoiceForm(request.POST))
    if not form.is_valid():
        return _check(request, asked, form)
    try:
        choice = form.cleaned_data["choice"]
        code = casting.cast(asked, by=request.user, choice=choice, at=clock.now())  # type: ignore[arg-type]
        request.session[_key(pk)] = code
    except Refused as refused:
        if refused.verdict != policies.VOTED:
            raise
        messages.info(request, str(refused.verdict.reason))
    return redirect("voting:receipt", pk)


@member
@never_cache
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The code is shown once: the session hands it over and keeps nothing."""
    asked = _asked(pk)
    entry = get_object_or_404(RollEntry, ballot=asked, voter=request.user, voted=True)
    facts = {"code": request.session.pop(_key(pk), ""), "entry": entry}
    return render(request, "voting/receipt.html", _facts(asked, clock.now()) | facts)


@public
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "voting/result.html", _facts(_asked(pk), clock.now()))


def _asked(pk: int) -> Ballot:
    return get_object_or_404(Ballot.objects.select_related("area"), pk=pk)


def _require_vote(request: HttpRequest, asked: Ballot) -> None:
    if not (verdict := policies.may_vote(request.user, asked, clock.now())):
        raise Refused(verdict)


def _choose(request: HttpRequest, asked: Ballot, form: ChoiceForm) -> HttpResponse:
    now = clock.now()
    facts = {"form": form, "verdict": policies.may_vote(request.user, asked, now), "entry": _entry(request, asked)}
    return render(request, "voting/ballot.html", _facts(asked, now) | facts | {"focus": True})


def _check(request: HttpRequest, asked: Ballot, form: ConfirmForm) -> HttpResponse:
    choice = Choice(form["choice"].value())
    facts = {"form": form, "choice": choice, "entry": _entry(request, asked)}
    return render(request, "voting/confirm.html", _facts(asked, clock.now()) | facts | {"focus": True})


def _entry(request: HttpRequest, asked: Ballot) -> RollEntry | None:
    return RollEntry.objects.filter(ballot=asked, voter=request.user.pk).first()


def _facts(asked: Ballot, now: dt.datetime) -> dict[str, Any]:
    case = chains.links([asked.chain]).get(asked.chain)
    return {"ballot": asked, "case": case, "left": asked.closes_at - now, "here": asked.area, "nav": "vote"}


def _key(pk: int) -> str:
    return f"receipt:{pk}"
