"""A vote with paper ballots: twelve flats or some neighbours, and three clerks of the courtyard who key in."""

import datetime as dt
from typing import Any

import pytest

from areas import policy
from areas.models import Area
from ledger.actors import SYSTEM
from people.models import User
from people.roles import RoleKey
from people.verdict import Refused
from tests import build
from tests.voting import urn
from voting import auditing, clock, keying, limits, paper, slip_making
from voting.keying import Said
from voting.models import Ballot, Owner, RollEntry, Slip, Unit
from voting.states import RollKind
from voting.tally import Rule, Share

AT = urn.AT
HOUR = dt.timedelta(hours=1)
HALF, TWO_THIRDS, THREE_QUARTERS = Share(1, 2, True), Share(2, 3, False), Share(3, 4, False)
SPECIAL = Rule(TWO_THIRDS, THREE_QUARTERS, by_area=True)


def clerks(count: int = 3, area: Area | None = None) -> list[User]:
    body = build.body(area or build.courtyard())
    found = [build.staff(f"书记员{n}", body, RoleKey.CLERK) for n in range(count)]
    for clerk in found:
        clerk.second_factor = True
    return found


def flats(count: int = 12, area: int = 8000) -> list[Owner]:
    """Each flat with an owner of its own, who has an account."""
    home = build.courtyard()
    owners = [Owner.objects.create(area=home, name=f"业主{n}", user=build.person(f"业主{n}")) for n in range(count)]
    for n, owner in enumerate(owners):
        unit = Unit.objects.create(
            area=home, building="3", entrance="1", door=f"{n + 1}01", floor_area=area, voter=owner
        )
        unit.owners.add(owner)
    return owners


def named(rule: Rule = SPECIAL, **facts: Any) -> Ballot:
    """Open, on the roll of all owners; without more time when too few take part."""
    policy.assign(build.courtyard(), f"{limits.EXTENSION}.owners", {"n": 0, "unit": "day"}, by=SYSTEM, at=AT)
    ballot = urn.call(roll_kind=RollKind.OWNERS, rule=rule, **facts)
    clock.sweep(AT)
    return Ballot.objects.get(pk=ballot.pk)


def secret(**facts: Any) -> Ballot:
    ballot = urn.call(**facts)
    clock.sweep(AT)
    return Ballot.objects.get(pk=ballot.pk)


def right(ballot: Ballot, owner: Owner) -> RollEntry:
    return ballot.entries.get(owner=owner)


def slip_for(ballot: Ballot, owner: Owner, clerk: User) -> Slip:
    """Printed and handed in."""
    [slip] = slip_making.make_out(ballot, [right(ballot, owner)], by=clerk, at=AT)
    return paper.take_back(slip, by=clerk, at=AT)


def blank(ballot: Ballot, clerk: User, voter: User) -> Slip:
    """A secret slip of this voter, handed in; only the test knows whose it is."""
    [slip] = slip_making.make_blank(ballot, 1, by=clerk, at=AT)
    paper.mark(ballot.entries.get(voter=voter), by=clerk, at=AT)
    return paper.take_back(slip, by=clerk, at=AT)


def said(word: str) -> Said:
    """yes, no and abstain are contents, all other words are faults."""
    return Said(word) if word in ("yes", "no", "abstain") else Said(fault=word)


def read(slip: Slip, clerks: list[User], *words: str, at: dt.datetime = AT) -> Slip:
    """One clerk after the other reads these words."""
    for clerk, word in zip(clerks, words, strict=False):
        keying.read(slip, said(word), by=clerk, at=at)
    slip.refresh_from_db()
    return slip


def findings() -> list[str]:
    return [str(problem) for problem in auditing.check()]


def state(slip: Slip) -> tuple[str, str]:
    slip.refresh_from_db()
    return slip.state, slip.fault


def refused(act: Any, *args: Any, **facts: Any) -> Any:
    with pytest.raises(Refused) as caught:
        act(*args, **facts)
    return caught.value.verdict
