"""What people type at the door, about themselves and at the desk."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from areas import calendar
from areas.models import Area, Level

from . import deputies, homes
from .models import Appointment, Residence, User
from .phones import PhoneField
from .verdict import Refused


class PhoneForm(forms.Form):
    phone = PhoneField()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the SMS"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise ValidationError(_("The code is 6 digits; this has %(n)s characters."), params={"n": len(code)})
        return code


class PersonForm(forms.Form):
    """One of those who share a phone."""

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(people)


class PasswordForm(forms.Form):
    """E-mail and password. Too many wrong ones are answered like any error, with a sentence; `too_often` tells."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    @property
    def too_often(self) -> bool:
        return self.has_error("__all__", "too_many_login_attempts")

    def clean(self) -> None:
        if self.errors:
            return
        adapter = get_adapter(self.request)
        credentials = {"email": self.cleaned_data["email"].lower(), "password": self.cleaned_data["password"]}
        self.user = adapter.authenticate(self.request, **credentials)
        if self.user is None:
            raise adapter.validation_error("email_password_mismatch")


class ForgotForm(ResetPasswordForm):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("password1", _("New password")), ("password2", _("The same once more"))):
            self.fields[name] = forms.CharField(
                label=label, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
            )
        self.fields["password1"].help_text = _("At least 8 characters, not only digits, not a common word.")

    def clean_password1(self) -> str:
        return str(get_adapter().clean_password(self.cleaned_data["password1"], user=self.user))


def _shown_by_authenticator() -> forms.CharField:
    return forms.CharField(
        label=_("Code from your authenticator"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class SecondFactorForm(AuthenticateForm):
    code = _shown_by_authenticator()


class SecondFactorAgainForm(ReauthenticateForm):
    code = _shown_by_authenticator()


class SetUpForm(ActivateTOTPForm):
    code = _shown_by_authenticator()


class NameForm(forms.ModelForm[User]):
    """How neighbours see this person."""

    adult = forms.BooleanField(required=False, label=_("I am 18 or older (needed to endorse and to vote)"))

    class Meta:
        model = User
        fields = ["name"]
        labels = {"name": _("Name that neighbours see")}
        help_texts = {"name": _("A nickname is fine. Neighbours never see your phone or your door.")}

    field_order = ["name", "adult"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if len(name) < 2:
            raise ValidationError(_("Please write at least 2 characters."))
        return name


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class HomeForm(forms.ModelForm[Residence]):
    """Building and door; the courtyard was chosen before."""

    class Meta:
        model = Residence
        fields = ["building", "door"]
        labels = {"building": _("Building"), "door": _("Entrance and door number")}
        help_texts = {
            "building": _("For example 3"),
            "door": _("For example 2-501. Kept encrypted; only the grid worker sees it for the check."),
        }
        widgets = {name: forms.TextInput(attrs={"maxlength": 19}) for name in ("building", "door")}

    def clean_building(self) -> str:
        return _bare(self.cleaned_data["building"], _("Please write the number or name of the building."))

    def clean_door(self) -> str:
        return _bare(self.cleaned_data["door"], _("Please write the number on the door."))


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it cannot be confirmed"),
        help_text=_("The person reads this sentence."),
        min_length=6,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RegisterForm(HomeForm):
    """A person who stands at the desk."""

    name = forms.CharField(label=_("Name that neighbours see"), min_length=2, max_length=30)
    phone = PhoneField(
        required=False, help_text=_("Leave empty when there is none: then this person comes to the desk.")
    )
    courtyard = forms.ModelChoiceField(Area.objects.none(), label=_("Courtyard"), empty_label=_("Please choose"))
    adult = forms.BooleanField(label=_("I have seen that this person is 18 or older and lives there"))

    field_order = ["name", "phone", "courtyard", "building", "door", "adult"]

    def __init__(self, areas: list[Area], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courtyard"].queryset = courtyards_within(areas)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        phone, name = cleaned.get("phone"), cleaned.get("name")
        if phone and User.objects.on_phone(phone).filter(name=name).exists():
            self.add_error("name", _("Somebody with this name is registered on this phone already."))
        return cleaned


class DeputyForm(forms.Form):
    """Who acts for whom: one of these offices, one of these colleagues, and the days."""

    office = forms.ChoiceField(label=_("Office"))
    deputy = forms.ChoiceField(label=_("Who acts meanwhile"))
    since = forms.DateField(label=_("First day"), help_text=_("Today means: from now on."), widget=forms.DateInput)
    until = forms.DateField(
        label=_("Last day"), help_text=_("Until midnight of this day; at most 90 days."), widget=forms.DateInput
    )

    def __init__(
        self,
        offices: Collection[Appointment],
        colleagues: Collection[Appointment],
        *args: Any,
        at: dt.datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {str(office.pk): office for office in offices}
        self.colleagues = {str(office.user_id): office.user for office in colleagues}
        self.today = calendar.local_date(at)
        self.fields["office"].choices = [(key, _called(office)) for key, office in self.offices.items()]  # type: ignore[attr-defined]
        self.fields["deputy"].choices = [("", _("Please choose")), *_served(colleagues).items()]  # type: ignore[attr-defined]
        for name in ("since", "until"):
            self.fields[name].widget.attrs["min"] = self.today.isoformat()

    def clean_office(self) -> Appointment:
        return self.offices[self.cleaned_data["office"]]

    def clean_deputy(self) -> User:
        return self.colleagues[self.cleaned_data["deputy"]]

    def clean_since(self) -> dt.date:
        return self._near(self.cleaned_data["since"])

    def clean_until(self) -> dt.date:
        return self._near(self.cleaned_data["until"])

    def depute(self, *, by: User, at: dt.datetime) -> Appointment | None:
        """None when something is wrong, which the form's errors then tell."""
        if not self.is_valid():
            return None
        who, first, last = (self.cleaned_data[name] for name in ("deputy", "since", "until"))
        since = at if first == self.today else calendar.end_of(first - calendar.DAY)
        try:
            office, until = self.cleaned_data["office"], calendar.end_of(last)
            return deputies.depute(office, deputy=who, since=since, until=until, by=by, at=at)
        except Refused as refused:
            self.add_error(None, str(refused.verdict.reason))
            return None

    def _near(self, day: dt.date) -> dt.date:
        if day < self.today:
            raise ValidationError(_("This day is over. Please choose today or a later day."))
        if day > self.today + 366 * calendar.DAY:
            raise ValidationError(_("Please choose a day within the next 12 months."))
        return day


def courtyards_within(areas: list[Area]) -> Any:
    inside = Area.objects.none()
    for area in areas:
        inside |= Area.objects.within(area)
    return inside.filter(level=Level.COURTYARD).order_by("path")


def _called(office: Appointment) -> str:
    return f"{office.title or office.get_role_display()} · {office.body.name} · {office.user.name}"


def _served(offices: Collection[Appointment]) -> dict[str, str]:
    """Each person once, with all the bodies in which they serve."""
    bodies: dict[str, list[str]] = {}
    for office in offices:
        bodies.setdefault(str(office.user_id), [office.user.name]).append(office.body.name)
    return {key: f"{name} · {gettext(', ').join(dict.fromkeys(names))}" for key, (name, *names) in bodies.items()}


def _bare(text: str, complaint: Any) -> str:
    if not homes.plain(text):
        raise ValidationError(complaint)
    return homes.plain(text)
