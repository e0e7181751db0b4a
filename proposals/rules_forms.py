"""What is typed to change a rule: the value in the way of its kind, and why."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from areas import policy
from areas.policy import FLAGS, UNIT_WORDS, Key, Kind

from .rulebook import Line

UNITS = ("workday", "day", "hour")


class RuleForm(forms.Form):
    """Two buttons: `take_away` needs the reason only. `new`: what was read, None for an override taken away."""

    value = forms.CharField(label=_("New value"), max_length=20)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Everybody reads this beside the change."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, line: Line) -> None:
        super().__init__(data, initial=_typed(line))
        self.line = line
        self.takes_away = bool(data and data.get("take_away"))
        self.fields["value"] = _value_field(line.key)
        self.fields["value"].required = not self.takes_away
        if line.key.kind == Kind.PERIOD:
            self.fields["unit"] = forms.ChoiceField(label=_("Unit"), choices=_units(line))
            self.fields["unit"].required = not self.takes_away
        self.order_fields(["value", "unit", "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.takes_away and not self.line.is_own:
            place = {"area": self.line.area.name}
            raise ValidationError(gettext("%(area)s has no value of its own here that could be taken away.") % place)
        typed = {"value", "unit"} & self.fields.keys()
        return data | {"new": self._read(data) if typed <= data.keys() and not self.takes_away else None}

    def _read(self, data: dict[str, Any]) -> Any:
        text = f"{data['value']} {data['unit']}" if "unit" in data else data["value"]
        try:
            new = policy.parse(self.line.key, text)
        except ValueError as fault:
            self.add_error("value", str(fault))
            return None
        if self.line.is_own and new == self.line.effective.value:
            self.add_error("value", gettext("This is the value already. Please write another one."))
        return new


def _value_field(key: Key) -> forms.Field:
    name = _("New value")
    match key.kind:
        case Kind.FLAG:
            choices = [("yes", _("yes")), ("no", _("no"))]
            return forms.ChoiceField(label=name, choices=choices, widget=forms.RadioSelect)
        case Kind.SHARE:
            hint = _("A share such as 2/3, or >1/2 for more than a half.")
            return forms.CharField(label=name, max_length=20, help_text=hint)
    numeric = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.CharField(label=_with_unit(key), max_length=10, help_text=_range(key), widget=numeric)


def _with_unit(key: Key) -> str:
    if not key.unit:
        return gettext("New value")
    return gettext("New value (%(unit)s)") % {"unit": key.unit}


def _range(key: Key) -> str:
    return gettext("A whole number from %(least)d to %(most)d.") % {"least": key.least, "most": key.most}


def _units(line: Line) -> list[tuple[str, Any]]:
    """Minutes are for trying things out: kept where they are, not offered elsewhere."""
    return [(unit, word) for unit, word in UNIT_WORDS.items() if unit in (*UNITS, line.effective.value["unit"])]


def _typed(line: Line) -> dict[str, Any]:
    """The value in force, as somebody would type it."""
    value = line.effective.value
    match line.key.kind:
        case Kind.FLAG:
            return {"value": next(word for word, flag in FLAGS.items() if flag == value)}
        case Kind.SHARE:
            return {"value": f"{'>' if value[2] else ''}{value[0]}/{value[1]}"}
        case Kind.PERIOD:
            return {"value": value["n"], "unit": value["unit"]}
    return {"value": value}
