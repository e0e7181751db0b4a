"""Keys that stay outside the database: field encryption and the keyed hash that counts households."""

import base64
import functools
import hashlib
import hmac
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


@functools.cache
def derived(purpose: str) -> bytes:
    """32 bytes for one purpose, from DATA_KEY by HKDF-SHA256."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose.encode()).derive(settings.DATA_KEY.encode())


def keyed_hash(purpose: str, *parts: str) -> str:
    """HMAC-SHA256 over the parts, in hex. The same parts under another purpose give another hash."""
    return hmac.new(derived(purpose), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def encrypted(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def decrypted(text: str) -> str:
    return _cipher().decrypt(text.encode()).decode()


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived("field")))


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that the database holds only encrypted (Fernet). It cannot be searched: keep a keyed hash beside it."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypted(str(value)) if value else value

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        return decrypted(value) if value else value
