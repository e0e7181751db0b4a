"""What allauth must know of us: phones that several people share, codes by SMS, secrets kept encrypted."""

import datetime as dt
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from adapters import clock, sms

from . import phones
from .models import User
from .privacy import decrypted, encrypted


class AccountAdapter(DefaultAccountAdapter):
    """Log-in by code has a page of its own (people.entry); from allauth come password, session and second factor."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail and password do not go together. Check both and try again."),
        "phone_password_mismatch": _("This phone and password do not go together. Check both and try again."),
        "too_many_login_attempts": _("That was too often. Please wait 15 minutes and try again."),
        "incorrect_code": _("This code is not right. Take the one that your authenticator shows now."),
    }

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has a second factor shows it again before changing it; whoever has none has nothing to show."""
        return bool(is_mfa_enabled(self.request.user, [Authenticator.Type.TOTP]))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            return []
        return [{"id": "mfa_reauthenticate", "description": "", "url": reverse("mfa_reauthenticate")}]

    def phone_form_field(self, **kwargs: Any) -> phones.PhoneField:
        return phones.PhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        return phones.plain(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """The one who came last, where several share the phone."""
        latest: User | None = User.objects.on_phone(phone).order_by(F("last_login").desc(nulls_last=True), "pk").first()
        return latest

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        sms.send(phone, str(_("Your code for Yuanyi: {code}")).format(code=code))


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    def get_totp_label(self, user: User) -> str:
        return user.email or user.name

    def encrypt(self, text: str) -> str:
        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypted(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Never while an office is held."""
        return not _holds_office(authenticator.user, clock.now())


def _holds_office(user: User, at: dt.datetime) -> bool:
    return user.appointments.current(at).exists()
