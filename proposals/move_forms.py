"""What a move asks of the one who makes it: a reason code, a text, further fields, or nothing but the confirmation."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from areas import calendar
from areas.models import Category
from voting import calling
from voting.methods import METHODS

from . import conditions, limits
from .models import Proposal, Screening, Stakeholder
from .move import Move
from .states import State

CODES = ("reason", "category", "days", "body", "recheck_on", "statute", "method", "part", "budget", "meets_at")
WORDS = ("text", "plan", "interim", "options", "place")


class MoveForm(forms.Form):
    """`since` tells which standing of the case the mover saw."""

    reason = forms.ChoiceField(widget=forms.RadioSelect, label=_("Reason"))
    text = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    since = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, move: Move, case: Proposal, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move.reasons:
            choices = [(code, f"{reason.label}（{reason.basis}）") for code, reason in move.reasons.items()]
            self.fields["reason"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["reason"]
        if move.text:
            self.fields["text"].label = str(move.text)
        else:
            del self.fields["text"]
        for name in move.asks:
            self.fields[name] = ASKED[name](case, now)

    def facts(self) -> dict[str, Any]:
        """Codes and numbers, as lifecycle.move takes them."""
        found = {name: self.cleaned_data[name] for name in CODES if self.cleaned_data.get(name)}
        return found | {name: day.isoformat() for name, day in found.items() if isinstance(day, dt.date)}

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in WORDS if self.cleaned_data.get(name)}


def _plan(case: Proposal, now: dt.datetime) -> forms.Field:
    return forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        label=_("The plan that is voted on"),
        help_text=_("What exactly will be done, by whom, at what cost"),
    )


def _category(case: Proposal, now: dt.datetime) -> forms.Field:
    choices = [("", _("Not chosen yet")), *((c.code, c.name) for c in Category.objects.all())]
    return forms.ChoiceField(
        choices=choices,
        required=False,
        initial=case.category.code if case.category else "",
        label=_("Category"),
        help_text=_("The competence list tells by it which level and which body may have the matter"),
    )


def _days(case: Proposal, now: dt.datetime) -> forms.Field:
    assert case.owner is not None
    own = limits.period(case.owner.area, State(case.state))
    unit = {"workday": _("working days"), "day": _("days"), "hour": _("hours")}[own["unit"]]
    return forms.IntegerField(
        min_value=1,
        max_value=own["n"],
        initial=own["n"],
        label=_("How much more time (%(unit)s)") % {"unit": unit},
        help_text=_("Once only in this step, and at most %(n)s. The first date stays visible.") % {"n": own["n"]},
    )


def _body(case: Proposal, now: dt.datetime) -> forms.Field:
    return forms.TypedChoiceField(
        coerce=int,
        choices=[(body.pk, body.name) for body in conditions.bodies_on_the_way(case, now)],
        widget=forms.RadioSelect,
        label=_("Which body"),
    )


def _interim(case: Proposal, now: dt.datetime) -> forms.Field:
    return forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), label=_("What is done in the meantime")
    )


def _recheck_on(case: Proposal, now: dt.datetime) -> forms.Field:
    most = limits.period(case.area, State.DEFERRED)["n"]
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}),
        initial=calendar.local_date(now) + dt.timedelta(days=most),
        label=_("To be looked at again on"),
        help_text=_("At most %(most)s days from now") % {"most": most},
    )


def _statute(case: Proposal, now: dt.datetime) -> forms.Field:
    day = calendar.local_date(now)
    told = [_("It says who is on the roll, how many must take part and how many must agree."), *calling.missing(day)]
    return forms.ChoiceField(
        choices=calling.choices(case.area, day),
        initial=calling.HOUSE,
        label=_("By which rule"),
        help_text=" ".join(map(str, told)),
    )


def _method(case: Proposal, now: dt.datetime) -> forms.Field:
    methods = [(method.key, method.label) for method in METHODS.values()]
    return forms.ChoiceField(choices=methods, initial="yes_no", label=_("How people vote"))


def _options(case: Proposal, now: dt.datetime) -> forms.Field:
    return forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        label=_("The options, one a line"),
        help_text=_("Empty for a vote by yes and no. Where money is shared out, the cost behind each: Lamps = 3000"),
    )


def _budget(case: Proposal, now: dt.datetime) -> forms.Field:
    return forms.IntegerField(
        min_value=1, max_value=10**9, required=False, label=_("Money that is shared out, in yuan")
    )


def _part(case: Proposal, now: dt.datetime) -> forms.Field:
    choices = [("", _("The whole courtyard")), *((part, part) for part in calling.parts(case.area))]
    return forms.ChoiceField(
        choices=choices, required=False, label=_("Which owners"), help_text=_("For an owners' vote only")
    )


def _place(case: Proposal, now: dt.datetime) -> forms.Field:
    return forms.CharField(
        max_length=100,
        required=False,
        label=_("By show of hands: where the meeting is"),
        help_text=_("Empty for a vote by phone, web page and paper"),
    )


def _meets_at(case: Proposal, now: dt.datetime) -> forms.Field:
    return forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        label=_("When the meeting begins"),
    )


ASKED: dict[str, Callable[[Proposal, dt.datetime], forms.Field]] = {
    "plan": _plan,
    "category": _category,
    "days": _days,
    "body": _body,
    "interim": _interim,
    "recheck_on": _recheck_on,
    "statute": _statute,
    "method": _method,
    "options": _options,
    "budget": _budget,
    "part": _part,
    "place": _place,
    "meets_at": _meets_at,
}


class ScreeningForm(forms.ModelForm):  # type: ignore[type-arg]
    """All fields may stay empty for now; complete they must be when the deliberation opens."""

    class Meta:
        model = Screening
        fields = ("cause", "affected", "obstacles", "units")
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in fields}
        labels = {
            "cause": _("Root cause"),
            "affected": _("Groups affected"),
            "obstacles": _("Main obstacles"),
            "units": _("Responsible units"),
        }
        help_texts = {
            "cause": _("Why it is as it is, not only how it is"),
            "affected": _("Who, how many, how strongly"),
            "obstacles": _("Money, rules, space, disagreement"),
            "units": _("Who owns it, who pays, who must agree"),
        }


class PartyForm(forms.Form):
    """One line of the map of who gains and who bears."""

    name = forms.CharField(max_length=60, required=False, label=_("Who"))
    side = forms.ChoiceField(choices=Stakeholder.Side.choices, required=False, label=_("Gains or bears"))
    how = forms.CharField(max_length=200, required=False, label=_("What"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how", "").strip() and not data.get("name", "").strip():
            self.add_error("name", _("Please write who this is."))
        if data.get("name", "").strip() and not data.get("how", "").strip():
            self.add_error("how", _("Please write what they gain or bear."))
        return data


PartyFormSet = forms.formset_factory(PartyForm, extra=3, max_num=12)
