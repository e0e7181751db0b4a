"""Doors to a case: reading it, supporting it, judging it, moving it on."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adapters import clock
from areas.models import Level
from deliberation import views as deliberation_views
from deliberation.models import Thread
from people import standing
from people.access import MemberRequest, allowed, member, public
from people.roles import Right
from people.verdict import Refused

from . import casepage, decision, desk, endorsement, evaluation, lifecycle, listing, policies, timeline
from .forms import DecisionForm, JudgeForm, MoveForm
from .models import Proposal
from .moves import MOVES

PER_PAGE = 20


def _load(request: HttpRequest, number: str) -> Proposal:
    """The case, begun from the reader: what one may not see does not exist."""
    cases = Proposal.objects.select_related("area", "owner__area", "left_owner__area", "proposer")
    case = get_object_or_404(cases, number=number)
    if not policies.may_see(request.user, case, clock.now()):
        raise Http404
    return case


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
    case = _load(request, number)
    page = casepage.gather(case, request.user, clock.now())
    context = {"nav": "cases", "here": case.area, "page": page, "case": case, "clock": page.clock}
    return render(request, "proposals/detail.html", context)


@public
def history(request: HttpRequest, number: str) -> HttpResponse:
    case = _load(request, number)
    inside = policies.serves(request.user, case, clock.now()) or case.proposer_id == request.user.pk
    entries = timeline.of(case, inside=inside)
    return render(
        request, "proposals/timeline.html", {"nav": "cases", "here": case.area, "case": case, "entries": entries}
    )


@public
def talk(request: HttpRequest, number: str) -> HttpResponse:
    case = _load(request, number)
    thread = get_object_or_404(Thread, chain=case.chain)
    return deliberation_views.room(request, thread, title=case.title, back_url=case.get_absolute_url(), here=case.area)


@require_POST
@member
def endorse(request: MemberRequest, number: str) -> HttpResponse:
    case = _load(request, number)
    if request.POST.get("undo"):
        endorsement.withdraw(case, by=request.user, at=clock.now())
        messages.success(request, _("Your endorsement has been taken back."))
    elif endorsement.endorse(case, by=request.user, at=clock.now()):
        messages.success(request, _("Your household's endorsement has been counted."))
    else:
        messages.info(request, _("Your household has already endorsed: one door counts once."))
    return redirect(case)


@public
def answer(request: HttpRequest, number: str) -> HttpResponse:
    case = _load(request, number)
    versions = list(case.decisions.select_related("body"))
    wanted = request.GET.get("version", "")
    shown = next((d for d in versions if str(d.version) == wanted), versions[-1] if versions else None)
    if shown is None:
        raise Http404
    context = {
        "nav": "cases",
        "here": shown.body.area_id and case.area,
        "case": case,
        "decision": shown,
        "newest": versions[-1],
        "records": [e for e in timeline.of(case) if e.kind == "record.made"],
    }
    return render(request, "proposals/answer.html", context)


@member
def judge(request: MemberRequest, number: str) -> HttpResponse:
    case, now = _load(request, number), clock.now()
    verdict = policies.may_judge(request.user, case, now)
    if not verdict:
        raise Refused(verdict)
    form = JudgeForm(request.POST or None, initial={"solved": request.GET.get("solved")})
    if request.method == "POST" and form.is_valid():
        evaluation.judge(case, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("Thank you. What you said stands on the timeline."))
        return redirect(case)
    return render(request, "proposals/judge.html", {"nav": "cases", "here": case.area, "case": case, "form": form})


@allowed(policies.may_use_desk)
def decide(request: MemberRequest, number: str) -> HttpResponse:
    case, now = _load(request, number), clock.now()
    verdict = lifecycle.may(request.user, case, "decide", now)
    if not verdict:
        raise Refused(verdict)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision.publish(case, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The answer is published; the proposer and everybody concerned are told."))
        return redirect(case)
    context = {"nav": "desk", "here": case.area, "case": case, "form": form, "clock": casepage.clock_of(case, now)}
    context["signature"] = decision.signature(request.user, case, now)
    return render(request, "proposals/decide.html", context)


@member
def make_move(request: MemberRequest, number: str, verb: str) -> HttpResponse:
    case, now = _load(request, number), clock.now()
    chosen = MOVES.get(verb)
    if chosen is None or not chosen.by_form:
        raise Http404
    form = MoveForm(request.POST or None, move=chosen, initial={"since": _mark(case)})
    context = {"nav": "desk", "here": case.area, "case": case, "form": form, "move": chosen}
    context["clock"] = casepage.clock_of(case, now)
    if request.method == "POST" and form.is_valid():
        return _moved(request, case, form, context)
    verdict = lifecycle.may(request.user, case, verb, now)
    if not verdict:
        raise Refused(verdict)
    return render(request, "proposals/move.html", context)


def _mark(case: Proposal) -> str:
    """What tells one standing of a case from the next."""
    return f"{case.state} {case.state_since.isoformat()}"


def _moved(request: MemberRequest, case: Proposal, form: MoveForm, context: dict[str, Any]) -> HttpResponse:
    """Make the move; a stale page gets the sentence and what was typed, beside the fresh state."""
    move = context["move"]
    stale = form.cleaned_data["since"] != _mark(case)
    try:
        if stale:
            raise lifecycle.Stale
        lifecycle.move(case, move.verb, by=request.user, at=clock.now(), texts=form.texts(), **form.facts())
    except lifecycle.Stale as error:
        messages.warning(request, str(error))
        return render(request, "proposals/stale.html", {**context, "written": form.texts()}, status=409)
    messages.success(request, _("Done: %(what)s.") % {"what": move.done})
    return redirect(case if policies.may_see(request.user, case, clock.now()) else "proposals:desk")


@allowed(policies.may_use_desk)
def desk_page(request: MemberRequest) -> HttpResponse:
    found = desk.tasks(request.user, clock.now())
    groups = [(name, [task for task in found if task.group == name]) for name in ("overdue", "soon", "later")]
    may_check = bool(standing.of(request.user, clock.now()).bodies(Right.CHECK_RESIDENCE))
    context = {"nav": "desk", "tasks": found, "groups": groups, "now": clock.now(), "may_check": may_check}
    return render(request, "proposals/desk.html", context)
