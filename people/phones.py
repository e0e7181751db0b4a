"""Phone numbers: one written form, and how much of it others may see."""

import re
import unicodedata

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_RESERVED = re.compile(r"000[0-9]{8}")


def plain(text: str) -> str:
    """Digits only, without the country's prefix. ValidationError when it is no mobile number."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)86(?=1)", "", digits)
    if _MOBILE.fullmatch(digits) or (not settings.PRODUCTION and _RESERVED.fullmatch(digits)):
        return digits
    raise ValidationError(_("A mobile number has 11 digits and begins with 1."), code="phone")


def masked(phone: str) -> str:
    """138＊＊＊＊0163: enough for its owner to know it again."""
    return f"{phone[:3]} **** {phone[-4:]}" if len(phone) == 11 else phone


class PhoneField(forms.CharField):
    """What a person types as their phone, in any spacing."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"label": _("Mobile number"), "max_length": 19} | kwargs)  # type: ignore[arg-type]

    def clean(self, value: object) -> str:
        typed = super().clean(value)
        return plain(typed) if typed else ""
