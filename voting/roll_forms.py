"""What people write about rolls: a register's file, a claim, a ruling, a correction."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import register, rolls
from .models import Ballot, RollEntry, Unit
from .register_changes import metres
from .states import ChangeKind, RollKind

_CENT = Decimal("0.01")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Register as CSV or XLSX"),
        help_text=_("At most 5 MB and 20,000 rows. Nothing is changed before you have seen what would change."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class ClaimForm(forms.Form):
    home = forms.CharField(
        label=_("Which home or unit"),
        help_text=_("Building, entrance and door, for example 3-2-501. Only those who keep the roll see it."),
        max_length=100,
    )
    text = forms.CharField(
        label=_("What they should know"),
        help_text=_("For example since when it is yours, and which paper shows it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why a claim is refused."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person reads this sentence."),
        min_length=6,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class UnitForm(forms.Form):
    """A unit as somebody writes it; `unit` is the one on the register."""

    home = forms.CharField(
        label=_("Unit on the register"),
        help_text=_("Building, entrance and door, for example 3-2-501."),
        max_length=100,
    )

    def __init__(self, ballot: Ballot, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot = ballot

    def clean_home(self) -> Unit:
        if found := register.find(self.ballot.area, self.cleaned_data["home"]):
            return found
        raise forms.ValidationError(_("There is not exactly one such unit on the register. Please look it up there."))


class _Correction(forms.Form):
    reason = forms.CharField(
        label=_("Why the roll must be corrected"),
        help_text=_("Everybody can read this. Please name no person."),
        min_length=6,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AddForm(UnitForm, _Correction):
    """A unit that was left out, as the register has it now."""

    field_order = ["home", "reason"]

    def asked(self) -> dict[str, Any]:
        unit: Unit = self.cleaned_data["home"]
        facts = {"unit": [rolls.masked_door(unit), unit.floor_area], "owner": unit.voter}
        return {"kind": ChangeKind.ADD, "reason": self.cleaned_data["reason"]} | facts


class CorrectionForm(UnitForm, _Correction):
    """What is wrong with one right on the roll."""

    kind = forms.ChoiceField(label=_("What is to be corrected"), widget=forms.RadioSelect)
    unit = forms.ChoiceField(label=_("Which unit"))
    area = forms.DecimalField(
        label=_("Right floor area in m²"), required=False, min_value=_CENT, max_digits=9, decimal_places=2
    )

    field_order = ["kind", "unit", "area", "home", "reason"]

    def __init__(self, ballot: Ballot, entry: RollEntry, *args: Any, **kwargs: Any) -> None:
        super().__init__(ballot, *args, **kwargs)
        self.entry = entry
        owners = ballot.roll_kind == RollKind.OWNERS
        kinds = [ChangeKind.SALE, ChangeKind.AREA, ChangeKind.STRIKE] if owners else [ChangeKind.STRIKE]
        units = [(str(n), _described(*unit)) for n, unit in enumerate(entry.units)]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["home"].required = False
        self.fields["home"].label = _("For another owner: this unit on the register, which names the buyer already")
        if not owners:
            del self.fields["area"], self.fields["home"]

    def clean_home(self) -> Any:
        return super().clean_home() if self.cleaned_data["home"] else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == ChangeKind.AREA and not data.get("area") and "area" not in self.errors:
            self.add_error("area", _("Please write the right floor area."))
        if data.get("kind") == ChangeKind.SALE and not data.get("home") and "home" not in self.errors:
            self.add_error("home", _("Please name the unit. Import the register with its new owner first."))
        if self._is_other_unit(data):
            self.add_error("home", _("This is not the unit chosen above."))
        return data

    def asked(self) -> dict[str, Any]:
        data = self.cleaned_data
        facts: dict[str, Any] = {"kind": ChangeKind(data["kind"]), "entry": self.entry, "reason": data["reason"]}
        facts["unit"] = self.entry.units[int(data["unit"])]
        if data["kind"] == ChangeKind.AREA:
            facts["area"] = int(data["area"] * 100)
        if data["kind"] == ChangeKind.SALE:
            facts["owner"] = data["home"].voter
        return facts

    def _is_other_unit(self, data: dict[str, Any]) -> bool:
        if data.get("kind") != ChangeKind.SALE or not data.get("home") or "unit" not in data:
            return False
        return bool(rolls.masked_door(data["home"]) != self.entry.units[int(data["unit"])][0])


def _described(label: str, floor_area: int) -> str:
    return f"{label} · {metres(floor_area)} ㎡" if floor_area else label
