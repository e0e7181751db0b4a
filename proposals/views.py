"""Doors to a case: reading it, supporting it, judging it, moving it on."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adapters import clock
from areas.models import Level
from deliberation import views as deliberation_views
from deliberation.models import Thread
from people.access import MemberRequest, member, public
from people.verdict import Refused

from . import casepage, endorsement, evaluation, listing, policies, timeline
from .forms import JudgeForm
from .loading import load

PER_PAGE = 20


@public
def index(request: HttpRequest) -> HttpResponse:
    now, wanted = clock.now(), listing.Wanted.read(request.GET)
    cases = listing.find(request.user, wanted, now)
    page = Paginator(cases.for_cards(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "cases",
        "here": wanted.area,
        "wanted": wanted,
        "page": page,
        "cards": listing.cards(list(page.object_list), now),
        "groups": listing.groups(wanted),
        "levels": Level.choices,
        "orders": [(name, label) for name, (label, _fields) in listing.ORDERS.items()],
    }
    return render(request, "proposals/index.html", context)


@public
def detail(request: HttpRequest, number: str) -> HttpResponse:
    case = load(request, number)
    page = casepage.gather(case, request.user, clock.now())
    context = {"nav": "cases", "here": case.area, "page": page, "case": case, "clock": page.clock}
    return render(request, "proposals/detail.html", context)


@public
def history(request: HttpRequest, number: str) -> HttpResponse:
    case = load(request, number)
    inside = policies.concerns(request.user, case, clock.now()) or case.proposer_id == request.user.pk
    entries = timeline.of(case, inside=inside)
    return render(
        request, "proposals/timeline.html", {"nav": "cases", "here": case.area, "case": case, "entries": entries}
    )


@public
def talk(request: HttpRequest, number: str) -> HttpResponse:
    case = load(request, number)
    thread = get_object_or_404(Thread, chain=case.chain)
    return deliberation_views.room(request, thread, title=case.title, back_url=case.get_absolute_url(), here=case.area)


@require_POST
@member
def endorse(request: MemberRequest, number: str) -> HttpResponse:
    case = load(request, number)
    if request.POST.get("undo"):
        endorsement.withdraw(case, by=request.user, at=clock.now())
        messages.success(request, _("Your endorsement has been taken back."))
    elif endorsement.endorse(case, by=request.user, at=clock.now()):
        messages.success(request, _("Your household's endorsement has been counted."))
    else:
        messages.info(request, _("Your household has already endorsed: one door counts once."))
    return redirect(case)


@member
def judge(request: MemberRequest, number: str) -> HttpResponse:
    case, now = load(request, number), clock.now()
    verdict = policies.may_judge(request.user, case, now)
    if not verdict:
        raise Refused(verdict)
    form = JudgeForm(request.POST or None, initial={"solved": request.GET.get("solved")})
    if request.method == "POST" and form.is_valid():
        evaluation.judge(case, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("Thank you. What you said stands on the timeline."))
        return redirect(case)
    return render(request, "proposals/judge.html", {"nav": "cases", "here": case.area, "case": case, "form": form})
