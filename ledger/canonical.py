"""The one byte form of an event: the same on every machine and for every reader (docs/ledger.md)."""

import datetime as dt
import hashlib
import json
import secrets
from typing import Any

VERSION = 1
GENESIS = "0" * 64
LARGEST = 2**53 - 1


def encode(value: Any) -> bytes:
    """Canonical JSON: keys sorted by code point, no spaces, UTF-8 unescaped.

    TypeError for floats, dates and other types; ValueError for what not every reader could give back exactly:
    whole numbers beyond 2**53 - 1, U+0000, halves of surrogate pairs.
    """
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
            _refuse_inexact_leaf(key)
            _refuse_inexact(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_inexact(item)
    else:
        _refuse_inexact_leaf(value)


def _refuse_inexact_leaf(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("An event's payload cannot hold U+0000.")
    elif isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{value} is too large for an event's payload: write it as a text.")
    elif value is not None:
        raise TypeError(f"An event's payload holds texts, whole numbers, true, false and null only, not {value!r}.")
