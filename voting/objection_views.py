"""Objections to a result: for everybody to read, for those on the roll to make, for another body to rule on."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from adapters import clock
from people import policies as people_policies
from people.access import MemberRequest, allowed, member, public
from people.models import User
from people.roles import Right
from people.verdict import Refused

from . import corrections, limits, objection_policies, objections
from .models import Ballot, Objection
from .objection_forms import ObjectionForm, RulingForm

PAGE = 20


@public
@require_safe
def objections_to(request: HttpRequest, pk: int) -> HttpResponse:
    now, ballot = clock.now(), _ballot(pk)
    facts = {
        "page": Paginator(objections.listed().filter(ballot=ballot), PAGE).get_page(request.GET.get("page")),
        "is_open": objection_policies.is_open(ballot, now),
        "may_object": objection_policies.may_object(request.user, ballot, now),
        "now": now,
    }
    return render(request, "voting/objections.html", facts | _place(ballot))


@member
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: MemberRequest, pk: int) -> HttpResponse:
    now, ballot = clock.now(), _ballot(pk)
    form = ObjectionForm(request.POST or None)
    if request.method != "POST":
        corrections.require(objection_policies.may_object(request.user, ballot, now))
    elif form.is_valid() and _made(ballot, form, by=request.user, at=now):
        messages.success(request, _("Your objection is on record. The ruling comes to your inbox."))
        return redirect("voting:objections", pk)
    facts = {"due": limits.until(ballot.area, limits.RULING, now)} | _place(ballot)
    return _shown(request, "voting/objection_make.html", form, facts)


@allowed(people_policies.may_work_with(Right.STEER))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: MemberRequest, pk: int) -> HttpResponse:
    now = clock.now()
    asked = get_object_or_404(objections.listed().select_related("ballot__area"), pk=pk)
    form = RulingForm(request.POST or None)
    if request.method != "POST":
        corrections.require(objection_policies.may_rule(request.user, asked, now))
    elif form.is_valid() and _ruled(asked, form, by=request.user, at=now):
        messages.success(request, _("The ruling is on record; whoever objected is told."))
        return redirect("voting:objections", asked.ballot_id)
    facts = {"objection": asked, "now": now} | _place(asked.ballot)
    return _shown(request, "voting/objection_ruling.html", form, facts)


def _made(ballot: Ballot, form: ObjectionForm, *, by: User, at: dt.datetime) -> bool:
    """What is refused is said in the form, which keeps what was written."""
    try:
        objections.make(ballot, **form.cleaned_data, by=by, at=at)
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return False
    return True


def _ruled(asked: Objection, form: RulingForm, *, by: User, at: dt.datetime) -> bool:
    """What is refused is said in the form, which keeps what was written."""
    reason = form.cleaned_data["reason"]
    try:
        if form.refuses:
            objections.refuse(asked, reason=reason, by=by, at=at)
        else:
            objections.accept(asked, form.remedy(), reason=reason, by=by, at=at)
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return False
    return True


def _shown(
    request: HttpRequest, template: str, form: ObjectionForm | RulingForm, facts: dict[str, Any]
) -> HttpResponse:
    status = 403 if form.non_field_errors() else 422 if form.errors else 200
    return render(request, template, {"form": form} | facts, status=status)


def _ballot(pk: int) -> Ballot:
    return get_object_or_404(Ballot.objects.select_related("area"), pk=pk)


def _place(ballot: Ballot) -> dict[str, Any]:
    return {"ballot": ballot, "here": ballot.area, "nav": "vote"}
