"""The tree of the four levels, and who sat when."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from areas.models import Area, Body, Category, Competence, Level

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


def test_a_row_of_the_catalogue_holds_from_its_first_day_to_before_its_last(places, at):
    category = Category.objects.create(code="drains", name="排水管网")
    first = at.date()
    row = Competence.objects.create(
        category=category, area=places["区"], level=1, basis="示例", valid_from=first, valid_until=first + 2 * DAY
    )
    ever = Competence.objects.create(category=category, area=places["区"], level=2, basis="示例", valid_from=first)
    found = [set(Competence.objects.valid(first + n * DAY)) for n in (-1, 0, 1, 2, 36500)]
    assert found == [set(), {row, ever}, {row, ever}, {ever}, {ever}]


def test_a_row_of_the_catalogue_does_not_end_before_it_begins_and_begins_once(places, at):
    category = Category.objects.create(code="drains", name="排水管网")
    row = {"category": category, "area": places["区"], "level": 1, "basis": "示例", "valid_from": at.date()}
    Competence.objects.create(**row, valid_until=at.date() + DAY)
    for wrong in ({"level": 2, "valid_until": at.date()}, {"valid_until": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Competence.objects.create(**row | wrong)


def test_categories_stand_in_their_order():
    for code, order in (("b", 2), ("c", 1), ("a", 2)):
        Category.objects.create(code=code, name=code, order=order)
    assert [category.code for category in Category.objects.all()] == ["c", "a", "b"]
