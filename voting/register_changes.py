"""What taking a register over would change: unit by unit, and owner by owner."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from areas.models import Area

from .models import Owner, Unit
from .register_reading import Holding, Party, Register
from .register_rows import PURPOSES, UnitKey

WORDS = {purpose.value: word for word, purpose in PURPOSES.items()}


class ChangeKind(models.TextChoices):
    NEW = "new", gettext_lazy("New unit")
    UNIT = "unit", gettext_lazy("Floor area or purpose changed")
    OWNER = "owner", gettext_lazy("Owners changed")
    PERSON = "person", gettext_lazy("Owner's name or number changed")
    GONE = "gone", gettext_lazy("No longer on the register")


@dataclass(frozen=True)
class Change:
    kind: ChangeKind
    label: str
    before: str = ""
    after: str = ""


def changes(area: Area, register: Register) -> list[Change]:
    """Four queries, however many units."""
    return list(_changes(area, register))


def _changes(area: Area, register: Register) -> Iterator[Change]:
    known = matched(area, register)
    units = {key_of(unit): unit for unit in units_of(area)}
    for holding in register.holdings:
        yield from _changed(units.pop(holding.key, None), holding, register, known)
    for party, owner in zip(register.parties, known, strict=True):
        if owner and (owner.name, owner.is_developer) != (party.name, party.is_developer):
            yield Change(ChangeKind.PERSON, owner.name, _party(owner), _party(party))
        elif owner and party.identity not in ("", owner.identity):
            yield Change(ChangeKind.PERSON, owner.name, after=_("with an identity number"))
    for unit in units.values():
        yield Change(ChangeKind.GONE, unit.label, before=_owned(voter_first(unit)))


def _changed(
    unit: Unit | None, holding: Holding, register: Register, known: Sequence[Owner | None]
) -> Iterator[Change]:
    after = _owned([register.parties[place] for place in holding.owners])
    if unit is None:
        yield Change(ChangeKind.NEW, holding.label, after=f"{_described(holding)} · {after}")
        return
    if (unit.purpose, unit.floor_area) != (holding.purpose, holding.floor_area):
        yield Change(ChangeKind.UNIT, unit.label, _described(unit), _described(holding))
    owners = voter_first(unit)
    kept = [known[place] for place in holding.owners]
    if (owners[0], set(owners)) != (kept[0], set(kept)):
        yield Change(ChangeKind.OWNER, unit.label, _owned(owners), after)


def matched(area: Area, register: Register) -> list[Owner | None]:
    """Who of the register's parties is known: by the number, by the name where there is none, or by name and unit."""
    owners = list(Owner.objects.filter(area=area).order_by("pk").prefetch_related("units"))
    exact = {(owner.identity, "" if owner.identity else owner.name): owner for owner in owners}
    found = [exact.get(party.key) for party in register.parties]
    left: dict[str, list[Owner]] = defaultdict(list)
    taken = {owner.pk for owner in found if owner}
    for owner in owners:
        if owner.pk not in taken:
            left[owner.name].append(owner)
    keys: dict[int, set[UnitKey]] = defaultdict(set)
    for holding in register.holdings:
        for place in holding.owners:
            keys[place].add(holding.key)
    for place, party in enumerate(register.parties):
        if found[place] is None:
            found[place] = _likely(party, keys[place], left[party.name])
    return found


def _likely(party: Party, keys: set[UnitKey], left: list[Owner]) -> Owner | None:
    """Of the same name and on one of the same units, the number being known on one side only."""
    for owner in left:
        if not (party.identity and owner.identity) and keys & {key_of(unit) for unit in owner.units.all()}:
            left.remove(owner)
            return owner
    return None


def units_of(area: Area) -> models.QuerySet[Unit]:
    return Unit.objects.filter(area=area).select_related("voter").prefetch_related("owners")


def key_of(unit: Unit) -> UnitKey:
    return unit.building, unit.entrance, unit.door


def voter_first(unit: Unit) -> list[Owner]:
    return sorted(unit.owners.all(), key=lambda owner: (owner != unit.voter, owner.pk))


def metres(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _owned(owners: Sequence[Owner | Party]) -> str:
    return _(", ").join(owner.name for owner in owners)


def _described(unit: Unit | Holding) -> str:
    return f"{WORDS[unit.purpose]} {metres(unit.floor_area)} ㎡"


def _party(owner: Owner | Party) -> str:
    return _("%(name)s (developer, unsold)") % {"name": owner.name} if owner.is_developer else owner.name
