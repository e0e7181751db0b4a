"""The demo can be told on any day: where weekends and holidays lie decides when its votes open and close."""

import datetime as dt

import pytest

from areas import catalogue, policy
from areas.calendar import SHANGHAI
from areas.models import Area
from config.demo import cast, places, stories
from config.demo.tale import Tale
from ledger.actors import SYSTEM
from proposals.models import Proposal
from proposals.states import State

DAYS = [dt.datetime(2026, 11, 26, 2, tzinfo=SHANGHAI) + dt.timedelta(days=n, hours=5 * n % 24) for n in range(14)]
HOLIDAYS = [dt.datetime(2026, month, day, 12, tzinfo=SHANGHAI) for month, day in ((1, 2), (2, 21), (5, 3), (10, 6))]


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.parametrize("today", DAYS + HOLIDAYS, ids=lambda day: f"{day:%m-%d %H:%M}")
def test_the_stories_can_be_told_today(today: dt.datetime) -> None:
    long_ago = today - dt.timedelta(days=400)
    places.build(long_ago)
    catalogue.load(catalogue.EXAMPLE.read_bytes(), by=SYSTEM, at=long_ago)
    policy.assign(Area.objects.get(name="金鱼街社区"), "case.households.community", 12, by=SYSTEM, at=long_ago)
    stories.tell(Tale(cast.build(long_ago), today))
    assert {case.state for case in Proposal.objects.filter(title__contains="加装电梯")} == {State.VOTING}
