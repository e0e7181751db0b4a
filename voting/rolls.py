"""The roll of a ballot: who has the right to vote, frozen at one instant and sealed by a hash."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from ledger import canonical
from people.models import Residence
from people.privacy import keyed_hash

from .models import Ballot, Owner, RollEntry, Unit
from .states import RollKind

_BATCH = 1000
_TOKEN = 20


def freeze(ballot: Ballot, *, at: dt.datetime) -> None:
    """Enter everybody who has the right to vote, and fix the size, the floor area and the hash of the roll."""
    entries = _owners(ballot) if ballot.roll_kind == RollKind.OWNERS else _residents(ballot, at)
    while batch := list(itertools.islice(entries, _BATCH)):
        RollEntry.objects.bulk_create(batch)
    rights = sorted(ballot.entries.values_list("token", "units"))
    ballot.roll_size = len(rights)
    ballot.roll_area = sum(area for _token, units in rights for _label, area in units)
    ballot.roll_hash = digest(rights)
    ballot.save(update_fields=["roll_size", "roll_area", "roll_hash"])


def digest(rights: Iterable[tuple[str, Any]]) -> str:
    """SHA-256 of the roll in the ledger's canonical form: rights as (token, units), sorted by token."""
    return canonical.digest([{"right": token, "units": units} for token, units in rights])


def digest_of_people(ballot: int, voters: Iterable[int]) -> str:
    """As version 0.2 and before sealed a roll: SHA-256 over the sorted keyed hashes of the voters."""
    people = sorted(keyed_hash("voting.roll", str(ballot), str(voter)) for voter in voters)
    return canonical.digest({"v": 1, "ballot": ballot, "roll": people})


def masked(name: str) -> str:
    return f"{name[:1]}**"


def masked_door(unit: Unit) -> str:
    """3栋 2单元 6**: the neighbours know which home it is, a stranger does not."""
    door = f"{unit.door[:1]}{'*' * (len(unit.door) - 1)}"
    return " ".join(part for part in (unit.building, unit.entrance, door) if part)


def token_of(ballot: Ballot, whose: str, pk: int) -> str:
    """How a right is named in public: only who holds the key can tell whose it is, and only for this ballot."""
    return keyed_hash("voting.right", str(ballot.pk), whose, str(pk))[:_TOKEN]


def _residents(ballot: Ballot, at: dt.datetime) -> Iterator[RollEntry]:
    """Every adult with a confirmed home in the area."""
    homes = (
        Residence.objects.verified()
        .filter(courtyard__path__startswith=ballot.area.path, checked_at__lte=at)
        .filter(user__adult_attested_at__lte=at, user__is_active=True, user__closed_at=None)
        .order_by("courtyard__path", "building", "user_id")
    )
    for voter, name, courtyard, building in homes.values_list("user", "user__name", "courtyard__name", "building"):
        label = f"{courtyard} {building} {masked(name)}"
        token = token_of(ballot, "resident", voter)
        yield RollEntry(ballot=ballot, token=token, voter_id=voter, label=label, units=[[label, 0]])


def _owners(ballot: Ballot) -> Iterator[RollEntry]:
    """One right for each who votes for a unit, with the floor area of all units they vote for."""
    units = Unit.objects.filter(area=ballot.area).select_related("voter")
    if ballot.part:
        building, _space, entrance = ballot.part.partition(" ")
        units = units.filter(building=building, **({"entrance": entrance} if entrance else {}))
    ordered = units.order_by("voter_id", "building", "entrance", "door")
    for _voter, mine in itertools.groupby(ordered.iterator(chunk_size=_BATCH), key=lambda unit: unit.voter_id):
        held = list(mine)
        yield _right(ballot, held[0].voter, held)


def _right(ballot: Ballot, owner: Owner, held: list[Unit]) -> RollEntry:
    more = f" +{len(held) - 1}" if len(held) > 1 else ""
    return RollEntry(
        ballot=ballot,
        token=token_of(ballot, "owner", owner.pk),
        owner=owner,
        voter_id=owner.user_id,
        label=f"{masked_door(held[0])}{more} {masked(owner.name)}",
        units=[[masked_door(unit), unit.floor_area] for unit in held],
        floor_area=sum(unit.floor_area for unit in held),
    )
