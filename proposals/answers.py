"""Doors to the official answer: reading it with its versions, writing it, correcting it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adapters import clock
from areas import calendar
from deliberation.models import Post
from people.access import MemberRequest, allowed, public
from people.verdict import Refused

from . import casepage, comparing, decision, lifecycle, policies, timeline
from .answer_forms import Sheet
from .comparing import Difference
from .loading import load
from .models import Decision, Proposal
from .moves import MOVES

VOICES = 6
SIGNED = {
    "decide": gettext_lazy("The answer is published; the proposer and everybody concerned are told."),
    "correct": gettext_lazy("The corrected answer is published; the version before stays to be read."),
}
SECTIONS = {
    "reasons": gettext_lazy("Reasons"),
    "arguments": gettext_lazy("Answer to the main arguments"),
    "evidence": gettext_lazy("Evidence"),
    "options": gettext_lazy("Options compared"),
    "basis": gettext_lazy("Legal basis"),
    "actions": gettext_lazy("Who does what until when"),
    "cost": gettext_lazy("Cost"),
}


@public
def answer(request: HttpRequest, number: str) -> HttpResponse:
    case = load(request, number)
    versions = list(case.decisions.order_by("-version").select_related("body").prefetch_related("points"))
    wanted = request.GET.get("version", "")
    shown = next((d for d in versions if str(d.version) == wanted), versions[0] if versions else None)
    if shown is None:
        raise Http404
    context = {"nav": "cases", "here": case.area, "case": case, "versions": versions, "decision": shown}
    context["sections"] = [(label, text) for name, label in SECTIONS.items() if (text := getattr(shown, name))]
    context["changes"] = _changes(versions, shown)
    context["may_correct"] = request.user.is_authenticated and lifecycle.may(request.user, case, "correct", clock.now())
    context["records"] = [entry for entry in timeline.of(case) if entry.kind == "record.made"]
    return render(request, "proposals/answer.html", context)


@allowed(policies.may_use_desk)
def decide(request: MemberRequest, number: str) -> HttpResponse:
    return _write(request, number, "decide")


@allowed(policies.may_use_desk)
def correct(request: MemberRequest, number: str) -> HttpResponse:
    return _write(request, number, "correct")


def _write(request: MemberRequest, number: str, verb: str) -> HttpResponse:
    case, now = load(request, number), clock.now()
    data = request.POST if request.method == "POST" else None
    sheet = Sheet(case, data, correcting=verb == "correct", today=calendar.local_date(now))
    context = {"nav": "desk", "here": case.area, "case": case, "move": MOVES[verb], "sheet": sheet}
    context |= {"clock": casepage.clock_of(case, now), "signature": decision.signature(request.user, case, now)}
    if sheet.is_stale or (data and case.state not in MOVES[verb].sources):
        return _stale(request, context)
    if not (verdict := lifecycle.may(request.user, case, verb, now)):
        raise Refused(verdict)
    if sheet.is_sent and sheet.is_valid():
        return _sign(request, context)
    return render(request, "proposals/decide.html", context | {"voices": _voices(case)})


def _sign(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    """A refusal is told above the form, in which everything stays as it was typed."""
    case, sheet, verb = context["case"], context["sheet"], context["move"].verb
    act = decision.publish if verb == "decide" else decision.correct
    try:
        act(case, by=request.user, at=clock.now(), **sheet.answer())
    except lifecycle.Stale:
        return _stale(request, context)
    except Refused as refused:
        sheet.form.add_error(None, str(refused.verdict.reason))
        return render(request, "proposals/decide.html", context | {"voices": _voices(case)}, status=422)
    messages.success(request, str(SIGNED[verb]))
    return redirect(case)


def _stale(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    messages.warning(request, str(lifecycle.Stale()))
    written = {"answer": context["sheet"].written()}
    return render(request, "proposals/stale.html", context | {"written": written}, status=409)


def _voices(case: Proposal) -> list[Post]:
    """The newest of what others than the body have said, in order: what the answer has to meet."""
    posts = Post.objects.for_reading().filter(thread__chain=case.chain).exclude(text="")
    others = posts.exclude(office=case.owner.name) if case.owner else posts
    return list(others.order_by("-number")[:VOICES])[::-1]


def _changes(versions: list[Decision], shown: Decision) -> list[Difference]:
    """What differs from the version before; the newest comes first."""
    before = next((version for version in versions if version.version < shown.version), None)
    return comparing.differences(_named(before), _named(shown)) if before else []


def _named(version: Decision) -> dict[str, str]:
    """Every word of an answer under the name that it has on the page."""
    said = {_("Result"): version.get_result_display(), _("The answer in one sentence"): version.summary}
    for point in version.points.all():
        number = {"n": point.number}
        said[_("Point %(n)s: what is wished for") % number] = point.wish
        said[_("Point %(n)s: result") % number] = point.get_result_display()
        said[_("Point %(n)s: reason") % number] = point.reason
    said |= {str(label): getattr(version, name) for name, label in SECTIONS.items()}
    review = date_format(version.review_on) if version.review_on else ""
    return said | {_("Review date"): review, _("Contact"): version.contact}
