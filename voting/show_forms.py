"""What an officer copies from the minutes: who was present, the hands for and against, and the minutes themselves."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from . import minutes
from .models import Ballot, HandCount


class HandsForm(forms.Form):
    """Nobody counts abstentions: they are those present who raised a hand neither for nor against."""

    present = forms.IntegerField(
        label=_("How many of those on the roll were present"), help_text=_("Guests do not vote."), min_value=0
    )

    def __init__(self, data: Any = None, files: Any = None, *, ballot: Ballot, count: HandCount | None = None) -> None:
        super().__init__(data, files, initial=_as_counted(count) if count else None)
        self.ballot = ballot
        for name, option in _questions(ballot):
            self.fields[f"yes{name}"] = _hands(_("Hands for"), option)
            self.fields[f"no{name}"] = _hands(_("Hands against"), option)
        self.fields["minutes"] = forms.FileField(
            label=_("The minutes"),
            help_text=_("A photo or a PDF of at most 25 MB. Only those on the roll and its keepers can open it."),
        )

    def clean_minutes(self) -> ContentFile[bytes]:
        try:
            return minutes.decoded(self.cleaned_data["minutes"])
        except ValueError as error:
            why = _("This file cannot be read. Please send a PDF, or a JPEG, PNG or WebP photo, of at most 25 MB.")
            raise forms.ValidationError(why) from error

    def facts(self) -> dict[str, Any]:
        """As show.enter takes them. Of a valid form only."""
        options = {key: self._raised(f"_{key}") for key in self.ballot.rule.options}
        present, kept = self.cleaned_data["present"], self.cleaned_data["minutes"]
        return {"present": present, "raised": options or self._raised(""), "minutes": kept}

    def _raised(self, name: str) -> dict[str, int]:
        return {side: self.cleaned_data[f"{side}{name}"] for side in ("yes", "no")}


class ConfirmHandsForm(forms.Form):
    """seen: the seal of the count on the page."""

    seen = forms.CharField(widget=forms.HiddenInput)
    compared = forms.BooleanField(
        label=_("I have compared every number with the minutes."),
        error_messages={"required": _("Tick this first: two people answer for the count.")},
    )


def _questions(ballot: Ballot) -> list[tuple[str, str]]:
    """What hands are raised for: the question itself, or each option. The first word ends the names of its fields."""
    return [(f"_{key}", ballot.options[key]) for key in ballot.rule.options] or [("", "")]


def _hands(label: Any, option: str) -> forms.Field:
    return forms.IntegerField(label=format_lazy("{}：{}", option, label) if option else label, min_value=0)


def _as_counted(count: HandCount) -> dict[str, int]:
    """What was entered before, for whoever has to correct it."""
    keys = count.ballot.rule.options
    counts = {f"_{key}": count.counts[key] for key in keys} or {"": count.counts}
    return {"present": count.present} | {f"{one}{name}": n[one] for name, n in counts.items() for one in ("yes", "no")}
