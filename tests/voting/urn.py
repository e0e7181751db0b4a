"""A courtyard that votes: the smallest ballot, and people who cast in it."""

import datetime as dt
from collections.abc import Mapping
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


def cast(ballot: Ballot, choices: Mapping[User | None, str], *, at: dt.datetime = AT) -> list[str]:
    return [casting.cast(ballot, by=voter, choice=choice, at=at) for voter, choice in choices.items() if voter]


def numbers(ballot: Ballot) -> dict[str, Any]:
    """What was counted; empty before the close."""
    return Ballot.objects.get(pk=ballot.pk).tally or {}


def plain(result: str, *, roll: int, yes: int = 0, no: int = 0, abstain: int = 0) -> dict[str, Any]:
    """The whole tally of a residents' vote by yes and no."""
    heads = {"yes": yes, "no": no, "abstain": abstain, "roll": roll, "papers": yes + no + abstain}
    return {"method": "yes_no", "result": result, "winners": []} | {name: [n, 0] for name, n in heads.items()}


def count(ballot: Ballot) -> Ballot:
    """The ballot after its close."""
    clock.sweep(ballot.closes_at)
    return Ballot.objects.get(pk=ballot.pk)
