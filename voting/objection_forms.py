"""The grounds of an objection, and the ruling on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .states import Remedy

REFUSE = "refuse"


class ObjectionForm(forms.Form):
    grounds = forms.CharField(
        label=_("What was not right"),
        help_text=_("Which paper, right or step, and how you know. Everybody can read this: please name no person."),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class RulingForm(forms.Form):
    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[(REFUSE, _("The objection is not right; the result stands")), *Remedy.choices],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reasons"),
        help_text=_("Everybody can read this. Please name no person."),
        min_length=6,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    @property
    def refuses(self) -> bool:
        return bool(self.cleaned_data["ruling"] == REFUSE)

    def remedy(self) -> Remedy:
        return Remedy(self.cleaned_data["ruling"])

    def clean_reason(self) -> Any:
        return self.cleaned_data["reason"].strip()
