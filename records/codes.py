"""Verification codes: what the printed QR carries, and a person can copy by hand."""

import secrets

from voting.receipts import ALPHABET

LENGTH, GROUP = 12, 4


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain(written: str) -> str:
    """The code without whatever a person put between its letters."""
    return "".join(character for character in written.upper() if character.isalnum())


def grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
