"""The shapes of what people type into a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from areas.models import Area

from .models import Judgement, Proposal
from .policies import MIN_PROBLEM, MIN_TITLE, MIN_WISH


class WhereForm(forms.Form):
    """At which of one's own levels the matter is filed, and where exactly it is."""

    area = forms.ModelChoiceField(
        Area.objects.none(),
        to_field_name="code",
        widget=forms.RadioSelect,
        label=_("Whom does it concern?"),
        empty_label=None,
    )
    place = forms.CharField(
        max_length=60, label=_("Exact place"), help_text=_("For example: by the lamp in front of building 3")
    )

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        field.queryset = Area.objects.filter(pk__in=[area.pk for area in areas]).order_by("-level")  # type: ignore[attr-defined]
        field.label_from_instance = _area_label  # type: ignore[attr-defined]


def _area_label(area: Area) -> str:
    return f"{area.name}（{area.get_level_display()}）"


class WhatForm(forms.ModelForm):  # type: ignore[type-arg]
    title = forms.CharField(
        min_length=MIN_TITLE,
        max_length=30,
        label=_("What it is, in one sentence"),
        help_text=_("Write as you would tell a neighbour"),
    )
    problem = forms.CharField(
        min_length=MIN_PROBLEM,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("How things are now"),
        help_text=_("Since when, who is affected, how often"),
    )
    wish = forms.CharField(
        min_length=MIN_WISH,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("How it should be solved"),
    )

    class Meta:
        model = Proposal
        fields = ("title", "problem", "wish")


class CompleteForm(WhatForm):
    """What was returned, with the place, which is what is missing most often."""

    place = forms.CharField(max_length=60, label=_("Exact place"))
    field_order = ("title", "place", "problem", "wish")

    class Meta:
        model = Proposal
        fields = ("title", "place", "problem", "wish")


class JudgeForm(forms.ModelForm):  # type: ignore[type-arg]
    solved = forms.ChoiceField(choices=Judgement.Solved.choices, widget=forms.RadioSelect, label=_("Is it solved?"))
    manner = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        label=_("How were the answer and the manner?"),
        choices=[(5, _("Very good")), (4, _("Good")), (3, _("Fair")), (2, _("Poor")), (1, _("Very poor"))],
    )
    comment = forms.CharField(
        max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("In your words")
    )

    class Meta:
        model = Judgement
        fields = ("solved", "manner", "comment")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("solved") in ("partly", "no") and not data.get("comment", "").strip():
            self.add_error("comment", _("Please write what is still missing, so that it can be put right."))
        return data
