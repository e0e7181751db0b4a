"""The daily seal: one hash over the heads of all chains that moved since the last seal."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from . import canonical
from .models import Chain, Seal, SealedHead

Head = tuple[str, int, str]


def seal(at: dt.datetime) -> Seal | None:
    """Seal what moved; None when nothing did, or when somebody else sealed at the same moment.

    Publish the root elsewhere: then nobody can rewrite what is under it. No chain is locked meanwhile.
    """
    moved = unsealed_heads()
    if not moved:
        return None
    try:
        return _seal(at, moved)
    except IntegrityError:
        return None


def unsealed_heads() -> list[Head]:
    """(chain, number, hash) of every chain whose last event no seal names."""
    sealed = SealedHead.objects.filter(chain_id=OuterRef("pk"), number=OuterRef("number"))
    chains = Chain.objects.filter(~Exists(sealed), number__gt=0).order_by("pk")
    return list(chains.values_list("pk", "number", "hash"))


def root_of(at: dt.datetime, prev: str, heads: Iterable[Sequence[str | int]]) -> str:
    """The hash of a seal; the heads go in by the code points of their chains' ids, however the database sorts."""
    ordered = sorted([*head] for head in heads)
    return canonical.digest({"v": canonical.VERSION, "at": canonical.instant(at), "prev": prev, "heads": ordered})


@transaction.atomic
def _seal(at: dt.datetime, heads: list[Head]) -> Seal:
    last = Seal.objects.order_by("-pk").first()
    prev = last.root if last else canonical.GENESIS
    made = Seal.objects.create(at=at, prev=prev, root=root_of(at, prev, heads))
    rows = (SealedHead(seal=made, chain_id=chain, number=number, hash=digest) for chain, number, digest in heads)
    SealedHead.objects.bulk_create(rows, batch_size=500)
    return made
