"""Photos: what a phone sends is decoded, shrunk and written anew; no metadata and no other file survives."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
from typing import Any

import pillow_heif
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .models import Photo, Proposal

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 50_000_000
SIDE, THUMBNAIL_SIDE = 2048, 480


def add(proposal: Proposal, upload: UploadedFile[Any], *, at: dt.datetime) -> Photo:
    """Store one upload with its draft. Raises ValidationError with a sentence when it is no usable picture."""
    image = decode(upload)
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    full = _encoded(image)
    photo = Photo(
        proposal=proposal, width=image.width, height=image.height, sha256=hashlib.sha256(full).hexdigest(), at=at
    )
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    photo.image.save(f"{photo.key}.jpg", ContentFile(full), save=False)
    photo.thumbnail.save(f"{photo.key}-s.jpg", ContentFile(_encoded(image)), save=False)
    photo.save()
    return photo


def remove(photo: Photo) -> None:
    """The row, and its files once that is certain."""
    names = [file.name for file in (photo.image, photo.thumbnail) if file.name]
    storage = photo.image.storage
    photo.delete()
    for name in names:
        transaction.on_commit(functools.partial(storage.delete, name))


def decode(upload: UploadedFile[Any]) -> Image.Image:
    """The picture itself, upright and in RGB."""
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("“%(name)s” is larger than 25 MB. Please send a smaller picture.") % _named(upload))
    try:
        image = Image.open(upload, formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise ValidationError(
                _("“%(name)s” has more than 50 million pixels. Please send a smaller picture.") % _named(upload)
            )
        return ImageOps.exif_transpose(image).convert("RGB")
    except ValidationError:
        raise
    except Exception as error:  # decoders raise many kinds; each means the same to the sender
        raise ValidationError(
            _("“%(name)s” cannot be read as a picture. Please send a JPEG, PNG, WebP or HEIC photo.") % _named(upload)
        ) from error


def _named(upload: UploadedFile[Any]) -> dict[str, str]:
    return {"name": upload.name or "?"}


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
