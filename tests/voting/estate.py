"""An estate with its register of owners: flats, who owns them, and the file that says so."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from areas.models import Area
from people.models import User
from people.roles import RoleKey
from tests import build
from voting import register, register_files
from voting.models import Ballot, Owner, Unit
from voting.states import RollKind

from . import urn

_numbers = itertools.count(1)


def flats(area: Area, n: int, area_each: int = 8000, *, accounts: bool = True, building: str = "3栋") -> list[Owner]:
    """So many flats, four on a floor, each with an owner of its own; area_each in 0.01 m²."""
    return [
        flat(area, door=f"{k // 4 + 1}0{k % 4 + 1}", area_each=area_each, accounts=accounts, building=building)
        for k in range(n)
    ]


def flat(
    area: Area,
    *,
    door: str,
    owner: Owner | None = None,
    area_each: int = 8000,
    accounts: bool = True,
    building: str = "3栋",
    entrance: str = "1单元",
) -> Owner:
    """One flat; a new owner unless one is given, with an account unless told otherwise. Returns the owner."""
    number = next(_numbers)
    if owner is None:
        user = build.person(f"业主{number}") if accounts else None
        owner = Owner.objects.create(area=area, name=f"业主{number}", user=user)
    where: dict[str, Any] = {"building": building, "entrance": entrance, "door": door}
    unit = Unit.objects.create(area=area, voter=owner, floor_area=area_each, **where)
    unit.owners.add(owner)
    return owner


def account(owner: Owner) -> User:
    assert owner.user
    return owner.user


def call(area: Area, **facts: Any) -> Ballot:
    """An owners' ballot on the register as it is; open at urn.AT once the sweep has run."""
    return urn.call(area, **{"roll_kind": RollKind.OWNERS} | facts)


def clerk(area: Area, name: str = "文员") -> User:
    return build.staff(name, build.body(area), RoleKey.CLERK)


def chair(area: Area, name: str = "组长") -> User:
    return build.staff(name, build.body(area), RoleKey.CHAIR)


# ── files ────────────────────────────────────────────────────────────────────


def row(
    door: str = "101",
    name: str = "竹筠",
    floor_area: str = "84.60",
    *,
    building: str = "3栋",
    entrance: str = "1单元",
    purpose: str = "住宅",
    identity: str = "",
    votes: str = "是",
    unsold: str = "否",
) -> list[str]:
    return [building, entrance, door, purpose, floor_area, name, identity, votes, unsold]


def table(*rows: Sequence[str], header: Iterable[str] = register_files.HEADER) -> bytes:
    """As somebody would save it: CSV in UTF-8 with the mark that spreadsheets write."""
    lines = [",".join(f'"{cell}"' for cell in cells) for cells in [list(header), *rows]]
    return "\r\n".join(lines).encode("utf-8-sig")


def take_over(area: Area, data: bytes, *, by: User | None = None) -> None:
    """Import a sound file at once."""
    reading = register.read(area, data)
    assert reading.register is not None, reading.problems
    officer = by or build.person("文员")
    register.take_over(area, reading.register, seen=register.fingerprint(area), by=officer, at=urn.AT, file="0" * 64)


def said(area: Area) -> list[list[str]]:
    """What the register says, as an export would."""
    return list(register.rows(area))
