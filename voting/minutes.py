"""The minutes of a meeting as a file: a photo, kept as a JPEG without metadata, or a PDF as it is."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from . import scans

_PDF, _END, _TAIL = b"%PDF-", b"%%EOF", 1024


def decoded(upload: UploadedFile[Any]) -> ContentFile[bytes]:
    """ValueError when it is neither, or too large."""
    if (upload.size or 0) > scans.MAX_BYTES:
        raise ValueError("larger than 25 MB")
    data = upload.read()
    if not data.startswith(_PDF):
        upload.seek(0)
        return ContentFile(scans.decoded(upload), name="minutes.jpg")
    if _END not in data[-_TAIL:]:
        raise ValueError("a PDF that ends too early")
    return ContentFile(data, name="minutes.pdf")
