"""The one byte form of an event: the same on every machine and for every reader (docs/ledger.md)."""

import datetime as dt
import hashlib
import json
import secrets
from typing import Any

VERSION = 1
GENESIS = "0" * 64


def encode(value: Any) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8 unescaped. TypeError for floats, dates and other types."""
    _refuse_inexact(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def instant(at: dt.datetime) -> str:
    """RFC 3339 in UTC, always with six digits of a second."""
    if at.tzinfo is None:
        raise ValueError("An event needs an aware time.")
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(value: Any) -> str:
    return hashlib.sha256(encode(value)).hexdigest()


def new_salt() -> str:
    return secrets.token_hex(16)


def commitment(salt: str, text: str) -> str:
    """SHA-256 of the salt's 16 bytes followed by the text in UTF-8, in hex."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def _refuse_inexact(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"A key of an event's payload must be a text, not {key!r}.")
            _refuse_inexact(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_inexact(item)
    elif value is not None and not isinstance(value, (str, int, bool)):
        raise TypeError(f"An event's payload holds texts, whole numbers, true, false and null only, not {value!r}.")
