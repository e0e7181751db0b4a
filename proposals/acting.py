"""Doors to what people do with a case beside reading it: moves, the examination, the appeal upwards, filing again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adapters import clock
from people.access import MemberRequest, allowed, member
from people.verdict import Refused
from voting import calling

from . import casepage, conditions, drafts, endorsement, lifecycle, policies, screening
from .loading import load
from .models import Proposal, Screening
from .move_forms import MoveForm, PartyFormSet, ScreeningForm
from .moves import MOVES
from .states import State


@member
def make_move(request: MemberRequest, number: str, verb: str) -> HttpResponse:
    case, now = load(request, number), clock.now()
    chosen = MOVES.get(verb)
    if chosen is None or not chosen.by_form:
        raise Http404
    verdict = lifecycle.may(request.user, case, verb, now)
    if request.method == "GET" and not verdict:
        raise Refused(verdict)
    run_off = calling.run_off(case.chain) if "statute" in chosen.asks else {}
    initial = {"since": _mark(case)} | run_off
    form = MoveForm(request.POST or None, move=chosen, case=case, now=now, initial=initial)
    context = {"nav": "desk", "here": case.area, "case": case, "form": form, "move": chosen, "run_off": run_off}
    context["clock"] = casepage.clock_of(case, now)
    if request.method == "POST" and form.is_valid():
        return _moved(request, case, form, context)
    return render(request, "proposals/move.html", context)


def _mark(case: Proposal) -> str:
    """What tells one standing of a case from the next."""
    return f"{case.state} {case.state_since.isoformat()}"


def _moved(request: MemberRequest, case: Proposal, form: MoveForm, context: dict[str, Any]) -> HttpResponse:
    """Make the move; a stale page or a refusal gets the sentence and what was typed."""
    move, now = context["move"], clock.now()
    try:
        if form.cleaned_data["since"] != _mark(case):
            raise lifecycle.Stale
        lifecycle.move(case, move.verb, by=request.user, at=now, texts=form.texts(), **form.facts())
    except lifecycle.Stale as error:
        messages.warning(request, str(error))
        return render(request, "proposals/stale.html", {**context, "written": form.texts()}, status=409)
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return render(request, "proposals/move.html", context, status=422)
    messages.success(request, _("Done: %(what)s.") % {"what": move.done})
    return redirect(case if policies.may_see(request.user, case, now) else "proposals:desk")


@allowed(policies.may_use_desk)
def examine(request: MemberRequest, number: str) -> HttpResponse:
    """The examination's page; “save and open” also opens the deliberation, if nothing is missing."""
    case, now = load(request, number), clock.now()
    if not (verdict := policies.may_screen(request.user, case, now)):
        raise Refused(verdict)
    found = Screening.objects.filter(proposal=case).first()
    form, parties = _examination(request, found)
    if request.method == "POST" and form.is_valid() and parties.is_valid():
        rows = [screening.Party(**row) for row in parties.cleaned_data if row.get("name")]
        screening.write(case, by=request.user, at=now, parties=rows, **form.cleaned_data)
        return _examined(request, case)
    context = {"nav": "desk", "here": case.area, "case": case, "form": form, "parties": parties}
    context |= {"clock": casepage.clock_of(case, now), "missing": conditions.missing_in_screening(found)}
    return render(request, "proposals/examine.html", context)


def _examination(request: MemberRequest, found: Screening | None) -> tuple[ScreeningForm, Any]:
    rows = list(found.stakeholders.values("name", "side", "how")) if found else []
    data = request.POST or None
    return ScreeningForm(data, instance=None if data else found), PartyFormSet(data, initial=rows, prefix="party")


def _examined(request: MemberRequest, case: Proposal) -> HttpResponse:
    if not request.POST.get("open"):
        messages.success(request, _("The examination is kept."))
        return redirect("proposals:screening", case.number)
    verdict = lifecycle.may(request.user, case, "open", clock.now())
    if not verdict:
        messages.warning(request, str(verdict.reason))
        return redirect("proposals:screening", case.number)
    lifecycle.move(case, "open", by=request.user, at=clock.now())
    messages.success(request, _("The deliberation is open; everybody concerned is told."))
    return redirect(case)


@require_POST
@member
def call(request: MemberRequest, number: str) -> HttpResponse:
    """Appeal to the next level."""
    case = load(request, number)
    if endorsement.call_up(case, by=request.user, at=clock.now()):
        messages.success(request, _("Your household's appeal to the next level has been counted."))
    else:
        messages.info(request, _("Your household has appealed already: one door counts once."))
    return redirect(case)


@require_POST
@member
def again(request: MemberRequest, number: str) -> HttpResponse:
    """File once more what found too few endorsements: a draft with the same words, to be changed."""
    case, now = get_object_or_404(Proposal, number=number, proposer=request.user.pk), clock.now()
    verdict = policies.may_file(request.user, now)
    if not verdict:
        raise Refused(verdict)
    if case.state != State.ENDORSEMENT_FAILED:
        raise Http404
    drafts.again(case, by=request.user, at=now)
    messages.info(request, _("Here is what you wrote. Please change it, then file it again."))
    return redirect("proposals:what")
