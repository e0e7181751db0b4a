"""Receipt codes: easy to read aloud and to copy by hand, and unconnected with the paper."""

import secrets

from . import asking, serials
from .models import Ballot, Receipt, RollEntry

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _LENGTH = 2, 4


def issue(ballot: Ballot, code: str) -> str:
    """For the eyes of one voter. One in 32^8: a code drawn twice undoes the whole cast."""
    return Receipt.objects.create(ballot=ballot, code=code).code


def draw() -> str:
    """A code that nobody has been told yet."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def normal(typed: str) -> str:
    """A code as it was shown, however it was typed: small letters, no dash, spaces. Or the serial of a slip."""
    if serial := serials.found(typed):
        return serial
    signs = "".join(sign for sign in typed.upper() if sign in ALPHABET)
    return f"{signs[:_LENGTH]}-{signs[_LENGTH:]}" if len(signs) == _GROUPS * _LENGTH else asking.plain(typed)[:20]


def exists(ballot: Ballot, code: str) -> bool:
    """Is the paper of this code among those that are counted?"""
    if ballot.is_named:
        return ballot.papers.effective().filter(receipt=code).exists()
    return ballot.receipts.filter(code=code).exists()


def is_of(entry: RollEntry, code: str) -> bool:
    """On a secret ballot nothing tells whose code it is, only that it is one of this ballot."""
    return code == last(entry) if entry.ballot.is_named else exists(entry.ballot, code)


def last(entry: RollEntry) -> str:
    """Of a named right that was used: the code of the paper that counts."""
    return str(entry.papers.effective().get().receipt)
