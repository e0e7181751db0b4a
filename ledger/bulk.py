"""Whole histories written at once, with true hashes and without deliveries: for generated and imported cases."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from . import canonical
from .models import Chain, Event, Text, Visibility


@dataclass
class Draft:
    """One event to be, in the terms of `recording.record`; subject is (label, key)."""

    kind: str
    subject: tuple[str, str]
    actor: str
    at: dt.datetime
    payload: dict[str, Any]
    visibility: Visibility = Visibility.PUBLIC
    texts: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def write(histories: Mapping[str, Sequence[Draft]]) -> int:
    """New chains only, each with its events in order. Returns how many. IntegrityError when a chain exists."""
    events, texts, heads = [], [], []
    for chain, drafts in histories.items():
        prev, made = canonical.GENESIS, []
        for number, draft in enumerate(drafts, 1):
            salts = {name: canonical.new_salt() for name in draft.texts}
            event = _event(chain, number, draft, salts, prev)
            prev = event.hash
            made.append(event)
            texts += [Text(event=event, field=n, salt=salts[n], text=text) for n, text in draft.texts.items()]
        events += made
        heads.append(Chain(id=chain, number=len(made), hash=prev))
    Chain.objects.bulk_create(heads, batch_size=500)
    Event.objects.bulk_create(events, batch_size=500)
    Text.objects.bulk_create(texts, batch_size=500)
    return len(events)


def _event(chain: str, number: int, draft: Draft, salts: dict[str, str], prev: str) -> Event:
    event = Event(
        chain_id=chain,
        number=number,
        kind=draft.kind,
        subject_type=draft.subject[0],
        subject_id=draft.subject[1],
        actor=draft.actor,
        visibility=draft.visibility,
        at=draft.at,
        payload=draft.payload,
        commitments={name: canonical.commitment(salts[name], text) for name, text in draft.texts.items()},
        prev=prev,
    )
    event.hash = event.fingerprint()
    return event
