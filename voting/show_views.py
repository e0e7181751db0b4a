"""The desk of a show of hands: enter what was counted, confirm it; and the minutes for those who may read them."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adapters import clock
from people.access import MemberRequest, allowed, member
from people.verdict import Refused

from . import corrections, hands, limits, paper, roll_policies, show
from .models import Ballot, HandCount
from .roll_views import keeps_or_leads
from .show_forms import ConfirmHandsForm, HandsForm

KINDS = {".jpg": "image/jpeg", ".pdf": "application/pdf"}


@allowed(keeps_or_leads)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: MemberRequest, pk: int) -> HttpResponse:
    """POST enters a count, also instead of one that nobody has confirmed."""
    ballot, now = _kept(request, pk), clock.now()
    form = HandsForm(request.POST or None, request.FILES or None, ballot=ballot, count=_count(ballot))
    if request.method != "POST" or not form.is_valid():
        return _desk(request, ballot, form=form)
    try:
        show.enter(ballot, **form.facts(), by=request.user, at=now)
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return _desk(request, ballot, form=form)
    messages.success(request, _("Entered. Now somebody else compares it with the minutes and confirms it."))
    return redirect("voting:hands", pk)


@allowed(keeps_or_leads)
@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    ballot, form = _kept(request, pk), ConfirmHandsForm(request.POST)
    if not form.is_valid():
        return _desk(request, ballot, confirming=form)
    try:
        show.confirm(ballot, seen=form.cleaned_data["seen"], by=request.user, at=clock.now())
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return _desk(request, ballot, confirming=form)
    messages.success(request, _("The count is confirmed. The result follows when the vote ends."))
    return redirect("voting:hands", pk)


@member
@never_cache
@require_safe
def minutes(request: MemberRequest, pk: int) -> HttpResponse:
    """As a download: a PDF from elsewhere is not shown among our own pages."""
    count = get_object_or_404(HandCount.objects.select_related("ballot__area"), ballot=pk)
    if not show.may_read_minutes(request.user, count, clock.now()):
        raise Http404
    suffix = Path(str(count.minutes.name)).suffix
    with count.minutes.open("rb") as kept:
        answer = HttpResponse(kept.read(), content_type=KINDS[suffix])
    answer["Content-Disposition"] = f'attachment; filename="minutes-{pk}{suffix}"'
    return answer


def _kept(request: HttpRequest, pk: int) -> Ballot:
    ballot = get_object_or_404(Ballot.objects.select_related("area"), pk=pk)
    if not ballot.is_show:
        raise Http404
    corrections.require(roll_policies.may_correct(request.user, ballot, clock.now()))
    return ballot


def _count(ballot: Ballot) -> HandCount | None:
    return HandCount.objects.select_related("ballot", "entered_by", "confirmed_by").filter(ballot=ballot).first()


def _desk(request: MemberRequest, ballot: Ballot, **forms: Any) -> HttpResponse:
    now, count = clock.now(), _count(ballot)
    seen = count if count and show.may_see(request.user, count, now) else None
    facts = {
        "ballot": ballot,
        "here": ballot.area,
        "nav": "desk",
        "count": seen,
        "questions": hands.by_question(seen) if seen else [],
        "may_enter": show.may_enter(request.user, ballot, now),
        "may_confirm": show.may_confirm(request.user, ballot, now),
        "until": limits.until(ballot.area, paper.KEYING_IN, ballot.closes_at),
        "form": HandsForm(ballot=ballot, count=count),
        "confirming": ConfirmHandsForm(initial={"seen": hands.seal(count)} if count else None),
    }
    refused = any(form.errors for form in forms.values())
    return render(request, "voting/hands.html", facts | forms, status=422 if refused else 200)
