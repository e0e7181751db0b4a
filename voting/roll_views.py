"""The published roll of a ballot, claims to be on it, and the desk at which both are kept right."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from adapters import clock
from people import policies as people_policies
from people import standing
from people.access import MemberRequest, allowed, member, public
from people.models import User
from people.roles import Right
from people.verdict import YES, Refused, Verdict

from . import claiming, corrections, limits, roll_policies
from .models import WAITING, Ballot, Owner, RollClaim, RollCorrection, RollEntry
from .models.ballot import BallotQuerySet
from .roll_forms import AddForm, ClaimForm, CorrectionForm, ReasonForm, UnitForm
from .states import RollKind, Ruling

PAGE, MORE = 100, 20


def keeps_or_leads(user: Any, at: dt.datetime) -> Verdict:
    """A policy: an office that may ask for corrections somewhere."""
    keeps: Verdict = people_policies.may_work_with(Right.KEEP_ROLL)(user, at)
    leads: Verdict = people_policies.may_work_with(Right.STEER)(user, at)
    return keeps if keeps or keeps.remedy else leads


@public
@never_cache
@require_safe
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody can check it; it never tells who has voted."""
    now, ballot = clock.now(), _ballot(pk)
    rights = ballot.entries.order_by("label", "token").defer("voted", "channel")
    made = ballot.corrections.filter(ruling=Ruling.ACCEPTED).select_related("entry").order_by("made_at", "pk")
    facts = {
        "page": Paginator(rights, PAGE).get_page(request.GET.get("page")),
        "more": Paginator(made, MORE).get_page(request.GET.get("more")),
        "check_until": limits.until(ballot.area, limits.ROLL_CHECK, ballot.called_at),
        "open": bool(roll_policies.is_open_to_corrections(ballot, now)),
        "may_correct": bool(roll_policies.may_correct(request.user, ballot, now)),
        "now": now,
    }
    return render(request, "voting/roll.html", facts | _place(ballot))


@member
@never_cache
def claim(request: MemberRequest, pk: int) -> HttpResponse:
    now, ballot = clock.now(), _ballot(pk)
    made = RollClaim.objects.filter(ballot=ballot, by=request.user).order_by("-made_at", "-pk").first()
    verdict = roll_policies.may_claim(request.user, ballot, now)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _claimed(ballot, form, by=request.user, at=now):
        messages.success(request, _("Your claim has arrived. The answer comes to your inbox."))
        return redirect("voting:claim", pk)
    facts = {"form": form, "made": made, "verdict": YES if form.errors else verdict} | _place(ballot)
    status = 403 if form.non_field_errors() else 422 if form.errors else 200
    return render(request, "voting/claim.html", facts, status=status)


@allowed(keeps_or_leads)
@never_cache
@require_safe
def roll_desk(request: MemberRequest) -> HttpResponse:
    """What waits: claims by the day on which they are due, and corrections for a second officer."""
    now = clock.now()
    kept = _within(request.user, now, Right.KEEP_ROLL)
    claims = RollClaim.objects.filter(ballot__in=kept, ruling=Ruling.OPEN)
    led = _within(request.user, now, Right.KEEP_ROLL, Right.STEER)
    waiting = RollCorrection.objects.filter(ballot__in=led, ruling=Ruling.OPEN).order_by("asked_at", "pk")
    waiting = waiting.select_related("ballot__area", "entry", "owner", "asked_by")
    facts = {
        "votes": kept.filter(state__in=WAITING).select_related("area").with_turnout().order_by("closes_at", "pk"),
        "page": Paginator(claims.select_related("ballot__area", "by"), PAGE).get_page(request.GET.get("page")),
        "more": Paginator(waiting, MORE).get_page(request.GET.get("more")),
        "now": now,
        "nav": "desk",
    }
    return render(request, "voting/roll_desk.html", facts)


@allowed(people_policies.may_work_with(Right.KEEP_ROLL))
@never_cache
def ruling(request: MemberRequest, pk: int) -> HttpResponse:
    """The unit that the claimant means is looked up first; who accepts has seen whose it is."""
    now, asked = clock.now(), get_object_or_404(RollClaim.objects.select_related("ballot__area", "by"), pk=pk)
    if not (verdict := roll_policies.may_rule(request.user, asked, now)):
        raise Refused(verdict)
    form = ReasonForm(request.POST if request.POST.get("ruling") == "refuse" else None)
    if request.method == "POST" and _ruled(request, asked, form, now):
        return redirect("voting:roll_desk")
    lookup = UnitForm(asked.ballot, {"home": request.GET.get("home", asked.home)})
    found = lookup.cleaned_data["home"] if lookup.is_valid() else None
    facts = {"claim": asked, "form": form, "lookup": lookup, "unit": found, "now": now} | _place(asked.ballot)
    facts |= {"owners": asked.ballot.roll_kind == RollKind.OWNERS, "nav": "desk"}
    return render(request, "voting/claim_ruling.html", facts, status=422 if form.errors else 200)


@allowed(keeps_or_leads)
@never_cache
def correct(request: MemberRequest, pk: int, token: str = "") -> HttpResponse:
    """Without a token: a unit that was left out."""
    now, ballot = clock.now(), _ballot(pk)
    entry = get_object_or_404(RollEntry, ballot=ballot, token=token) if token else None
    corrections.require(roll_policies.may_correct(request.user, ballot, now))
    if request.method != "POST":
        corrections.require(roll_policies.is_open_to_corrections(ballot, now))
    data = request.POST or None
    form = CorrectionForm(ballot, entry, data) if entry else AddForm(ballot, data)
    if request.method == "POST" and form.is_valid() and _asked(ballot, form, by=request.user, at=now):
        messages.success(request, _("A second officer must now check it and make it."))
        return redirect("voting:roll", pk)
    facts = {"form": form, "entry": entry} | _place(ballot)
    return render(request, "voting/correction.html", facts, status=422 if form.errors else 200)


@allowed(keeps_or_leads)
@require_POST
def correction(request: MemberRequest, pk: int) -> HttpResponse:
    """The second officer makes it or turns it down."""
    asked = get_object_or_404(RollCorrection, pk=pk)
    if request.POST.get("ruling") == "make":
        corrections.make(asked, by=request.user, at=clock.now())
        messages.success(request, _("The roll has been corrected."))
    else:
        corrections.turn_down(asked, by=request.user, at=clock.now())
        messages.success(request, _("The roll stays as it is."))
    return redirect("voting:roll_desk")


def _ruled(request: MemberRequest, asked: RollClaim, form: ReasonForm, now: dt.datetime) -> bool:
    """Whether an answer was given; a refusal of the domain is read on the page it was asked from."""
    if request.POST.get("ruling") != "accept":
        if form.is_valid():
            claiming.refuse(asked, reason=form.cleaned_data["reason"], by=request.user, at=now)
        return form.is_valid()
    owner = Owner.objects.filter(area=asked.ballot.area, pk=_number(request.POST.get("owner"))).first()
    claiming.accept(asked, owner=owner, reason=_("The claim was right."), by=request.user, at=now)
    return True


def _claimed(ballot: Ballot, form: ClaimForm, *, by: User, at: dt.datetime) -> bool:
    """What is refused is said in the form, which keeps what was written."""
    try:
        claiming.claim(ballot, **form.cleaned_data, by=by, at=at)
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return False
    return True


def _asked(ballot: Ballot, form: AddForm | CorrectionForm, *, by: User, at: dt.datetime) -> bool:
    """What cannot be corrected is said in the form, which keeps what was written."""
    try:
        corrections.ask(ballot, **form.asked(), by=by, at=at)
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return False
    return True


def _ballot(pk: int) -> Ballot:
    return get_object_or_404(Ballot.objects.select_related("area"), pk=pk)


def _within(user: User, now: dt.datetime, *rights: Right) -> BallotQuerySet:
    """Ballots in the areas of those of this person's bodies in which they hold one of the rights."""
    paths = {body.area.path for right in rights for body in standing.of(user, now).bodies(right)}
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(area__path__startswith=path)
    return Ballot.objects.filter(inside)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _place(ballot: Ballot) -> dict[str, Any]:
    return {"ballot": ballot, "here": ballot.area, "nav": "vote"}
