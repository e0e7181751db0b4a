"""The grid worker's desk: who waits for a check, and who stands here to be registered."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from adapters import clock
from areas.models import Area

from .. import entry, policies, residing, standing
from ..access import MemberRequest, allowed
from ..forms import CodeForm, RefusalForm, RegisterForm
from ..models import Residence, ResidenceQuerySet
from ..roles import Right
from .entry import checked

PER_PAGE = 30
checks_homes = policies.may_work_with(Right.CHECK_RESIDENCE)


@allowed(checks_homes)
def claims(request: MemberRequest) -> HttpResponse:
    """Everyone of the own area whose address waits, the longest wait first."""
    return _list(request, clock.now())


@allowed(checks_homes)
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    now = clock.now()
    residence = get_object_or_404(_mine(request, now), pk=pk)
    if request.method == "POST":
        residing.confirm(residence, by=request.user, at=now)
        messages.success(request, _("%(name)s is a verified resident now.") % {"name": residence.user.name})
    return redirect("people:desk")


@allowed(checks_homes)
def refuse(request: MemberRequest, pk: int) -> HttpResponse:
    now = clock.now()
    residence = get_object_or_404(_mine(request, now), pk=pk)
    form = RefusalForm(request.POST)
    if request.method != "POST":
        return redirect("people:desk")
    if not form.is_valid():
        return _list(request, now, refusing=residence.pk, form=form)
    residing.refuse(residence, by=request.user, at=now, reason=form.cleaned_data["reason"])
    messages.success(request, _("%(name)s can read why, and can claim again.") % {"name": residence.user.name})
    return redirect("people:desk")


@allowed(checks_homes)
def register(request: MemberRequest) -> HttpResponse:
    """On one page: the data, and below it the code that the person reads out from their phone."""
    now = clock.now()
    form = RegisterForm(_areas(request, now), request.POST or None)
    code_form = CodeForm(request.POST) if "code" in request.POST and "again" not in request.POST else None
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        if not phone or (code_form and _read_out(request, phone, code_form, now)):
            return _registered(request, form, now)
        code_form = code_form or _send_to(request, form, now)
    context = {"form": form, "code_form": code_form, "nav": "desk"}
    return render(request, "people/register.html", context, status=422 if form.errors else 200)


def _list(request: MemberRequest, now: dt.datetime, **extra: object) -> HttpResponse:
    waiting = _mine(request, now).select_related("user", "courtyard").order_by("claimed_at", "pk")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": RefusalForm(), "nav": "desk"} | extra
    return render(request, "people/desk.html", context, status=422 if extra else 200)


def _areas(request: MemberRequest, now: dt.datetime) -> list[Area]:
    return [body.area for body in standing.of(request.user, now).bodies(Right.CHECK_RESIDENCE)]


def _mine(request: MemberRequest, now: dt.datetime) -> ResidenceQuerySet:
    """Waiting claims of the own area; all others are not found."""
    return Residence.objects.waiting().within(_areas(request, now))


def _send_to(request: MemberRequest, form: RegisterForm, now: dt.datetime) -> CodeForm | None:
    try:
        entry.send_code(request, form.cleaned_data["phone"], next_url="/", at=now)
    except entry.TooOften:
        form.add_error("phone", _("Too many codes were sent to this phone. Register without it, or wait an hour."))
        return None
    return CodeForm()


def _read_out(request: MemberRequest, phone: str, form: CodeForm, now: dt.datetime) -> bool:
    """Whether the code that was typed is the one on the person's phone."""
    waiting = entry.pending(request)
    if waiting is None or waiting.phone != phone or not waiting.is_good(now):
        form.add_error(None, _("This code is no longer good. Please have a new one sent."))
        return False
    return form.is_valid() and checked(request, waiting, form)


def _registered(request: MemberRequest, form: RegisterForm, now: dt.datetime) -> HttpResponse:
    facts = {key: form.cleaned_data[key] for key in ("name", "phone", "courtyard", "building", "door")}
    user = residing.register(**facts, by=request.user, at=now)
    entry.forget(request)
    messages.success(request, _("%(name)s is registered as a verified resident.") % {"name": user.name})
    return redirect("people:desk")
