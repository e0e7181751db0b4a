"""The roll of a ballot: who has the right to vote, frozen at one instant and sealed by a hash."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

from ledger import canonical
from people.models import Residence
from people.privacy import keyed_hash

from .models import Ballot, RollEntry

_BATCH = 1000


def freeze(ballot: Ballot, *, at: dt.datetime) -> None:
    """Enter every adult with a confirmed home in the area, and fix the size and the hash of the roll."""
    entries = _entries(ballot, at)
    while batch := list(itertools.islice(entries, _BATCH)):
        RollEntry.objects.bulk_create(batch)
    voters = RollEntry.objects.filter(ballot=ballot).values_list("voter_id", flat=True)
    ballot.roll_size, ballot.roll_hash = len(voters), digest(ballot.pk, voters)
    ballot.save(update_fields=["roll_size", "roll_hash"])


def digest(ballot: int, voters: Iterable[int]) -> str:
    """SHA-256 over the sorted references of all voters, in the ledger's canonical form."""
    return canonical.digest({"v": 1, "ballot": ballot, "roll": sorted(reference(ballot, voter) for voter in voters)})


def reference(ballot: int, voter: int) -> str:
    """How one voter appears in the hash: only who holds the key can tell whom it means, and only for this ballot."""
    return keyed_hash("voting.roll", str(ballot), str(voter))


def masked(name: str) -> str:
    return f"{name[:1]}**"


def _entries(ballot: Ballot, at: dt.datetime) -> Iterator[RollEntry]:
    homes = (
        Residence.objects.verified()
        .filter(courtyard__path__startswith=ballot.area.path, checked_at__lte=at)
        .filter(user__adult_attested_at__lte=at, user__is_active=True, user__closed_at=None)
        .order_by("courtyard__path", "building", "user_id")
    )
    for voter, name, courtyard, building in homes.values_list("user", "user__name", "courtyard__name", "building"):
        yield RollEntry(ballot=ballot, voter_id=voter, label=f"{courtyard} {building} {masked(name)}")
