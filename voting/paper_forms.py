"""What a clerk types at the paper desk: how many slips, which slip came back, and in one line what a paper says."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people.models import User

from . import keying, paper, scans, serials
from .keying import Said
from .methods import METHODS
from .models import Ballot, Slip
from .states import Choice

MOST_AT_ONCE = 500
_BLANK = "0"
_BETWEEN = re.compile(r"[\s,.，。、]+")


class BlankForm(forms.Form):
    count = forms.IntegerField(label=_("How many slips"), min_value=1, max_value=MOST_AT_ONCE)


class HandInForm(forms.Form):
    """slip: the serial, or the address that a scanner reads from the QR."""

    slip = forms.CharField(
        label=_("Number on the slip"),
        help_text=_("Type the ten digits, or scan the square code."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    first = forms.ModelChoiceField(User.objects.none(), label=_("Home visit by"), required=False)
    second = forms.ModelChoiceField(User.objects.none(), label=_("and by"), required=False)
    scan = forms.FileField(label=_("Scan or photo"), help_text=_("Not needed. It is kept sealed."), required=False)

    def __init__(self, *args: Any, ballot: Ballot, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot = ballot
        for name in ("first", "second"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.empty_label = paper.officers(ballot, at), gettext("No home visit")

    def clean_slip(self) -> Slip:
        serial = serials.found(self.cleaned_data["slip"])
        if not serial:
            raise ValidationError(gettext("A slip's number has ten digits, like 204-817-3365."))
        if found := self.ballot.slips.filter(serial=serial).first():
            return found
        raise ValidationError(gettext("No slip of this vote has the number %(serial)s.") % {"serial": serial})

    def clean_scan(self) -> bytes | None:
        upload = self.cleaned_data["scan"]
        try:
            return scans.decoded(upload) if upload else None
        except ValueError as error:
            raise ValidationError(
                gettext("This file cannot be read as a picture. Please send a JPEG, PNG or WebP of at most 25 MB.")
            ) from error

    def visitors(self) -> list[User]:
        return [self.cleaned_data[name] for name in ("first", "second") if self.cleaned_data[name]]


class KeyForm(forms.Form):
    """One line for the number keys; Enter sends it. The page explains the numbers of this ballot."""

    typed = forms.CharField(
        label=_("What the paper says"),
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "inputmode": "text"}),
        error_messages={"required": _("Type what the paper says. A blank paper that was handed in is 0.")},
    )

    def __init__(self, *args: Any, ballot: Ballot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot = ballot

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            data["said"] = self._said(data["typed"]) if "typed" in data else None
        except ValueError as error:
            self.add_error("typed", str(error))
        return data

    def said(self) -> Said:
        """Of a valid form only."""
        found = self.cleaned_data["said"]
        assert isinstance(found, Said)
        return found

    def _said(self, typed: str) -> Said:
        if typed.startswith("-"):
            return Said(fault=_picked(keying.faults(self.ballot), typed[1:].strip()))
        rule = self.ballot.rule
        content = BLANK[rule.method](self.ballot) if typed == _BLANK else TYPED[rule.method](self.ballot, typed)
        return Said(METHODS[rule.method].parse(content, rule))


def choices(ballot: Ballot) -> list[tuple[str, str]]:
    """Which number stands for which answer."""
    return [(str(n), str(choice.label)) for n, choice in enumerate(Choice, 1)]


def options(ballot: Ballot) -> list[tuple[str, str]]:
    """Which number stands for which option: as announced, and as printed on the slip."""
    return [(str(n), ballot.options[key]) for n, key in enumerate(ballot.rule.options, 1)]


def faults(ballot: Ballot) -> list[tuple[str, str]]:
    return [(f"-{n}", str(fault.label)) for n, fault in enumerate(keying.faults(ballot), 1)]


def _picked(offered: Sequence[Any], number: str) -> Any:
    if number.isascii() and number.isdigit() and 0 < int(number) <= len(offered):
        return offered[int(number) - 1]
    raise ValueError(gettext("There is no number %(number)s here.") % {"number": number or "-"})


def _numbers(typed: str, most: int) -> list[str]:
    """1 3 2, or 132 where no number has two digits."""
    parts = [part for part in _BETWEEN.split(typed) if part]
    return list(parts[0]) if len(parts) == 1 and most < 10 else parts


def _one(ballot: Ballot, typed: str) -> Any:
    return _picked(Choice.values, typed)


def _each(ballot: Ballot, typed: str) -> Any:
    numbers = _numbers(typed, len(Choice))
    return {key: _picked(Choice.values, number) for key, number in _for_each_option(ballot, numbers)}


def _some(ballot: Ballot, typed: str) -> Any:
    """In the order in which they were typed, which is the ranking where there is one."""
    keys = ballot.rule.options
    return [_picked(keys, number) for number in _numbers(typed, len(keys))]


def _ticked(ballot: Ballot, typed: str) -> Any:
    chosen = _some(ballot, typed)
    return sorted(chosen, key=ballot.rule.options.index)


def _points(ballot: Ballot, typed: str) -> Any:
    numbers = _numbers(typed, ballot.rule.max_score)
    return {key: int(number) for key, number in _for_each_option(ballot, numbers)}


def _for_each_option(ballot: Ballot, numbers: list[str]) -> list[tuple[str, str]]:
    keys = ballot.rule.options
    if len(numbers) != len(keys) or not all(number.isascii() and number.isdigit() for number in numbers):
        raise ValueError(
            gettext("Type one number for each of the %(n)s options, in the order on the slip.") % {"n": len(keys)}
        )
    return list(zip(keys, numbers, strict=True))


TICKED = ("approval", "knapsack", "equal_shares")
TYPED: dict[str, Callable[[Ballot, str], Any]] = {
    "yes_no": _one, "options": _each, "ranked": _some, "score": _points, **dict.fromkeys(TICKED, _ticked)
}  # fmt: skip
BLANK: dict[str, Callable[[Ballot], Any]] = {
    "yes_no": lambda ballot: Choice.ABSTAIN.value,
    "options": lambda ballot: dict.fromkeys(ballot.rule.options, Choice.ABSTAIN.value),
    "score": lambda ballot: dict.fromkeys(ballot.rule.options, 0),
    **dict.fromkeys(("ranked", *TICKED), lambda ballot: []),
}
