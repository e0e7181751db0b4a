"""What a reader gives to check a paper: its code, and the file itself or its fingerprint."""

import hashlib
import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

LARGEST = 50 * 1024 * 1024


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Verification code"),
        help_text=_("Beside the QR code on the last page (on the cover of a complete file), in groups of four."),
        max_length=19,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class CompareForm(forms.Form):
    """`digest` is the SHA-256 of what was given. A file is read once and not kept."""

    file = forms.FileField(
        label=_("The PDF file you have"),
        help_text=_("It is compared and then forgotten."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )
    sha256 = forms.CharField(
        label=_("Or its SHA-256"),
        help_text=_("64 letters and digits, if you have computed it yourself."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    digest = ""

    def clean_file(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is larger than 50 MB; no paper from here is that large."))
        return file

    def clean_sha256(self) -> str:
        written = re.sub(r"\s+", "", self.cleaned_data["sha256"]).lower()
        if written and not re.fullmatch("[0-9a-f]{64}", written):
            raise forms.ValidationError(_("A SHA-256 has 64 characters, the digits 0–9 and the letters a–f."))
        return written

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("file") and not given.get("sha256"):
            raise forms.ValidationError(_("Choose the file, or write its SHA-256."))
        self.digest = _digest(given["file"]) if given.get("file") else given.get("sha256", "")
        return given


def _digest(file: "UploadedFile[bytes]") -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()
