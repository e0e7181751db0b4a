"""Doors to the rules of an area: what holds here and why, and the page on which one rule is changed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from adapters import clock
from areas.models import Area
from people.access import MemberRequest, member, public
from people.verdict import Refused

from . import policies, rulebook
from .rules_forms import RuleForm


@public
def rules(request: HttpRequest, code: str) -> HttpResponse:
    """Every rule of one area. Those who lead it find the way to change each."""
    area = get_object_or_404(Area, code=code)
    verdict = policies.may_set_rules(request.user, area, clock.now())
    context = {
        "nav": "home",
        "here": area,
        "area": area,
        "lineage": area.lineage(),
        "children": area.get_children(),
        "groups": rulebook.groups(area),
        "changes": rulebook.changes(area),
        "may_change": verdict.allowed or bool(verdict.remedy),
    }
    return render(request, "proposals/rules.html", context)


@member
def rule(request: MemberRequest, code: str, key: str) -> HttpResponse:
    """Override one rule, or take the override away."""
    line, now = _line(code, key), clock.now()
    if not (verdict := policies.may_set_rules(request.user, line.area, now)):
        raise Refused(verdict)
    form = RuleForm(request.POST if request.method == "POST" else None, line=line)
    if form.is_valid():
        rulebook.change(line, form.cleaned_data["new"], reason=form.cleaned_data["reason"], by=request.user, at=now)
        messages.success(request, _("The rule is changed."))
        return redirect("proposals:rules", code)
    context = {"nav": "home", "here": line.area, "line": line, "form": form}
    context["above"] = rulebook.above(line) if line.is_own else None
    return render(request, "proposals/rule.html", context, status=422 if form.errors else 200)


def _line(code: str, key: str) -> rulebook.Line:
    line = rulebook.line(get_object_or_404(Area, code=code), key)
    if line is None:
        raise Http404
    return line
