"""Writing events: the only writer of the ledger's tables."""

import datetime as dt
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
    head = _locked(chain)
    salts = {field: canonical.new_salt() for field in texts or {}}
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
        commitments={field: canonical.commitment(salts[field], text) for field, text in (texts or {}).items()},
        prev=head.hash,
    )
    event.hash = event.fingerprint()
    event.save(force_insert=True)
    Text.objects.bulk_create(
        Text(event=event, field=field, salt=salts[field], text=text) for field, text in (texts or {}).items()
    )
    head.number, head.hash = event.number, event.hash
    head.save(update_fields=["number", "hash"])
    Delivery.objects.bulk_create(
        Delivery(event=event, follower=name, next_at=at) for name in following.names_for(kind)
    )
    transaction.on_commit(following.wake)
    return event


@transaction.atomic
def erase(texts: models.QuerySet[Text], *, by: Actor, at: dt.datetime, reason: str) -> int:
    """Empty the words behind commitments; each chain gets one `text.erased` event that names what went.

    reason: a code, not prose. Returns the number of texts erased.
    """
    found = list(texts.filter(erased_by=None).select_related("event"))
    for chain in sorted({text.event.chain_id for text in found}):
        mine = [text for text in found if text.event.chain_id == chain]
        event = record(
            "text.erased",
            chain=chain,
            subject=mine[0].event,
            by=by,
            at=at,
            reason=reason,
            erased=sorted([text.event.number, text.field] for text in mine),
        )
        Text.objects.filter(pk__in=[text.pk for text in mine]).update(salt="", text="", erased_by=event)
    return len(found)


def _locked(chain: str) -> Chain:
    Chain.objects.bulk_create([Chain(id=chain)], ignore_conflicts=True)
    return Chain.objects.select_for_update().get(pk=chain)
