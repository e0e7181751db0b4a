"""Calling a vote: question, roll and rule are fixed in one step; from then on nobody changes them."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from areas import policy
from areas.models import Area
from ledger import canonical
from ledger.actors import SYSTEM, Actor
from ledger.recording import record
from people.verdict import Refused, Verdict, no

from . import limits, rolls
from .models import Ballot
from .states import Kind, RollKind, State
from .tally import BY_AREA, Rule, Share

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
    rule: Rule | None = None,
    options: Mapping[str, str] | None = None,
    roll_kind: RollKind = RollKind.RESIDENTS,
    part: str = "",
    place: str = "",
) -> Ballot:
    """Freeze the roll and announce the ballot; the clock opens it. Refused when the roll would be empty.

    rule: the house's own for residents where none is given. options: the words of each of the rule's options.
    part: a building, or building and entrance, of an owners' roll. place: where a show of hands is, which begins at
    `opens_at`; without one people cast papers.
    """
    if closes_at <= at:
        raise ValueError("A ballot ends after it was called.")
    owners, rule = roll_kind == RollKind.OWNERS, rule or rule_of(area)
    if place and (owners or rule.method not in BY_AREA):
        raise ValueError("Hands can be raised by residents, for yes and no.")
    ballot = Ballot.objects.create(
        chain=chain,
        area=area,
        question=question,
        plan=plan,
        kind=Kind.OPEN_SHOW if place else Kind.NAMED if owners else Kind.SECRET,
        roll_kind=roll_kind,
        part=part,
        place=place,
        terms=rule.data() | _promises(area, owners),
        options=dict(options or {}),
        called_at=at,
        called_by=by.actor_ref(chain),
        opens_at=opens_at,
        closes_at=closes_at,
    )
    rolls.freeze(ballot, at=at)
    if not ballot.roll_size:
        raise Refused(_nobody(ballot))
    texts = {"question": question, "plan": plan} | {f"option_{key}": text for key, text in ballot.options.items()}
    texts |= {"place": place} if place else {}
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


def _promises(area: Area, owners: bool) -> dict[str, bool]:
    """What a paper may still do, and for owners whether the law's consequences follow. They count nothing."""
    statutory = {"statutory": policy.value(area, limits.STATUTORY)} if owners else {}
    return {"changeable": owners} | statutory


def _nobody(ballot: Ballot) -> Verdict:
    if ballot.roll_kind == RollKind.OWNERS:
        what = " ".join(part for part in (ballot.area.name, ballot.part) if part)
        return no(_("There is no owners' register of %(what)s yet. Please import it first.") % {"what": what})
    return no(_("Nobody in %(area)s can vote yet: no home has been confirmed.") % {"area": ballot.area.name})


def rule_of(area: Area) -> Rule:
    """The rule for a residents' ballot called here now."""
    return Rule(quorum=Share(*policy.value(area, QUORUM)))
