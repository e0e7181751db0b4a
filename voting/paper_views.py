"""The paper desk of a ballot: print, take in, key in; and what did not count, for everybody after the end."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adapters import clock
from people import policies as people_policies
from people.access import MemberRequest, allowed, public
from people.roles import Right
from people.verdict import Refused

from . import asking, corrections, keying, paper, paper_forms, roll_policies, scans, slip_making, slips_print
from .models import Ballot, RollEntry
from .states import SlipState

PAGE, FOUND, RIGHT = 100, 20, re.compile("[0-9]{1,18}")
keeps_rolls = people_policies.may_work_with(Right.KEEP_ROLL)


@allowed(keeps_rolls)
@never_cache
@require_safe
def desk(request: MemberRequest, pk: int) -> HttpResponse:
    ballot = _kept(request, pk)
    return redirect("voting:hands", pk) if ballot.is_show else _desk(request, ballot)


@allowed(keeps_rolls)
@require_POST
def print_slips(request: MemberRequest, pk: int) -> HttpResponse:
    """For the rights that were ticked or all without a slip; of a secret ballot as many as asked for."""
    ballot, now = _kept(request, pk), clock.now()
    if ballot.is_named:
        made = slip_making.make_out(ballot, _chosen(request, ballot), by=request.user, at=now)
    else:
        form = paper_forms.BlankForm(request.POST)
        if not form.is_valid():
            return _desk(request, ballot, blank=form)
        made = slip_making.make_blank(ballot, form.cleaned_data["count"], by=request.user, at=now)
    said = ngettext("%(n)s slip is ready to be printed.", "%(n)s slips are ready to be printed.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect("voting:paper", pk)


@allowed(keeps_rolls)
@never_cache
@require_safe
def sheets(request: MemberRequest, pk: int) -> HttpResponse:
    """The slips that are out, as a PDF to print: one of them, or all in parts."""
    ballot, now = _kept(request, pk), clock.now()
    out = ballot.slips.filter(state=SlipState.PRINTED).order_by("entry__label", "serial")
    if serial := asking.word(request, "slip"):
        out = out.filter(serial=serial)
    if not (part := list(slips_print.part(out, request.GET.get("part", "1")))):
        raise Http404
    response = HttpResponse(slips_print.pdf(ballot, part, at=now).content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="slips-{ballot.pk}.pdf"'
    return response


@allowed(keeps_rolls)
@require_POST
def hand_in(request: MemberRequest, pk: int) -> HttpResponse:
    ballot, now = _kept(request, pk), clock.now()
    form = paper_forms.HandInForm(request.POST, request.FILES, ballot=ballot, at=now)
    if not form.is_valid():
        return _desk(request, ballot, taken=form)
    slip, facts = form.cleaned_data["slip"], {"visitors": form.visitors(), "scan": form.cleaned_data["scan"]}
    try:
        taken = paper.take_back(slip, by=request.user, at=now, **facts)
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return _desk(request, ballot, taken=form)
    late = _("Slip %(serial)s came after the end. It is on the list of what does not count.")
    said = late if taken.state == SlipState.INVALID else _("Slip %(serial)s has been taken in.")
    messages.success(request, said % {"serial": taken.serial})
    return redirect("voting:paper", pk)


@allowed(keeps_rolls)
@require_POST
def mark(request: MemberRequest, pk: int, entry: int) -> HttpResponse:
    return _on_roll(request, pk, entry, paper.mark, _("%(name)s is marked on the roll. Now take in the slip."))


@allowed(keeps_rolls)
@require_POST
def unmark(request: MemberRequest, pk: int, entry: int) -> HttpResponse:
    return _on_roll(request, pk, entry, paper.unmark, _("%(name)s is no longer marked and can still vote."))


@allowed(keeps_rolls)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def key_in(request: MemberRequest, pk: int, serial: str) -> HttpResponse:
    """One line, Enter, the next slip."""
    ballot, now = _kept(request, pk), clock.now()
    slip = get_object_or_404(ballot.slips.select_related("entry"), serial=serial)
    form = paper_forms.KeyForm(request.POST or None, ballot=ballot)
    verdict = keying.may_read(request.user, slip, ballot, now)
    if request.method == "POST" and verdict and form.is_valid():
        try:
            keying.read(slip, form.said(), by=request.user, at=now)
            return _next(request, ballot)
        except Refused as refused:
            verdict = refused.verdict
    facts = _facts(ballot) | _legend(ballot) | {"slip": slip, "form": form, "verdict": verdict}
    refused_post = request.method == "POST" and not verdict
    return render(request, "voting/paper_slip.html", facts, status=403 if refused_post else 422 if form.errors else 200)


@allowed(keeps_rolls)
@never_cache
@require_safe
def scan(request: MemberRequest, pk: int, serial: str) -> HttpResponse:
    """The paper itself, for those who may read it; nobody else's reading of it."""
    slip = get_object_or_404(_kept(request, pk).slips.exclude(scan=""), serial=serial)
    picture = scans.opened(slip)
    if picture is None:
        raise Refused(keying.BROKEN)
    return HttpResponse(picture, content_type="image/jpeg")


@public
@never_cache
@require_safe
def uncounted(request: HttpRequest, pk: int) -> HttpResponse:
    """Serial, channel and reason; before the end for the clerks only."""
    ballot = _asked(pk)
    if not _has_ended(ballot):
        corrections.require(roll_policies.may_keep(request.user, ballot.area, clock.now()))
    page = Paginator(paper.uncounted(ballot), PAGE).get_page(request.GET.get("page"))
    return render(request, "voting/paper_uncounted.html", _facts(ballot) | {"page": page})


def _asked(pk: int) -> Ballot:
    return get_object_or_404(Ballot.objects.select_related("area"), pk=pk)


def _kept(request: MemberRequest, pk: int) -> Ballot:
    ballot = _asked(pk)
    corrections.require(roll_policies.may_keep(request.user, ballot.area, clock.now()))
    return ballot


def _has_ended(ballot: Ballot) -> bool:
    return ballot.is_counted or ballot.is_stopped


def _facts(ballot: Ballot) -> dict[str, Any]:
    return {"ballot": ballot, "here": ballot.area, "nav": "desk"}


def _legend(ballot: Ballot) -> dict[str, Any]:
    return {
        "choices": paper_forms.choices(ballot),
        "options": paper_forms.options(ballot),
        "faults": paper_forms.faults(ballot),
    }


def _desk(request: MemberRequest, ballot: Ballot, **forms: Any) -> HttpResponse:
    now, who = clock.now(), asking.word(request, "who")
    figures = paper.figures(ballot)
    facts = {
        "figures": figures,
        "parts": slips_print.parts(ballot.slips.filter(state=SlipState.PRINTED).count()),
        "waiting": keying.waiting(ballot, request.user).count() if paper.may_be_keyed_in(ballot, now) else 0,
        "next": keying.waiting(ballot, request.user).first(),
        "without": slip_making.without_slip(ballot).count() if ballot.is_named else 0,
        "missing": max(0, figures.marked - paper.handed_in(ballot).count()),
        "who": who,
        "found": _found(ballot, who) if who else [],
        "slips": paper.uncounted(ballot)[:FOUND],
        "takes_votes": ballot.takes_votes(now),
        "blank": paper_forms.BlankForm(),
        "taken": paper_forms.HandInForm(ballot=ballot, at=now),
    }
    return render(request, "voting/paper.html", _facts(ballot) | facts | forms, status=422 if forms else 200)


def _found(ballot: Ballot, who: str) -> list[RollEntry]:
    named = Q(label__icontains=who) | Q(voter__name__icontains=who) | Q(owner__name__icontains=who)
    return list(ballot.entries.filter(named).select_related("voter", "owner").order_by("label", "pk")[:FOUND])


def _chosen(request: MemberRequest, ballot: Ballot) -> list[RollEntry]:
    if "all" in request.POST:
        return list(slip_making.without_slip(ballot)[: paper_forms.MOST_AT_ONCE])
    ticked = [int(right) for right in request.POST.getlist("right") if RIGHT.fullmatch(right)]
    return list(ballot.entries.filter(pk__in=ticked, voted=False))


def _on_roll(request: MemberRequest, pk: int, entry: int, act: Callable[..., None], said: str) -> HttpResponse:
    ballot = _kept(request, pk)
    if ballot.is_named:
        raise Http404
    right = get_object_or_404(ballot.entries.select_related("voter"), pk=entry)
    try:
        act(right, by=request.user, at=clock.now())
        messages.success(request, said % {"name": right.voter or right})
    except Refused as refused:
        messages.error(request, str(refused.verdict.reason))
    return redirect("voting:paper", pk)


def _next(request: MemberRequest, ballot: Ballot) -> HttpResponse:
    """Nothing is said about whether this reading agrees with another one."""
    if following := keying.waiting(ballot, request.user).first():
        return redirect("voting:key_in", ballot.pk, following.serial)
    messages.success(request, _("No slip waits for you at the moment."))
    return redirect("voting:paper", ballot.pk)
