"""Writing events: the only writer of the ledger's tables."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from . import canonical, following
from .actors import Actor
from .models import Chain, Delivery, Event, Text, Visibility


@transaction.atomic
def record(
    kind: str,
    /,
    *,
    chain: str,
    subject: models.Model,
    by: Actor,
    at: dt.datetime,
    visibility: Visibility = Visibility.PUBLIC,
    texts: Mapping[str, str] | None = None,
    **payload: Any,
) -> Event:
    """Append one event and put it into the outbox of everyone who follows its kind.

    payload: codes, numbers and references only. Free text and whatever names a person goes into `texts`, of which
    the chain keeps a commitment that survives erasure. Raises TypeError when the payload has no exact byte form.
    """
    head, texts = _locked(chain), dict(texts or {})
    salts = {field: canonical.new_salt() for field in texts}
    event = Event(
        chain=head,
        number=head.number + 1,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        actor=by.actor_ref(chain),
        visibility=visibility,
        at=at,
        payload=payload,
        commitments={field: canonical.commitment(salts[field], text) for field, text in texts.items()},
        prev=head.hash,
    )
    event.hash = event.fingerprint()
    event.save()
    Text.objects.bulk_create(
        Text(event=event, field=field, salt=salts[field], text=text) for field, text in texts.items()
    )
    head.number, head.hash = event.number, event.hash
    head.save(update_fields=["number", "hash"])
    Delivery.objects.bulk_create(Delivery(event=event, follower=name, next_at=at) for name in following.names_for(kind))
    transaction.on_commit(following.wake)
    return event


@transaction.atomic
def erase(texts: models.QuerySet[Text], *, by: Actor, at: dt.datetime, reason: str) -> int:
    """Empty the words behind commitments; each chain gets one `text.erased` event that names what went.

    reason: a code, not prose. Returns the number of texts erased; those that were erased before do not count.
    """
    chains: dict[str, list[Text]] = defaultdict(list)
    for text in _waiting_for_erasure(texts):
        chains[text.event.chain_id].append(text)
    for chain, mine in sorted(chains.items()):
        event = record(
            "text.erased",
            chain=chain,
            subject=mine[0].event,
            by=by,
            at=at,
            reason=reason,
            erased=[[text.event.number, text.field] for text in mine],
        )
        Text.objects.filter(pk__in=[text.pk for text in mine]).update(salt="", text="", erased_by=event)
    return sum(len(mine) for mine in chains.values())


def _waiting_for_erasure(texts: models.QuerySet[Text]) -> models.QuerySet[Text]:
    """Locked, so that of two who erase at once the second finds nothing left to name."""
    rows = Text.objects.filter(pk__in=texts.values("pk"), erased_by=None)
    return rows.select_related("event").select_for_update(of=("self",)).order_by("event__number", "field")


def _locked(chain: str) -> Chain:
    """The chain's head, made when it is new. Who appends to several chains takes them in the order of their ids."""
    heads = Chain.objects.select_for_update()
    if head := heads.filter(pk=chain).first():
        return head
    Chain.objects.bulk_create([Chain(id=chain)], ignore_conflicts=True)
    return heads.get(pk=chain)
