"""The standing register of owners: a file is read, taken over and handed out again."""

import base64
import datetime as dt
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy

from areas.models import Area
from ledger import canonical
from ledger.actors import Actor
from ledger.models import Visibility
from ledger.recording import record
from people import homes, privacy
from people.verdict import Refused, no

from . import register_files
from .models import Owner, RollCorrection, Unit
from .register_changes import WORDS, ChangeKind, changes, key_of, matched, metres, units_of, voter_first
from .register_reading import Holding, Party, Reading, Register, understand
from .register_rows import NO, YES, Known, Remark, UnitKey

_BATCH = 1000
_COLUMNS = ("building", "entrance", "door", "purpose", "floor_area")
CHANGED = no(
    gettext_lazy("The register has been changed since this preview. Please look at the changes again, then import.")
)


def read(area: Area, data: bytes) -> Reading:
    """Raises register_files.Unreadable for what is no table at all."""
    identities = Owner.objects.filter(area=area).exclude(identity="").values_list("identity", flat=True)
    return understand(register_files.read(data), Known(area.code, set(identities)))


def fingerprint(area: Area) -> str:
    """One word for all that the register says now."""
    owners = Owner.objects.filter(area=area).order_by("pk").values_list("pk", "name", "identity", "is_developer")
    units = Unit.objects.filter(area=area).order_by("pk").values_list("pk", *_COLUMNS, "voter")
    held = Unit.owners.through.objects.filter(unit__area=area).order_by("unit", "owner").values_list("unit", "owner")
    return canonical.digest([[list(row) for row in rows] for rows in (owners, units, held)])


@transaction.atomic
def take_over(area: Area, register: Register, *, seen: str, by: Actor, at: dt.datetime, file: str) -> None:
    """The register says from now on what the file says, all or nothing.

    seen: the fingerprint of the register that the changes were shown against. file: the SHA-256 of the file.
    """
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    if fingerprint(area) != seen:
        raise Refused(CHANGED)
    kinds = [change.kind for change in changes(area, register)]
    owners = _keep_owners(area, register)
    _keep_units(area, register, owners)
    _leave(Owner.objects.filter(area=area, units=None, votes_for=None))
    counts: dict[str, Any] = {kind.value: kinds.count(kind) for kind in ChangeKind}
    counts |= {"units": len(register.holdings), "owners": register.heads, "floor_area": register.floor_area}
    record("register.imported", chain=area.chain, subject=area, by=by, at=at, file=file, **counts)


@transaction.atomic
def export(area: Area, *, by: Actor, at: dt.datetime) -> list[list[str]]:
    """All rows with their names: that somebody took them is on record."""
    found = list(rows(area))
    record(
        "register.exported",
        chain=area.chain,
        subject=area,
        by=by,
        at=at,
        visibility=Visibility.STAFF,
        rows=len(found),
    )
    return found


def rows(area: Area) -> Iterator[list[str]]:
    """As a file has them: one row for each owner of a unit, who votes first. A number is given by its keyed hash."""
    for unit in units_of(area):
        facts = [*key_of(unit), WORDS[unit.purpose], metres(unit.floor_area)]
        for owner in voter_first(unit):
            reference = f"#{owner.identity}" if owner.identity else ""
            yield [*facts, owner.name, reference, _flag(owner == unit.voter), _flag(owner.is_developer)]


def find(area: Area, text: str) -> Unit | None:
    """The one unit that somebody means, however they write it."""
    wanted = homes.plain(text)
    units = Unit.objects.filter(area=area).select_related("voter")
    found = [unit for unit in units if wanted == homes.plain("-".join(part for part in key_of(unit) if part))]
    return found[0] if len(found) == 1 else None


# ── kept between preview and import ──────────────────────────────────────────


def packed(reading: Reading) -> str:
    """A sound reading, small and encrypted: it holds names."""
    assert reading.register
    rows = [astuple(party) for party in reading.register.parties], [astuple(unit) for unit in reading.register.holdings]
    data = json.dumps([*rows, reading.warnings])
    return privacy.encrypted(base64.b85encode(zlib.compress(data.encode())).decode())


def unpacked(text: str) -> tuple[Register, list[Remark]]:
    """The register, and the warnings that go with it."""
    parties, holdings, warnings = json.loads(zlib.decompress(base64.b85decode(privacy.decrypted(text))))
    units = [Holding(tuple(key), purpose, area, tuple(owners)) for key, purpose, area, owners in holdings]
    return Register([Party(*party) for party in parties], units), warnings


# ── into the tables ──────────────────────────────────────────────────────────


def _keep_owners(area: Area, register: Register) -> list[Owner]:
    """Each party's row, in their order."""
    known = matched(area, register)
    Owner.objects.filter(area=area, is_developer=True).update(is_developer=False)
    owners = [owner or Owner(area=area) for owner in known]
    for owner, party in zip(owners, register.parties, strict=True):
        owner.name, owner.is_developer = party.name, party.is_developer
        owner.identity = party.identity or owner.identity
    Owner.objects.bulk_update([owner for owner in owners if owner.pk], ["name", "identity", "is_developer"], _BATCH)
    Owner.objects.bulk_create([owner for owner in owners if not owner.pk], _BATCH)
    return owners


def _keep_units(area: Area, register: Register, owners: Sequence[Owner]) -> None:
    known = {key_of(unit): unit for unit in Unit.objects.filter(area=area)}
    through = Unit.owners.through.objects
    through.filter(unit__area=area).delete()
    Unit.objects.filter(pk__in=[unit.pk for key, unit in known.items() if key not in _keys(register)]).delete()
    units = [known.get(holding.key) or _new(area, holding) for holding in register.holdings]
    for unit, holding in zip(units, register.holdings, strict=True):
        unit.purpose, unit.floor_area, unit.voter = holding.purpose, holding.floor_area, owners[holding.owners[0]]
    Unit.objects.bulk_update([unit for unit in units if unit.pk], ["purpose", "floor_area", "voter"], _BATCH)
    Unit.objects.bulk_create([unit for unit in units if not unit.pk], _BATCH)
    held = [
        Unit.owners.through(unit_id=unit.pk, owner_id=owners[place].pk)
        for unit, holding in zip(units, register.holdings, strict=True)
        for place in holding.owners
    ]
    through.bulk_create(held, _BATCH)


def _leave(owners: models.QuerySet[Owner]) -> None:
    """Whoever owns nothing any more is forgotten; whom a roll names stays, without an account."""
    corrected = RollCorrection.objects.exclude(owner=None).values("owner")
    named = owners.exclude(roll_entries=None) | owners.filter(pk__in=corrected)
    stay = list(named.values_list("pk", flat=True).distinct())
    Owner.objects.filter(pk__in=stay).update(user=None)
    owners.exclude(pk__in=stay).delete()


def _new(area: Area, holding: Holding) -> Unit:
    building, entrance, door = holding.key
    return Unit(area=area, building=building, entrance=entrance, door=door)


def _keys(register: Register) -> set[UnitKey]:
    return {holding.key for holding in register.holdings}


def _flag(yes: bool) -> str:
    return YES if yes else NO
