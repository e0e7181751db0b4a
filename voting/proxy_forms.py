"""What giving a proxy asks for, what a clerk copies from a letter, and what its holder confirms."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from areas import calendar
from people.phones import PhoneField

from . import proxies, proxy_policies, scans
from .forms import PaperForm
from .models import Ballot, RollEntry

AS_THEY_SEE_FIT = _("They vote as they see fit.")


class GiveForm(forms.Form):
    """The holder is named by what only they can have told: phone and name."""

    phone = PhoneField(label=_("Mobile number of whoever votes for you"))
    name = forms.CharField(
        label=_("The name they use here"),
        help_text=_("Please ask them. Phone and name must both be right; we tell nothing of anybody else."),
        max_length=30,
    )
    scope = forms.CharField(
        label=_("What they may do"), initial=AS_THEY_SEE_FIT, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty for the end of the vote."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, ballot: Ballot, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot = ballot

    def clean_last_day(self) -> dt.datetime:
        """Until when: the end of that day, or of the vote if that comes first."""
        day: dt.date | None = self.cleaned_data["last_day"]
        if day and day > calendar.last_day(self.ballot.closes_at):
            raise forms.ValidationError(str(proxy_policies.TOO_LONG.reason))
        return min(calendar.end_of(day), self.ballot.closes_at) if day else self.ballot.closes_at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("phone") and data.get("name"):
            data["holder"] = proxies.find_holder(data["phone"], data["name"])
            if data["holder"] is None:
                self.add_error(None, str(proxy_policies.UNKNOWN.reason))
        return data

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"holder": data["holder"], "scope": data["scope"], "until": data["last_day"]}


class LetterForm(GiveForm):
    """As it stands in the letter."""

    entry = forms.ModelChoiceField(label=_("Whose right"), queryset=RollEntry.objects.none())
    letter = forms.FileField(
        label=_("Photo of the signed letter"),
        help_text=_("It must show names, matter, scope, term and signature. Only those concerned can open it."),
    )

    field_order = ["entry", "phone", "name", "scope", "last_day", "letter"]

    def __init__(self, ballot: Ballot, *args: Any, **kwargs: Any) -> None:
        super().__init__(ballot, *args, **kwargs)
        free = ballot.entries.filter(voted=False).exclude(units=[]).order_by("label", "pk")
        self.fields["entry"].queryset = free  # type: ignore[attr-defined]
        self.fields["phone"].label = _("Mobile number of whoever is to vote")

    def clean_letter(self) -> bytes:
        try:
            return scans.decoded(self.cleaned_data["letter"])
        except ValueError as error:
            raise forms.ValidationError(
                _("This cannot be read as a picture. Please send a JPEG, PNG or WebP photo of at most 25 MB.")
            ) from error

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"entry": self.cleaned_data["entry"], "letter": self.cleaned_data["letter"]}


class EntrustedForm(PaperForm):
    mine = forms.BooleanField(
        label=_("I vote as whoever gave me this proxy wants it."),
        error_messages={"required": _("Tick this first: with this paper you use somebody else's vote.")},
    )
