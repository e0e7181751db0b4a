"""Serials of paper slips: nobody guesses one, and it tells nothing of when it was printed."""

import secrets

_DIGITS = 10


def draw() -> str:
    return _spaced(f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}")


def found(typed: str) -> str:
    """The serial in what was typed, or in the address that a scanner read from the QR; empty when there is none."""
    digits = "".join(character for character in typed.rpartition("slip=")[2] if character in "0123456789")
    return _spaced(digits) if len(digits) == _DIGITS else ""


def _spaced(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
