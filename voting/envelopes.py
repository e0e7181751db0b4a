"""A choice in its envelope: nobody who holds only the database can read it, change it or put in another.

AES-256-GCM under a key that is not in the database, bound to the ballot and to the paper's own number. While a ballot
is open the envelope is the only form of the choice; after the close it stays beside it as proof.
"""

import base64
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from people.privacy import derived

from .states import Choice

_NONCE = 12
_SAME_LENGTH = 8


def seal(ballot: int, paper: UUID, choice: Choice) -> str:
    """Every choice gives an envelope of the same length, and the same choice never the same envelope."""
    nonce = os.urandom(_NONCE)
    content = choice.value.encode().ljust(_SAME_LENGTH)
    return base64.b64encode(nonce + _key().encrypt(nonce, content, _bound(ballot, paper))).decode()


def unseal(ballot: int, paper: UUID, envelope: str) -> Choice | None:
    """The choice, or None when this envelope was not sealed here for this ballot and this paper."""
    try:
        raw = base64.b64decode(envelope, validate=True)
        return Choice(_key().decrypt(raw[:_NONCE], raw[_NONCE:], _bound(ballot, paper)).decode().rstrip())
    except (InvalidTag, ValueError):
        return None


def _key() -> AESGCM:
    return AESGCM(derived("ballot-paper"))


def _bound(ballot: int, paper: UUID) -> bytes:
    return b"%d:" % ballot + paper.bytes
