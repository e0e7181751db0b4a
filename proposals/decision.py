"""The official answer: signed by a named officer, with reasons and legal basis, published with the move."""

import datetime as dt

from django.db import transaction

from people.models import Appointment, User
from people.roles import Right
from people.verdict import Refused

from . import lifecycle
from .models import Decision, Proposal

TEXTS = ("summary", "reasons", "basis", "actions", "contact")


@transaction.atomic
def publish(proposal: Proposal, *, by: User, at: dt.datetime, result: str, **texts: str) -> Decision:
    """Store the answer and move the case to “answered”. `texts` are the fields named in TEXTS."""
    verdict = lifecycle.may(by, proposal, "decide", at)
    if not verdict:
        raise Refused(verdict)
    assert proposal.owner is not None
    decision = Decision.objects.create(
        proposal=proposal,
        version=proposal.decisions.count() + 1,
        result=result,
        body=proposal.owner,
        signer=by,
        signed_as=signature(by, proposal, at),
        at=at,
        **texts,
    )
    lifecycle.move(
        proposal,
        "decide",
        by=by,
        at=at,
        decision=decision.pk,
        version=decision.version,
        result=result,
        texts={name: texts.get(name, "") for name in TEXTS},
    )
    return decision


def signature(by: User, proposal: Proposal, at: dt.datetime) -> str:
    """Title and name under which the officer signs."""
    office = Appointment.objects.current(at).with_right(Right.DECIDE).filter(user=by, body=proposal.owner).first()
    return " ".join(part for part in (office.title if office else "", by.name) if part)
