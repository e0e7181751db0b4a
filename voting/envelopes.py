"""A choice in its envelope: nobody who holds only the database can read it, change it or put in another.

AES-256-GCM under a key that is not in the database, bound to the ballot, to the paper's own number and, on a named
ballot, to the voting right and to what else stands on the paper. While a ballot is open the envelope is the only form
of the choice; after the close it stays beside it as proof.
"""

import base64
import json
import os
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger import canonical
from people.privacy import derived

_NONCE = 12
_WORD, _FORM = 16, 512


def seal(ballot: int, paper: UUID, content: Any, right: int | None = None, beside: str = "") -> str:
    """Every choice that a ballot offers gives an envelope of the same length, and never the same envelope twice.

    content: a JSON value, a word where the method has words, else a form. beside: what the paper says in the open, and
    must go on saying. ValueError for a content that fits into no envelope.
    """
    text = canonical.encode(content)
    length = _WORD if isinstance(content, str) else _FORM
    if len(text) > length:
        raise ValueError("This paper says more than an envelope holds.")
    nonce = os.urandom(_NONCE)
    sealed = _key().encrypt(nonce, text.ljust(length), _bound(ballot, paper, right, beside))
    return base64.b64encode(nonce + sealed).decode()


def unseal(ballot: int, paper: UUID, envelope: str, right: int | None = None, beside: str = "") -> Any:
    """The content, or None when this envelope was not sealed here for this ballot, this paper and this right."""
    try:
        raw = base64.b64decode(envelope, validate=True)
        text = _key().decrypt(raw[:_NONCE], raw[_NONCE:], _bound(ballot, paper, right, beside)).decode().rstrip()
    except (InvalidTag, ValueError):
        return None
    return text if text.isalpha() else json.loads(text)  # version 0.2 and before sealed the bare word


def _key() -> AESGCM:
    return AESGCM(derived("ballot-paper"))


def _bound(ballot: int, paper: UUID, right: int | None, beside: str) -> bytes:
    return b"%d:" % ballot + paper.bytes + (b"" if right is None else b":%d" % right) + beside.encode()
