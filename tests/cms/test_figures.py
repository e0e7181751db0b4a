"""Every figure on a tile is the number of cases in the list that the tile opens."""

import datetime as dt
import random

import pytest
from django.test import Client

from adapters import clock
from areas.models import Area
from proposals.models import Proposal
from proposals.states import DETOURS, ENDED, Outcome, State
from tests import build
from tests.cms import reading

pytestmark = pytest.mark.django_db
COURTYARDS = (("槐荫里", "金鱼街社区"), ("同安苑", "金鱼街社区"), ("菁荷苑", "九里堤北路社区"))


def scatter(dice: random.Random, courtyards: list[Area], cases: int) -> None:
    """Cases in any state, at any level of their place, in time or late."""
    now = clock.now()
    for n in range(cases):
        area = dice.choice([place for yard in courtyards for place in yard.lineage()])
        state = dice.choice(list(State))
        ended, draft = state in ENDED, state == State.DRAFT
        Proposal.objects.create(
            number=None if draft else f"2026-{n:04}",
            state=state,
            area=area,
            level=area.level,
            owner=build.body(area),
            title=f"第 {n} 件事",
            created_at=now,
            submitted_at=None if draft else now,
            state_since=now,
            endorsements_needed=dice.choice((0, 5)),
            due_at=None if ended or draft else now + dt.timedelta(days=dice.randint(-9, 9)),
            closed_at=now if ended else None,
            left_state=State.DELIBERATING if state in DETOURS else "",
            outcome=dice.choice(list(Outcome)) if state == State.CLOSED else "",
        )


@pytest.fixture(params=range(2))
def places(request, plant) -> list[Area]:
    courtyards = [build.courtyard(name, within=build.community(community)) for name, community in COURTYARDS]
    plant()
    scatter(random.Random(request.param), courtyards, 60)
    return list(Area.objects.all())


def test_each_tile_opens_as_many_cases_as_it_says(places: list[Area], visitor: Client) -> None:
    for address in ("/", *(f"/areas/{place.code}/" for place in places)):
        tiles = reading.tiles(visitor.get(address))
        assert len(tiles) == 4
        assert [count for _opens, count in tiles] == [len(reading.numbers(visitor, opens)) for opens, _count in tiles]


def test_each_area_below_says_how_many_cases_run_there(places: list[Area], visitor: Client) -> None:
    for place in places:
        said = {child.code: n for child, n in visitor.get(f"/areas/{place.code}/").context["children"]}
        true = {child.code: Proposal.objects.public().open().within(child).count() for child in place.get_children()}
        assert said == true


def test_each_ending_of_the_archive_counts_its_own_list(places: list[Area], visitor: Client) -> None:
    ended = Proposal.objects.public().filter(state__in=ENDED)
    endings = visitor.get("/archive/").context["endings"]
    found = {name: reading.numbers(visitor, f"/archive/?ending={name}") for name, _words, _n in endings}
    assert {name: len(numbers) for name, numbers in found.items()} == {name: n for name, _words, n in endings}
    listed = [number for numbers in found.values() for number in numbers]
    assert sorted(listed) == sorted(str(number) for number in ended.values_list("number", flat=True))


def test_the_archive_of_a_place_holds_its_cases_only(places: list[Area], visitor: Client) -> None:
    for place in places:
        ended = Proposal.objects.public().filter(state__in=ENDED).within(place).values_list("number", flat=True)
        assert sorted(reading.numbers(visitor, f"/archive/?area={place.code}")) == sorted(ended)
