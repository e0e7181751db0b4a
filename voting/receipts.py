"""Receipt codes: easy to read aloud and to copy by hand, and unconnected with the paper."""

import secrets

from .models import Ballot, Receipt

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _LENGTH = 2, 4


def issue(ballot: Ballot) -> str:
    """A new code of this ballot, for the eyes of one voter. One in 32^8: a code drawn twice undoes the whole cast."""
    return Receipt.objects.create(ballot=ballot, code=_draw()).code


def _draw() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)) for _ in range(_GROUPS))
