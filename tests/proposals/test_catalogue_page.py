"""The competence list as everybody reads it: valid today, of one area or the whole, and as a table to take along."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from areas import calendar, catalogue
from areas.models import Area, Category, Competence, Level
from proposals.catalogue import Matter, matters, matters_of
from tests import build
from tests.proposals.reading import browser, text

pytestmark = pytest.mark.django_db

AT = build.AT


@pytest.fixture
def places() -> dict[str, Area]:
    """A courtyard's lineage by the names of the levels."""
    return {Level(area.level).name.lower(): area for area in build.courtyard().lineage()}


@pytest.fixture
def listed(places: dict[str, Area]) -> dict[str, Category]:
    """Drainage: street for the whole district, community in one street only, courtyard over since yesterday."""
    drainage = Category.objects.create(code="drainage", name="排水管网", order=1)
    lifts = Category.objects.create(code="lifts", name="加装电梯", order=2)
    today = calendar.local_date(AT)

    def row(area: str, level: Level, basis: str, **fields: Any) -> None:
        fields = {"valid_from": today - 30 * calendar.DAY} | fields
        Competence.objects.create(category=drainage, area=places[area], level=level, basis=basis, **fields)

    row("district", Level.STREET, "清单第3项")
    row("street", Level.COMMUNITY, "街道清单第1项", body=build.body(places["community"]))
    row("street", Level.STREET, "街道清单第2项", valid_until=today + 10 * calendar.DAY)
    row("district", Level.COURTYARD, "旧清单", valid_until=today)
    row("district", Level.DISTRICT, "新清单", valid_from=today + calendar.DAY)
    return {"drainage": drainage, "lifts": lifts}


def owners(matters: list[Matter]) -> dict[str, list[tuple[str, str | None, str | None, str]]]:
    return {
        matter.category.code: [
            (level.name, owner.body and owner.body.name, owner.where and owner.where.name, owner.row.basis)
            for level, mine in matter.levels
            for owner in mine
        ]
        for matter in matters
    }


def test_the_whole_list_shows_what_is_valid_today_and_the_area_beside_what_is_narrower(
    listed: dict[str, Category], places: dict[str, Area]
) -> None:
    assert owners(matters(AT)) == {
        "drainage": [
            ("STREET", None, None, "清单第3项"),
            ("STREET", None, "抚琴街道", "街道清单第2项"),
            ("COMMUNITY", build.body(places["community"]).name, "抚琴街道", "街道清单第1项"),
        ],
        "lifts": [],
    }


def test_of_one_area_it_shows_the_nearest_row_and_the_body_that_sits_there(
    listed: dict[str, Category], places: dict[str, Area]
) -> None:
    assert owners(matters_of(places["courtyard"], AT))["drainage"] == [
        ("STREET", build.body(places["street"]).name, None, "街道清单第2项"),
        ("COMMUNITY", build.body(places["community"]).name, None, "街道清单第1项"),
    ]
    assert owners(matters_of(build.street("九里堤街道"), AT))["drainage"] == [
        ("STREET", build.body(build.street("九里堤街道")).name, None, "清单第3项")
    ]


def test_the_list_s_page_says_it_in_words(listed: dict[str, Category], places: dict[str, Area]) -> None:
    Competence.objects.filter(basis="街道清单第2项").update(
        valid_from=dt.date(2020, 1, 1), valid_until=dt.date(2120, 1, 1)
    )
    Competence.objects.exclude(basis="街道清单第2项").update(valid_from=dt.date(2020, 1, 1))
    Competence.objects.filter(basis="旧清单").update(valid_until=dt.date(2020, 2, 1))
    page = text(browser().get("/competence/"))
    assert "排水管网 the body that sits there 新清单 valid from Wed 1 Jan 2020" in page
    assert "抚琴街道 : the body that sits there 街道清单第2项 valid from Wed 1 Jan 2020 until Sun 31 Dec 2119" in page
    assert "旧清单" not in page
    assert "The list says nothing of this category: any body may have such a matter." in page
    of_area = browser().get(f"/competence/?area={places['courtyard'].code}")
    assert "Who is competent for what: 槐荫里" in text(of_area)
    assert browser().get("/competence/?area=none").status_code == 404


def test_the_list_costs_the_same_with_more_rows(listed: dict[str, Category], places: dict[str, Area]) -> None:
    addresses = ("/competence/", f"/competence/?area={places['courtyard'].code}")
    costs = []
    for many in (0, 30):
        for n in range(many):
            category = Category.objects.create(code=f"c{n}", name=f"类{n}")
            Competence.objects.create(
                category=category, area=places["street"], level=2, basis="b", valid_from=dt.date(2020, 1, 1)
            )
        for address in addresses:
            with CaptureQueriesContext(connection) as made:
                assert browser().get(address).status_code == 200
            costs.append(len(made))
    assert costs[:2] == costs[2:]


def test_the_whole_list_is_taken_along_as_a_table(listed: dict[str, Category]) -> None:
    response = browser().get("/competence.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="competence.csv"'
    assert response.content.decode("utf-8-sig") == catalogue.dump()
    assert "旧清单" in catalogue.dump()
