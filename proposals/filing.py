"""Filing a proposal in three steps: where, what, check. The draft lives on the server and survives everything."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adapters import clock
from areas import policy
from areas.models import Area
from people import standing
from people.access import MemberRequest, allowed, member, public
from people.models import User
from people.verdict import Refused

from . import casepage, drafts, lifecycle, photos, policies, timeline
from .forms import CompleteForm, WhatForm, WhereForm
from .models import Photo, Proposal
from .states import State


def _areas(user: User, now: dt.datetime) -> list[Area]:
    """The levels of one's own home, nearest first."""
    home = standing.of(user, now).residence
    return list(reversed(home.courtyard.lineage())) if home else []


def _draft(request: MemberRequest) -> Proposal:
    draft = drafts.current(request.user)
    if draft is None:
        raise Http404
    return draft


@allowed(policies.may_file)
def start(request: MemberRequest) -> HttpResponse:
    draft = drafts.current(request.user)
    return redirect("proposals:what" if draft and draft.place else "proposals:where")


@allowed(policies.may_file)
def where(request: MemberRequest) -> HttpResponse:
    user, now = request.user, clock.now()
    areas, draft = _areas(user, now), drafts.current(user)
    initial = {"area": draft.area.code if draft else areas[0].code, "place": draft.place if draft else ""}
    form = WhereForm(request.POST or None, areas=areas, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft = drafts.begin(user, form.cleaned_data["area"], now)
        drafts.save(draft, now, {"place": form.cleaned_data["place"]})
        return redirect("proposals:what")
    return render(request, "proposals/where.html", {"nav": "new", "focus": True, "form": form, "draft": draft})


@allowed(policies.may_file)
def what(request: MemberRequest) -> HttpResponse:
    draft = drafts.current(request.user)
    if draft is None:
        return redirect("proposals:where")
    form = WhatForm(request.POST or None, instance=draft if request.method == "GET" else None)
    refused: list[str] = []
    if request.method == "POST":
        drafts.save(draft, clock.now(), request.POST.dict())
        refused = _store(request, draft)
        if form.is_valid() and not refused and not request.POST.get("stay"):
            return redirect("proposals:check")
        if request.POST.get("stay"):
            form = WhatForm(instance=draft)
    return render(request, "proposals/what.html", _what(draft, form, refused), status=422 if refused else 200)


def _what(draft: Proposal, form: WhatForm, refused: list[str]) -> dict[str, object]:
    return {
        "nav": "new",
        "focus": True,
        "draft": draft,
        "form": form,
        "refused": refused,
        "photos": list(draft.photos.all()),
        "max_photos": policy.value(draft.area, "case.max_photos"),
    }


@require_POST
@allowed(policies.may_file)
def autosave(request: MemberRequest) -> HttpResponse:
    """Called by the page a second after the last key: keeps what is typed, complete or not."""
    draft = _draft(request)
    drafts.save(draft, clock.now(), request.POST.dict())
    return JsonResponse({"saved": date_format(localtime(draft.state_since), "H:i")})


@require_POST
@allowed(policies.may_file)
def add_photos(request: MemberRequest) -> HttpResponse:
    """One or more pictures for the draft; answers with the fragment of all of them."""
    draft = _draft(request)
    context = _what(draft, WhatForm(), _store(request, draft))
    return render(request, "proposals/_photos.html", context, status=422 if context["refused"] else 200)


def _store(request: HttpRequest, draft: Proposal) -> list[str]:
    """Keep the uploaded pictures; returns a sentence for each that could not be kept."""
    refused, most = [], policy.value(draft.area, "case.max_photos")
    for upload in request.FILES.getlist("photos"):
        if draft.photos.count() >= most:
            refused.append(_("At most %(most)s photos. Please delete one first.") % {"most": most})
            break
        try:
            photos.add(draft, upload, at=clock.now())
        except ValidationError as error:
            refused.extend(error.messages)
    return refused


@require_POST
@allowed(policies.may_file)
def delete_photo(request: MemberRequest, key: object) -> HttpResponse:
    draft = _draft(request)
    photos.remove(get_object_or_404(draft.photos, key=key))
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "proposals/_photos.html", _what(draft, WhatForm(), []))
    return redirect("proposals:what")


@allowed(policies.may_file)
def check(request: MemberRequest) -> HttpResponse:
    draft, now = drafts.current(request.user), clock.now()
    if draft is None:
        return _already_filed(request)
    verdict = lifecycle.may(request.user, draft, "submit", now)
    if request.method == "POST":
        texts = {name: getattr(draft, name) for name in drafts.FIELDS}
        try:
            lifecycle.move(draft, "submit", by=request.user, at=now, texts=texts, photos=_digests(draft))
        except lifecycle.Stale:
            return _already_filed(request)
        return redirect("proposals:done", draft.number)
    context = {"nav": "new", "focus": True, "draft": draft, "verdict": verdict, "photos": draft.photos.all()}
    return render(request, "proposals/check.html", context)


def _digests(case: Proposal) -> list[str]:
    return list(case.photos.values_list("sha256", flat=True))


def _already_filed(request: MemberRequest) -> HttpResponse:
    """A second tap on “submit”: the case exists already, once."""
    newest = Proposal.objects.filter(proposer=request.user.pk, state=State.SUBMITTED).order_by("-pk").first()
    return redirect("proposals:done", newest.number) if newest else redirect("proposals:where")


@require_POST
@member
def discard(request: MemberRequest) -> HttpResponse:
    drafts.discard(_draft(request))
    messages.success(request, _("The draft is deleted."))
    return redirect("/")


@member
def done(request: MemberRequest, number: str) -> HttpResponse:
    case = get_object_or_404(Proposal.objects.select_related("area", "owner"), number=number, proposer=request.user.pk)
    context = {"nav": "new", "focus": True, "case": case, "clock": casepage.clock_of(case, clock.now())}
    return render(request, "proposals/done.html", context)


@member
def complete(request: MemberRequest, number: str) -> HttpResponse:
    """What was returned is completed and submitted again under the same number."""
    case, now = get_object_or_404(Proposal, number=number, proposer=request.user.pk), clock.now()
    verdict = lifecycle.may(request.user, case, "resubmit", now) if case.state != State.RETURNED else None
    if verdict is not None and not verdict:
        raise Refused(verdict)
    form = CompleteForm(request.POST or None, instance=case if request.method == "GET" else None)
    if request.method == "POST":
        drafts.save(case, now, request.POST.dict())
        if form.is_valid():
            texts = {name: getattr(case, name) for name in drafts.FIELDS}
            lifecycle.move(case, "resubmit", by=request.user, at=now, texts=texts, photos=_digests(case))
            return redirect("proposals:done", case.number)
    asked = next((entry for entry in timeline.of(case, inside=True) if entry.reason), None)
    context = {"nav": "new", "focus": True, "case": case, "form": form, "asked": asked}
    return render(request, "proposals/complete.html", context)


@public
def photo(request: HttpRequest, key: object, size: str) -> HttpResponse:
    """A photo is as visible as its case."""
    picture = get_object_or_404(Photo.objects.select_related("proposal__owner"), key=key)
    if size not in ("s", "l") or not policies.may_see(request.user, picture.proposal, clock.now()):
        raise Http404
    file = picture.thumbnail if size == "s" else picture.image
    with file.open("rb") as stored:
        response = HttpResponse(stored.read(), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response
