"""What the deciding official fills in: the answer as a form, and its points as rows of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from . import answer_rules, decision
from .models import Decision, Point, Proposal

PREFIX = "point"
EMPTY_ROWS = 2


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    """`heard`: residents have spoken, so their main arguments want an answer."""

    result = forms.ChoiceField(choices=Decision.Result.choices, widget=forms.RadioSelect, label=_("Result"))
    reasons = forms.CharField(
        min_length=answer_rules.MIN_REASONS,
        max_length=4000,
        widget=_lines(8),
        label=_("Reasons"),
        help_text=_("Why, in words that the proposer understands"),
    )
    review_on = forms.DateField(
        label=_("Review date"), help_text=_("When the body looks again at what has become of it; within two years")
    )

    class Meta:
        model = Decision
        fields: tuple[str, ...] = ("result", "summary", *answer_rules.TEXTS[1:-1], "review_on", "contact")
        widgets = {
            "evidence": _lines(4),
            "options": _lines(4),
            "arguments": _lines(6),
            "actions": _lines(4),
        }
        labels = {
            "summary": _("The answer in one sentence"),
            "arguments": _("Answer to the main arguments"),
            "basis": _("Legal basis"),
            "evidence": _("Evidence"),
            "options": _("Options compared"),
            "actions": _("Who does what until when"),
            "cost": _("Cost"),
            "contact": _("Contact"),
        }
        help_texts = {
            "arguments": _("One by one; leave out none because it is inconvenient"),
            "basis": _("Law, rule or list, with its article or item"),
            "evidence": _("Measurements, visits, figures, documents: what anybody could check"),
            "options": _("What else was considered, also doing nothing, and what speaks for and against each"),
            "actions": _("Needed for whatever is adopted"),
            "cost": _("How much, and from which budget; write “none” if there is none"),
            "contact": _("A person and a number that answers"),
        }

    def __init__(self, *args: Any, heard: bool, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name not in ("actions", *(() if heard else ("arguments",)))
        self.today = today
        self.fields["review_on"].widget.attrs["min"] = (today + dt.timedelta(days=1)).isoformat()

    def clean_review_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["review_on"]
        if not answer_rules.is_near(day, self.today):
            raise forms.ValidationError(_("Please choose a day after today and within two years."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if answer_rules.promises(data.get("result", "")) and not data.get("actions", "").strip():
            self.add_error("actions", _("What is adopted needs somebody who does it by a date."))
        return data


class CorrectionForm(AnswerForm):
    class Meta(AnswerForm.Meta):
        fields = ("correction", *AnswerForm.Meta.fields)
        widgets = {**AnswerForm.Meta.widgets, "correction": _lines(3)}
        labels = {**AnswerForm.Meta.labels, "correction": _("What is corrected, and why")}
        help_texts = {**AnswerForm.Meta.help_texts, "correction": _("Everybody reads this above the new version")}


class PointForm(forms.ModelForm):  # type: ignore[type-arg]
    result = forms.ChoiceField(choices=[("", _("Please choose")), *Decision.Result.choices])

    class Meta:
        model = Point
        fields = ("wish", "result", "reason")
        widgets = {"reason": _lines(2)}


class PointRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """A row that was left or made empty is no point."""

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        labels = {
            "wish": _("Point %(n)s: what is wished for"),
            "result": _("Point %(n)s: result"),
            "reason": _("Point %(n)s: reason"),
        }
        for name, label in labels.items():
            form.fields[name].label = label % {"n": (index or 0) + 1}

    def clean(self) -> None:
        if not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_("Please answer at least one point."))


PointFormSet = forms.formset_factory(
    PointForm, PointRows, extra=EMPTY_ROWS, max_num=answer_rules.MOST_POINTS, validate_max=True
)


class Sheet:
    """The whole page of an answer: its form and its points, judged when they were sent to be signed.

    `version`: which one the officer saw last, so that nobody corrects what was corrected meanwhile.
    """

    def __init__(self, case: Proposal, data: QueryDict | None, *, correcting: bool, today: dt.date) -> None:
        self.newest = case.decisions.last()
        self.data = data
        self.heard = decision.heard(case)
        self.is_sent = data is not None and "more" not in data
        words, rows = self._begin(case) if data is None else _typed(data)
        sent = data if self.is_sent else None
        self.form = _form(correcting)(sent, initial=words, heard=self.heard, today=today)
        self.points = PointFormSet(sent, initial=None if sent else rows, prefix=PREFIX)

    @property
    def version(self) -> int:
        return self.newest.version if self.newest else 0

    @property
    def is_stale(self) -> bool:
        return self.data is not None and self.data.get("version") != str(self.version)

    def is_valid(self) -> bool:
        """Both are asked, so that everything that is missing is named at once."""
        return all([self.form.is_valid(), self.points.is_valid()])

    def answer(self) -> dict[str, Any]:
        """As decision.publish and decision.correct take it."""
        points = [answer_rules.PointDraft(**row) for row in self.points.cleaned_data if row]
        return {**self.form.cleaned_data, "points": points}

    def written(self) -> str:
        """Every word that was typed, to be given back when it cannot be signed any more."""
        words, rows = _typed(self.data or {})
        typed = [words[name] for name in ("correction", *answer_rules.TEXTS)]
        return "\n\n".join(
            text for text in (*typed, *(row[name] for row in rows for name in ("wish", "reason"))) if text
        )

    def _begin(self, case: Proposal) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """What is written anew begins with what was signed, a first answer with the wish as its first point."""
        if self.newest is None:
            return {}, [{"wish": case.wish[:200]}]
        signed = decision.drafted(self.newest)
        words = {**signed.texts, "result": signed.result, "review_on": signed.review_on}
        return words, [vars(point) for point in signed.points]


def _form(correcting: bool) -> type[AnswerForm]:
    return CorrectionForm if correcting else AnswerForm


def _typed(data: Mapping[str, Any]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What stands in the form and in those of its rows in which there is something."""
    words = {name: data.get(name, "") for name in CorrectionForm.Meta.fields}
    fields = PointForm.Meta.fields
    rows = [{name: data.get(f"{PREFIX}-{n}-{name}", "") for name in fields} for n in range(answer_rules.MOST_POINTS)]
    return words, [row for row in rows if any(row.values())]
