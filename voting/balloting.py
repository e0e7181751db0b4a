"""Calling a vote: question, roll and rule are fixed in one step; from then on nobody changes them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from areas import policy
from areas.models import Area
from ledger import canonical
from ledger.actors import SYSTEM, Actor
from ledger.recording import record
from people.verdict import Refused, no

from . import rolls
from .models import Ballot
from .states import State
from .tally import Rule, Share

QUORUM = "voting.quorum"


@transaction.atomic
def call(
    *,
    chain: str,
    area: Area,
    question: str,
    plan: str,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: Actor,
    at: dt.datetime,
) -> Ballot:
    """Freeze the roll and announce the ballot; the clock opens it. Refused when the roll would be empty."""
    if closes_at <= at:
        raise ValueError("A ballot ends after it was called.")
    ballot = Ballot.objects.create(
        chain=chain,
        area=area,
        question=question,
        plan=plan,
        terms=rule_of(area).data(),
        called_at=at,
        called_by=by.actor_ref(chain),
        opens_at=opens_at,
        closes_at=closes_at,
    )
    rolls.freeze(ballot, at=at)
    if not ballot.roll_size:
        raise Refused(no(_("Nobody in %(area)s can vote yet: no home has been confirmed.") % {"area": area.name}))
    texts = {"question": question, "plan": plan}
    record("ballot.called", chain=chain, subject=ballot, by=by, at=at, texts=texts, **ballot.facts())
    return ballot


@transaction.atomic
def begin(pk: int, *, at: dt.datetime) -> bool:
    """Write that voting has begun. False when it is too early, or somebody was first."""
    ballot = Ballot.objects.select_for_update().get(pk=pk)
    if ballot.state != State.ANNOUNCED or at < ballot.opens_at:
        return False
    ballot.state = State.OPEN
    ballot.save(update_fields=["state"])
    closes_at = canonical.instant(ballot.closes_at)
    record("ballot.opened", chain=ballot.chain, subject=ballot, by=SYSTEM, at=at, ballot=pk, closes_at=closes_at)
    return True


def rule_of(area: Area) -> Rule:
    """The rule for a residents' ballot called here now."""
    return Rule(quorum=Share(*policy.value(area, QUORUM)))
