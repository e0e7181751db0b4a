"""A matter goes to the body of its level or the next one up that sits; the catalogue says who owns it, and by what."""

import datetime as dt

import pytest

from areas.competence import NobodySits, Ruling, above, competent, listed, off_list, other
from areas.models import Body, Category, Competence, Level

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


# ── who judges instead ───────────────────────────────────────────────────────


def test_above_a_body_is_the_next_one_up_that_sits(places, full, at, django_assert_num_queries):
    bodies = {name: Body.objects.select_related("area").get(pk=body.pk) for name, body in full.items()}
    with django_assert_num_queries(3):  # above the district is nobody to ask for
        found = [above(bodies[name], at) for name in ("槐荫里", "金鱼街", "抚琴", "区")]
    assert found == [full["金鱼街"], full["抚琴"], full["区"], None]
    Body.objects.filter(area__name__in=["金鱼街", "抚琴"]).update(sat_until=at)
    assert above(full["槐荫里"], at) == full["区"]
    Body.objects.filter(area__name="区").update(sat_until=at)
    assert above(full["槐荫里"], at) is None


def test_of_two_above_the_first_is_asked(places, full, seat, at):
    seat("金鱼街", since=-9)
    assert above(full["槐荫里"], at) == full["金鱼街"]


def test_at_the_district_another_body_beside_judges_instead(places, full, seat, at):
    assert other(full["区"], at) is None
    seat("区", until=0)
    beside = seat("区")
    seat("区", since=-9)
    assert [other(full["区"], at), other(beside, at)] == [beside, full["区"]]
    assert other(full["槐荫里"], at) == full["金鱼街"]


# ── the catalogue ────────────────────────────────────────────────────────────


@pytest.fixture
def drains(db):
    return Category.objects.create(code="drains", name="排水管网")


@pytest.fixture
def row(places, drains, at):
    """A row of the catalogue, valid for a year unless told otherwise."""

    def put(level, area="区", body=None, since=-365, until=None, category=drains):
        until = until if until is None else at.date() + until * DAY
        fields = {"category": category, "area": places[area], "level": level, "body": body, "basis": f"第{level}项"}
        return Competence.objects.create(**fields, valid_from=at.date() + since * DAY, valid_until=until)

    return put


def test_the_row_of_the_nearest_area_holds_and_there_the_newest(places, drains, row, at, django_assert_num_queries):
    district, street = row(COMMUNITY), row(COMMUNITY, "抚琴", since=-700)
    row(COMMUNITY, "抚琴", since=-800)
    row(COMMUNITY, "抚琴", since=1)
    row(COMMUNITY, "抚琴", since=-90, until=0)
    row(STREET, "金鱼街")
    row(COMMUNITY, "槐荫里", category=Category.objects.create(code="lamps", name="路灯照明"))
    today = at.date()
    with django_assert_num_queries(1):
        assert listed(drains, places["槐荫里"], COMMUNITY, today) == street
    assert listed(drains, places["槐荫里"], COMMUNITY, today - DAY).valid_from == today - 90 * DAY
    assert listed(drains, places["槐荫里"], COMMUNITY, today + DAY).valid_from == today + DAY
    assert listed(drains, places["长庆里"], COMMUNITY, today) == district
    assert listed(drains, places["槐荫里"], COURTYARD, today) is None


def test_without_a_category_or_a_row_for_it_every_dispatch_is_fine(places, full, drains, row, at):
    row(DISTRICT, category=Category.objects.create(code="lamps", name="路灯照明"))
    row(DISTRICT, until=0)
    row(DISTRICT, since=1)
    row(DISTRICT, "营门口", since=-9)
    assert [off_list(full["金鱼街"], category, at) for category in (None, drains)] == [None, None]


def test_a_body_whose_level_is_on_the_list_may_have_the_matter(places, full, drains, row, at):
    row(STREET)
    row(COMMUNITY, body=full["金鱼街"])
    assert [off_list(full[name], drains, at) for name in ("抚琴", "金鱼街")] == [None, None]


def test_else_those_are_named_who_own_it_from_the_own_level_up(
    places, full, seat, drains, row, at, django_assert_num_queries
):
    beside = seat("金鱼街")
    rows = {level: row(level, body=body) for level, body in ((COURTYARD, None), (DISTRICT, None), (STREET, None))}
    with django_assert_num_queries(1):
        found = off_list(full["金鱼街"], drains, at)
    assert found == (rows[STREET], rows[DISTRICT], rows[COURTYARD])
    named = row(COMMUNITY, body=beside)
    assert off_list(full["金鱼街"], drains, at) == (named, *found)
    assert off_list(beside, drains, at) is None


def test_the_list_is_asked_for_the_day_in_chengdu(places, full, drains, row, at):
    row(DISTRICT)
    row(COMMUNITY, since=1)
    midnight = at.replace(hour=0) + DAY
    assert off_list(full["金鱼街"], drains, midnight - dt.timedelta.resolution) is not None
    assert off_list(full["金鱼街"], drains, midnight.astimezone(dt.UTC)) is None


def test_a_row_below_the_bodys_area_is_seen_for_a_matter_there(places, full, drains, row, at):
    row(DISTRICT)
    row(STREET, "金鱼街")
    assert off_list(full["抚琴"], drains, at, places["槐荫里"]) is None
    assert off_list(full["抚琴"], drains, at, places["向阳里"]) is not None
    assert off_list(full["抚琴"], drains, at) is not None


def test_the_body_that_the_catalogue_names_goes_before_the_first(
    places, full, seat, drains, row, at, django_assert_num_queries
):
    special = seat("抚琴")
    row(STREET, body=special)
    row(COMMUNITY)
    place = places["槐荫里"]
    with django_assert_num_queries(2):
        assert competent(place, STREET, at, drains) == Ruling(special, ())
    with django_assert_num_queries(1):
        assert competent(place, STREET, at) == Ruling(full["抚琴"], ())
    assert competent(place, COMMUNITY, at, drains) == Ruling(full["金鱼街"], ())
    Body.objects.filter(area=places["金鱼街"]).update(sat_until=at)
    assert competent(place, COMMUNITY, at, drains) == Ruling(special, (COMMUNITY,))
    assert off_list(special, drains, at, place) is None


def test_a_named_body_that_does_not_sit_there_is_not_taken(places, full, seat, drains, row, at):
    gone, elsewhere = seat("抚琴", until=0), seat("营门口")
    mine = row(STREET, body=gone)
    assert competent(places["槐荫里"], STREET, at, drains) == Ruling(full["抚琴"], ())
    mine.body = elsewhere
    mine.save()
    assert competent(places["槐荫里"], STREET, at, drains) == Ruling(full["抚琴"], ())


@pytest.mark.parametrize("rows", [1, 30, 3000])
def test_two_queries_however_long_the_catalogue_is(places, full, drains, row, at, rows, django_assert_num_queries):
    row(STREET)
    Competence.objects.bulk_create(
        Competence(category=drains, area=places["长庆"], level=2, basis="x", valid_from=at.date() - n * DAY)
        for n in range(rows)
    )
    with django_assert_num_queries(2):
        competent(places["槐荫里"], STREET, at, drains)
    with django_assert_num_queries(1):
        assert len(off_list(full["金鱼街"], drains, at)) == 1
