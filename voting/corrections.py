"""Corrections of a frozen roll: asked for by one officer, made by another, on record, never after the end.

They hold the ballot's row alone, as the close does: nobody casts meanwhile, and what was cast stands.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from ledger import canonical
from ledger.models import Visibility
from ledger.recording import record
from notifications import inbox
from people.models import Residence, User
from people.verdict import Refused, Verdict, no

from . import roll_policies, rolls
from .models import Ballot, Owner, RollClaim, RollCorrection, RollEntry, Unit
from .states import ChangeKind, RollKind, Ruling

NamedUnit = list[Any]  # [masked label, floor area in 0.01 m²], as a right keeps it

CAST = no(_("The vote for this right has been cast. The vote cast for this unit stands."))
GONE = no(_("The roll has changed since: this right no longer has this unit."))
SAME = no(_("This unit belongs to that owner's right already."))
ON_THE_ROLL = no(_("As many such units as the register has are on this roll already."))
NO_UNITS = no(_("A residents' roll has no units. Only a name that does not belong on it can be struck."))


@transaction.atomic
def ask(
    ballot: Ballot,
    kind: ChangeKind,
    *,
    reason: str,
    by: User,
    at: dt.datetime,
    entry: RollEntry | None = None,
    unit: NamedUnit | None = None,
    area: int | None = None,
    owner: Owner | None = None,
) -> RollCorrection:
    """Raises Refused also for what could not be made as things stand.

    entry, unit: the right and which of its units; of a unit that was left out `unit` as the register has it. area: the
    right floor area in 0.01 m². owner: who has the unit from now on.
    """
    held = lock(ballot.pk)
    require(roll_policies.may_correct(by, held, at) and roll_policies.is_open_to_corrections(held, at))
    facts: dict[str, Any] = {"unit": unit} | ({} if area is None else {"area": area})
    whose: dict[str, Any] = {"entry": entry, "owner": owner, "asked_by": by, "asked_at": at}
    asked = RollCorrection(ballot=held, kind=kind, facts=facts, reason=reason, **whose)
    CHANGES[kind](asked)
    asked.save()
    _tell("roll.correction_asked", asked, by=by, at=at)
    return asked


@transaction.atomic
def make(correction: RollCorrection, *, by: User, at: dt.datetime) -> None:
    asked = _held(correction)
    require(roll_policies.may_make(by, asked, at))
    _settle(asked, CHANGES[ChangeKind(asked.kind)](asked), by=by, at=at)


@transaction.atomic
def turn_down(correction: RollCorrection, *, by: User, at: dt.datetime) -> None:
    asked = _held(correction)
    require(roll_policies.may_turn_down(by, asked, at))
    asked.ruling, asked.made_by, asked.made_at = Ruling.REFUSED, by, at
    asked.save()
    inbox.settle(act_key(asked.pk), at=at)
    _tell("roll.correction_refused", asked, by=by, at=at)


def add_resident(claim: RollClaim, *, reason: str, by: User, at: dt.datetime) -> None:
    """Whoever claimed rightly that they belong on a residents' roll asked for this; who accepts it makes it."""
    ballot, who = claim.ballot, claim.by
    home = Residence.objects.verified().select_related("courtyard").get(user=who)
    label = f"{home.courtyard.name} {home.building} {rolls.masked(who.name)}"
    entry = _new_right(ballot, "resident", who.pk, label, voter=who)
    asked = RollCorrection(ballot=ballot, kind=ChangeKind.ADD, reason=reason, asked_by=who, asked_at=claim.made_at)
    asked.facts = {"unit": [label, 0]}
    _settle(asked, [_changed(entry, [[label, 0]])], by=by, at=at)


def lock(pk: int) -> Ballot:
    """The ballot, alone: whoever cast before has committed, whoever comes later waits."""
    return Ballot.objects.select_for_update(of=("self",)).select_related("area").get(pk=pk)


def require(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict)


def act_key(correction: int) -> str:
    """The key of the notices that ask for the second officer."""
    return f"correction:{correction}"


def made(ballot: Ballot) -> Iterator[tuple[str, RollCorrection]]:
    """Each correction with each right that it changed, in the order in which they were made."""
    tokens = dict(ballot.entries.exclude(owner=None).values_list("owner", "token"))
    found = ballot.corrections.filter(ruling=Ruling.ACCEPTED).select_related("entry", "asked_by", "made_by")
    for correction in found.order_by("made_at", "pk"):
        assert correction.entry is not None
        yield correction.entry.token, correction
        if correction.kind == ChangeKind.SALE and correction.owner_id:
            yield tokens[correction.owner_id], correction


# ── what each kind changes ───────────────────────────────────────────────────


def _sale(asked: RollCorrection) -> list[RollEntry]:
    """The unit joins the buyer's right, used or not; a right that was used gives nothing away."""
    seller, unit = _right_with_unit(asked)
    buyer = _right_of(asked)
    if buyer.pk == seller.pk:
        raise Refused(SAME)
    return [_changed(seller, _without(seller, unit)), _changed(buyer, [*buyer.units, unit])]


def _area(asked: RollCorrection) -> list[RollEntry]:
    entry, unit = _right_with_unit(asked)
    return [_changed(entry, [*_without(entry, unit), [unit[0], asked.facts["area"]]])]


def _add(asked: RollCorrection) -> list[RollEntry]:
    if asked.ballot.roll_kind != RollKind.OWNERS:
        raise Refused(NO_UNITS)
    entry, unit = _right_of(asked), asked.facts["unit"]
    if entry.voted:
        raise Refused(CAST)
    if _listed(asked.ballot, unit[0]) >= _registered(asked.ballot, unit[0]):
        raise Refused(ON_THE_ROLL)
    return [_changed(entry, [*entry.units, unit])]


def _strike(asked: RollCorrection) -> list[RollEntry]:
    entry, unit = _right_with_unit(asked)
    return [_changed(entry, _without(entry, unit))]


CHANGES: dict[ChangeKind, Callable[[RollCorrection], list[RollEntry]]] = {
    ChangeKind.SALE: _sale,
    ChangeKind.AREA: _area,
    ChangeKind.ADD: _add,
    ChangeKind.STRIKE: _strike,
}


def _right_with_unit(asked: RollCorrection) -> tuple[RollEntry, NamedUnit]:
    """As it is now. Of a residents' roll only the name itself can go."""
    if asked.kind != ChangeKind.STRIKE and asked.ballot.roll_kind != RollKind.OWNERS:
        raise Refused(NO_UNITS)
    assert asked.entry is not None
    entry, unit = asked.ballot.entries.get(pk=asked.entry.pk), asked.facts["unit"]
    if entry.voted:
        raise Refused(CAST)
    if unit not in entry.units:
        raise Refused(GONE)
    return entry, unit


def _right_of(asked: RollCorrection) -> RollEntry:
    """The right of who has the unit from now on; a new one for who had none."""
    owner = asked.owner
    assert owner is not None
    if found := asked.ballot.entries.filter(owner=owner).first():
        return found
    label = f"{asked.facts['unit'][0]} {rolls.masked(owner.name)}"
    taken = asked.ballot.entries.filter(voter=owner.user_id).exists()
    return _new_right(asked.ballot, "owner", owner.pk, label, owner=owner, voter=None if taken else owner.user)


def _new_right(ballot: Ballot, whose: str, pk: int, label: str, **people: Any) -> RollEntry:
    return RollEntry(ballot=ballot, token=rolls.token_of(ballot, whose, pk), label=label, frozen=[], **people)


def _changed(entry: RollEntry, units: Sequence[NamedUnit]) -> RollEntry:
    if entry.frozen is None:
        entry.frozen = entry.units
    entry.units, entry.floor_area = list(units), sum(area for _label, area in units)
    return entry


def _without(entry: RollEntry, unit: NamedUnit) -> list[NamedUnit]:
    place = entry.units.index(unit)
    return [*entry.units[:place], *entry.units[place + 1 :]]


def _listed(ballot: Ballot, label: str) -> int:
    """How many units with this masked label are on the roll."""
    rights = ballot.entries.values_list("units", flat=True)
    return sum(name == label for units in rights for name, _floor in units)


def _registered(ballot: Ballot, label: str) -> int:
    return sum(rolls.masked_door(unit) == label for unit in Unit.objects.filter(area=ballot.area))


# ── on record ────────────────────────────────────────────────────────────────


def _settle(asked: RollCorrection, rights: list[RollEntry], *, by: User, at: dt.datetime) -> None:
    """The rights as they are now, the sums of the roll, and the event that the audit holds them against."""
    for right in rights:
        right.save()
    asked.entry = asked.entry or rights[0]
    asked.ruling, asked.made_by, asked.made_at = Ruling.ACCEPTED, by, at
    asked.save()
    ballot = asked.ballot
    counted = ballot.entries.exclude(units=[])
    ballot.roll_size = counted.count()
    ballot.roll_area = counted.aggregate(n=Coalesce(Sum("floor_area"), 0))["n"]
    ballot.save(update_fields=["roll_size", "roll_area"])
    inbox.settle(act_key(asked.pk), at=at)
    record(
        "roll.corrected",
        chain=ballot.chain,
        subject=ballot,
        by=by,
        at=at,
        texts={"reason": asked.reason},
        rights=[[right.token, right.floor_area, canonical.digest(right.units)] for right in rights],
        roll=ballot.roll_size,
        roll_area=ballot.roll_area,
        **_codes(asked),
    )


def _tell(kind: str, asked: RollCorrection, *, by: User, at: dt.datetime) -> None:
    chain = asked.ballot.chain
    record(kind, chain=chain, subject=asked, by=by, at=at, visibility=Visibility.STAFF, **_codes(asked))


def _codes(asked: RollCorrection) -> dict[str, Any]:
    return {"ballot": asked.ballot_id, "correction": asked.pk, "change": str(asked.kind)}


def _held(correction: RollCorrection) -> RollCorrection:
    """As it stands, with its ballot held alone."""
    ballot = lock(correction.ballot_id)
    found = RollCorrection.objects.select_related("owner__user").get(pk=correction.pk)
    found.ballot = ballot
    return found
