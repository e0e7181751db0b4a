"""What a voter sends: a choice, and on the last page that it is their own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .states import Choice


class ChoiceForm(forms.Form):
    """Nothing is chosen beforehand."""

    choice = forms.ChoiceField(
        label=_("Your choice"),
        choices=Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three."), "invalid_choice": _("Choose one of the three.")},
    )


class ConfirmForm(ChoiceForm):
    mine = forms.BooleanField(
        label=_("I am voting for myself."),
        error_messages={"required": _("Tick this first: only you yourself can use your vote.")},
    )
