"""A courtyard that votes: the smallest ballot, and people who cast in it."""

import datetime as dt
from typing import Any

from areas.models import Area
from people.models import User
from tests import build
from voting import balloting, casting, clock
from voting.models import Ballot

AT = build.AT
CLOSES = AT + dt.timedelta(days=7)
CHAIN = "case:" + "c" * 32


def neighbours(count: int, courtyard: Area | None = None) -> list[User]:
    home = courtyard or build.courtyard()
    return [build.person(f"邻居{n}", home) for n in range(count)]


def call(area: Area | None = None, **facts: Any) -> Ballot:
    area = area or build.courtyard()
    plain: dict[str, Any] = {
        "chain": CHAIN,
        "area": area,
        "question": "要不要搭充电棚？",
        "plan": "24 个充电位，带灭火和断电。",
    }
    times = {"opens_at": AT, "closes_at": CLOSES, "by": build.person("召集人"), "at": AT}
    return balloting.call(**plain | times | facts)


def cast(ballot: Ballot, choices: dict[User, str], *, at: dt.datetime = AT) -> list[str]:
    return [casting.cast(ballot, by=voter, choice=choice, at=at) for voter, choice in choices.items()]


def numbers(ballot: Ballot) -> dict[str, Any]:
    """What was counted; empty before the close."""
    outcome = Ballot.objects.get(pk=ballot.pk).outcome
    return outcome.data() if outcome else {}


def count(ballot: Ballot) -> Ballot:
    """The ballot after its close."""
    clock.sweep(ballot.closes_at)
    return Ballot.objects.get(pk=ballot.pk)
