"""The examination before the deliberation: four fields, and who gains and who bears; each saving is on the record."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from ledger.recording import record
from people.models import User
from people.verdict import Refused

from . import policies
from .models import Proposal, Screening, Stakeholder

FIELDS = ("cause", "affected", "obstacles", "units")


@dataclass(frozen=True)
class Party:
    """One line of the map. side: gains or bears."""

    name: str
    side: str
    how: str


@transaction.atomic
def write(proposal: Proposal, *, by: User, at: dt.datetime, parties: Iterable[Party], **fields: str) -> Screening:
    """Keep the examination as far as it goes; complete it must be only when the deliberation opens."""
    verdict = policies.may_screen(by, proposal, at)
    if not verdict:
        raise Refused(verdict)
    values = {name: fields.get(name, "") for name in FIELDS} | {"by": by, "at": at}
    screening, _new = Screening.objects.update_or_create(proposal=proposal, defaults=values)
    named = [party for party in parties if party.name.strip()]
    screening.stakeholders.all().delete()
    Stakeholder.objects.bulk_create(Stakeholder(screening=screening, **vars(party)) for party in named)
    texts = {name: fields[name] for name in FIELDS if fields.get(name)}
    texts |= {f"party.{n}": f"{party.side}: {party.name}: {party.how}" for n, party in enumerate(named, 1)}
    record("case.screened", chain=proposal.chain, subject=screening, by=by, at=at, texts=texts, parties=len(named))
    return screening
