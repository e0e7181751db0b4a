"""Scans of paper ballots: a filled-in paper is a choice, so its picture lies sealed like every other choice."""

from __future__ import annotations

import io
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from people.privacy import derived

from .models import Slip

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES, MAX_PIXELS, SIDE = 25 * 1024 * 1024, 50_000_000, 2048
_NONCE = 12


def decoded(upload: UploadedFile[Any]) -> bytes:
    """The picture as a JPEG, upright and shrunk; no metadata survives. ValueError when it is no usable picture."""
    if (upload.size or 0) > MAX_BYTES:
        raise ValueError("larger than 25 MB")
    try:
        sent = Image.open(upload, formats=FORMATS)
        if sent.width * sent.height > MAX_PIXELS:
            raise ValueError("more than 50 million pixels")
        image = ImageOps.exif_transpose(sent).convert("L")
    except Exception as error:  # decoders raise many kinds; each means the same to the sender
        raise ValueError("not a picture") from error
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


def sealed(slip: Slip, picture: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _key().encrypt(nonce, picture, _bound(slip))


def opened(slip: Slip) -> bytes | None:
    """The picture, or None when this file was not sealed here for this slip."""
    with slip.scan.open("rb") as kept:
        raw = kept.read()
    try:
        return _key().decrypt(raw[:_NONCE], raw[_NONCE:], _bound(slip))
    except InvalidTag:
        return None


def _key() -> AESGCM:
    return AESGCM(derived("slip-scan"))


def _bound(slip: Slip) -> bytes:
    return f"slip:{slip.ballot_id}:{slip.serial}".encode()
