"""Owners of a courtyard who vote, and those who rule on objections: what proxies, extensions and objections need."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from areas.models import Area
from ledger.models import Event
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.voting import urn
from voting import balloting, casting, clock
from voting.models import Ballot, Owner, RollEntry, Unit
from voting.states import RollKind
from voting.tally import Rule, Share

DAY = dt.timedelta(days=1)
RULE = Rule(quorum=Share(2, 3, strict=False), majority=Share(1, 2, strict=True), by_area=True)
AREA = 8_000  # 80 m²


@dataclass
class Owners:
    """A courtyard of equal flats, each with an owner who has an account; `chair` called the vote."""

    area: Area
    chair: User
    people: list[User]
    ballot: Ballot

    def right(self, n: int) -> RollEntry:
        return RollEntry.objects.get(ballot=self.ballot, voter=self.people[n])

    def cast(self, *choices: str, at: dt.datetime = urn.AT) -> None:
        """The first owner's choice, the second's …"""
        for person, choice in zip(self.people, choices, strict=False):
            casting.cast(self.ballot, by=person, choice=choice, at=at)

    def sweep(self, at: dt.datetime) -> Ballot:
        clock.sweep(at)
        return self.fresh()

    def fresh(self) -> Ballot:
        self.ballot = Ballot.objects.select_related("area").get(pk=self.ballot.pk)
        return self.ballot


def owners(count: int = 3, **facts: Any) -> Owners:
    area = build.courtyard()
    chair = build.staff("召集人", build.body(area), RoleKey.CHAIR)
    people = [build.person(f"业主{n}", area) for n in range(count)]
    for n, person in enumerate(people, 1):
        owner = Owner.objects.create(area=area, name=f"业主{n}", user=person)
        unit = Unit.objects.create(area=area, building="3栋", door=f"{n}01", floor_area=AREA, voter=owner)
        unit.owners.add(owner)
    ballot = call(area, chair, **facts)
    return Owners(area, chair, people, ballot)


def call(area: Area, chair: User, **facts: Any) -> Ballot:
    times = {"opens_at": urn.AT, "closes_at": urn.CLOSES, "by": chair, "at": urn.AT}
    words = {"question": "要不要加装电梯？", "plan": "三单元加一台。"}
    named = {"roll_kind": RollKind.OWNERS, "rule": RULE}
    ballot = balloting.call(**{"chain": urn.CHAIN, "area": area} | times | words | named | facts)
    clock.sweep(facts.get("at", urn.AT))
    return Ballot.objects.select_related("area").get(pk=ballot.pk)


def told(ballot: Ballot, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of these kinds on the ballot's chain, whole."""
    events = Event.objects.filter(chain_id=ballot.chain, kind__in=kinds).order_by("number")
    return [(event.kind, event.payload) for event in events]
