"""The tree of the four levels, and who sat when."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from areas.models import Area, Body, Level

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def names(areas):
    return [area.name for area in areas]


def test_the_lineage_goes_from_the_district_to_the_area(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        lineage = places["槐荫里"].lineage()
    assert names(lineage) == ["区", "抚琴", "金鱼街", "槐荫里"]
    assert [area.level for area in lineage] == list(Level)
    assert names(places["区"].lineage()) == ["区"]
    assert places["槐荫里"].lineage_paths == [area.path for area in lineage]


def test_within_holds_the_area_and_all_below(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert names(Area.objects.within(places["抚琴"])) == ["抚琴", "金鱼街", "槐荫里", "临水苑", "西南街", "向阳里"]
    assert names(Area.objects.within(places["槐荫里"])) == ["槐荫里"]
    assert Area.objects.within(places["区"]).count() == len(places)


def test_an_area_has_a_chain_of_its_own(places):
    assert len({area.chain for area in places.values()}) == len(places)
    assert places["区"].chain == "area:T000"


def test_a_level_is_a_depth_of_the_tree(places):
    with pytest.raises(IntegrityError), transaction.atomic():
        places["抚琴"].add_child(name="槐荫里", code="X", level=Level.COURTYARD)


def test_a_body_sits_from_its_first_instant_until_before_its_last(places, at):
    body = Body.objects.create(area=places["抚琴"], name="街道议事会", sat_from=at, sat_until=at + DAY)
    instants = (at - dt.timedelta.resolution, at, at + DAY - dt.timedelta.resolution, at + DAY)
    assert [list(Body.objects.sitting(instant)) for instant in instants] == [[], [body], [body], []]


def test_a_body_without_an_end_goes_on_sitting(places, at):
    body = Body.objects.create(area=places["抚琴"], name="街道议事会", sat_from=at)
    assert list(Body.objects.sitting(at + 36500 * DAY)) == [body]


def test_a_body_does_not_end_before_it_begins(places, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.create(area=places["抚琴"], name="街道议事会", sat_from=at, sat_until=at)


def test_matters_are_the_lines_of_the_competence(places, at):
    body = Body(competence="楼道照明\n\n  停车 \n")
    assert (body.matters, Body().matters) == (["楼道照明", "停车"], [])
