"""A matter goes to the body of its level, or past the vacant levels to the next one that sits, and says so."""

import datetime as dt

import pytest

from areas.competence import NobodySits, Ruling, competent
from areas.models import Body, Level

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
COURTYARD, COMMUNITY, STREET, DISTRICT = Level.COURTYARD, Level.COMMUNITY, Level.STREET, Level.DISTRICT


@pytest.fixture
def seat(places, at):
    """Put a body into an area, sitting since yesterday unless told otherwise."""

    def put(name, since=-1, until=None):
        until = until if until is None else at + until * DAY
        return Body.objects.create(area=places[name], name=f"{name}议事会", sat_from=at + since * DAY, sat_until=until)

    return put


@pytest.fixture
def full(seat):
    """A sitting body on every level above 槐荫里, and others beside them that are not asked."""
    for beside in ("临水苑", "西南街", "营门口"):
        seat(beside)
    return {name: seat(name) for name in ("槐荫里", "金鱼街", "抚琴", "区")}


@pytest.mark.parametrize(
    ("level", "name"), [(COURTYARD, "槐荫里"), (COMMUNITY, "金鱼街"), (STREET, "抚琴"), (DISTRICT, "区")]
)
def test_the_body_of_the_level_is_competent(places, full, at, level, name):
    assert competent(places["槐荫里"], level, at) == Ruling(full[name], ())


def test_a_matter_of_a_higher_area_does_not_go_down(places, full, at):
    assert competent(places["抚琴"], COURTYARD, at) == Ruling(full["抚琴"], ())


def test_a_level_whose_body_ended_is_passed(places, full, at):
    Body.objects.filter(area=places["金鱼街"]).update(sat_until=at)
    assert competent(places["槐荫里"], COMMUNITY, at) == Ruling(full["抚琴"], (COMMUNITY,))
    before = competent(places["槐荫里"], COMMUNITY, at - dt.timedelta.resolution)
    assert before == Ruling(full["金鱼街"], ())


def test_a_level_whose_body_has_not_begun_is_passed(places, full, at):
    Body.objects.filter(area=places["金鱼街"]).update(sat_from=at + DAY)
    assert competent(places["槐荫里"], COMMUNITY, at) == Ruling(full["抚琴"], (COMMUNITY,))
    assert competent(places["槐荫里"], COMMUNITY, at + DAY) == Ruling(full["金鱼街"], ())


def test_several_vacant_levels_are_passed_and_named(places, seat, at):
    seat("槐荫里", since=-9, until=-1)
    seat("金鱼街", since=1)
    district = seat("区")
    assert competent(places["槐荫里"], COURTYARD, at) == Ruling(district, (COURTYARD, COMMUNITY, STREET))
    assert competent(places["槐荫里"], STREET, at) == Ruling(district, (STREET,))


def test_a_new_body_takes_over_from_the_one_that_ended(places, seat, at):
    seat("金鱼街", since=-9, until=0)
    now = seat("金鱼街", since=0)
    assert competent(places["槐荫里"], COMMUNITY, at) == Ruling(now, ())


def test_of_two_in_one_area_the_first_is_competent(places, seat, at):
    first = seat("金鱼街")
    seat("金鱼街", since=-9)
    assert competent(places["槐荫里"], COMMUNITY, at) == Ruling(first, ())


def test_nobody_sits_where_the_way_up_is_vacant(places, full, at):
    Body.objects.filter(area__name__in=["抚琴", "区"]).update(sat_until=at)
    with pytest.raises(NobodySits):
        competent(places["槐荫里"], STREET, at)
    with pytest.raises(NobodySits):
        competent(places["区"], DISTRICT, at)
    assert competent(places["槐荫里"], COMMUNITY, at) == Ruling(full["金鱼街"], ())


@pytest.mark.parametrize("bodies", [1, 30, 3000])
def test_one_query_however_many_bodies_sit(places, seat, at, bodies, django_assert_num_queries):
    district = seat("区")
    Body.objects.bulk_create(Body(area=places["长庆"], name=str(n), sat_from=at) for n in range(bodies))
    with django_assert_num_queries(1):
        ruling = competent(places["槐荫里"], COURTYARD, at)
    assert ruling == Ruling(district, (COURTYARD, COMMUNITY, STREET))
