"""What people type at the door, about themselves and at the desk."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from areas.models import Area, Level

from . import homes
from .models import Residence, User
from .phones import PhoneField


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


def courtyards_within(areas: list[Area]) -> Any:
    inside = Area.objects.none()
    for area in areas:
        inside |= Area.objects.within(area)
    return inside.filter(level=Level.COURTYARD).order_by("path")


def _bare(text: str, complaint: Any) -> str:
    if not homes.plain(text):
        raise ValidationError(complaint)
    return homes.plain(text)
