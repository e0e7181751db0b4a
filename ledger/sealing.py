"""The daily seal: one hash over the heads of all chains that moved since the last seal."""

import datetime as dt

from django.db import transaction

from . import canonical
from .models import Chain, Seal, SealedHead


@transaction.atomic
def seal(at: dt.datetime) -> Seal | None:
    """Seal what moved; None when nothing did. Publish the root elsewhere: then nobody can rewrite what is under it."""
    last = Seal.objects.select_for_update().order_by("-pk").first()
    known = {
        head["chain_id"]: head["number"]
        for head in SealedHead.objects.order_by("seal_id").values("chain_id", "number")
    }
    moved = [c for c in Chain.objects.select_for_update().order_by("pk") if c.number > known.get(c.pk, 0)]
    if not moved:
        return None
    heads = [[chain.pk, chain.number, chain.hash] for chain in moved]
    prev = last.root if last else canonical.GENESIS
    made = Seal.objects.create(at=at, prev=prev, root=root_of(at, prev, heads))
    SealedHead.objects.bulk_create(
        [SealedHead(seal=made, chain_id=c.pk, number=c.number, hash=c.hash) for c in moved], batch_size=500
    )
    return made


def root_of(at: dt.datetime, prev: str, heads: list[list[str | int]]) -> str:
    return canonical.digest({"v": canonical.VERSION, "at": canonical.instant(at), "prev": prev, "heads": heads})
