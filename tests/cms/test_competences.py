"""The competence list in the editors' admin: the district's editor writes it, and each change is recorded."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from areas import catalogue
from areas.models import Area, Body, Category, Competence, Level
from ledger.models import Event
from people.roles import RoleKey
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.cms import reading
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db

FROM = dt.date(2026, 1, 1)


@pytest.fixture
def district(court: Court) -> Area:
    return court.courtyard.lineage()[0]


@pytest.fixture
def desk(district: Area) -> Client:
    return build.sign_in(Client(), build.staff("苏纸鸢", build.body(district), RoleKey.EDITOR))


@pytest.fixture
def parking(db: None) -> Category:
    return Category.objects.create(code="parking", name="停车", order=3)


def typed(**fields: Any) -> dict[str, Any]:
    names = ("category", "area", "level", "body", "basis", "valid_from", "valid_until")
    return {name: getattr(value := fields.get(name, ""), "pk", value) for name in names}


def row(area: Area, category: Category, **fields: Any) -> Competence:
    own = {"level": Level.STREET, "basis": "旧依据", "valid_from": FROM} | fields
    return Competence.objects.create(category=category, area=area, **own)


def listed() -> list[tuple[Any, ...]]:
    rows = Competence.objects.select_related("area", "category", "body")
    return [
        (one.category.code, one.area.name, one.level, one.body, one.basis, one.valid_from, one.valid_until)
        for one in rows
    ]


def recorded() -> list[tuple[str, str, dict[str, Any], str]]:
    return [
        (event.chain_id, event.subject_id, event.payload, event.texts.get().text)
        for event in Event.objects.filter(kind="competence.listed").order_by("pk")
    ]


def test_the_district_s_editor_adds_a_row_and_ends_it(desk: Client, district: Area, parking: Category) -> None:
    words = typed(category=parking, area=district, level=2, basis="清单第1项", valid_from="2026-01-01")
    assert desk.post("/cms/competence/new/", words).headers["Location"] == "/cms/competence/"
    assert listed() == [("parking", district.name, 2, None, "清单第1项", FROM, None)]
    made = Competence.objects.get()
    address = f"/cms/competence/edit/{made.pk}/"
    last = words | {"basis": "清单第1项（修订）", "valid_until": "2026-07-01"}
    for _twice in range(2):
        assert desk.post(address, last).headers["Location"] == "/cms/competence/"
    payload = {"category": "parking", "level": 2, "body": None, "valid_from": "2026-01-01", "valid_until": None}
    assert recorded() == [
        (district.chain, str(made.pk), payload, "清单第1项"),
        (district.chain, str(made.pk), payload | {"valid_until": "2026-07-01"}, "清单第1项（修订）"),
    ]


def test_what_names_a_row_stays(desk: Client, district: Area, parking: Category) -> None:
    made, lifts = row(district, parking), Category.objects.create(code="lifts", name="电梯")
    street = build.street()
    words = typed(category=lifts, area=street, level=3, basis="新依据", valid_from="2025-01-01")
    desk.post(f"/cms/competence/edit/{made.pk}/", words)
    assert listed() == [("parking", district.name, 2, None, "新依据", FROM, None)]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"valid_until": "2026-01-01"}, "The row must end later than it begins."),
        ({"level": 1, "at_level": 2}, "抚琴街道议事小组 does not sit at this level of 金牛区."),
        ({"basis": ""}, "This field is required."),
        ({"basis": "旧依据", "valid_from": "2026-01-01", "again": True}, "already exists."),
    ],
)
def test_what_cannot_hold_is_refused_with_a_sentence(
    desk: Client, district: Area, parking: Category, fields: dict[str, Any], complaint: str
) -> None:
    if fields.pop("again", False):
        row(district, parking)
    before = listed()
    body = build.body(build.street()) if fields.pop("at_level", None) else ""
    good = {"category": parking, "area": district, "level": 2, "basis": "依据", "valid_from": "2026-01-01"}
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    response = desk.post("/cms/competence/new/", typed(**good | {"body": body} | fields))
    assert response.status_code == 200
    assert complaint in reading.text(response)
    assert (listed(), recorded()) == (before, [])


def test_the_list_costs_the_same_with_more_rows(desk: Client, district: Area, parking: Category) -> None:
    costs = []
    for more in (1, 12):
        for n in range(more):
            row(district, parking, level=4, valid_from=FROM + dt.timedelta(days=more + n), body=None)
        costs.append(len(reading.queries(desk, "/cms/competence/")))
    assert costs[0] == costs[1]


def test_a_body_may_be_named_where_it_sits(desk: Client, district: Area, parking: Category) -> None:
    body = build.body(build.street())
    words = typed(category=parking, area=district, level=2, body=body, basis="依据", valid_from="2026-01-01")
    desk.post("/cms/competence/new/", words)
    assert listed() == [("parking", district.name, 2, body, "依据", FROM, None)]
    assert recorded()[0][2]["body"] == body.pk


def test_a_row_is_never_deleted(desk: Client, district: Area, parking: Category) -> None:
    made = row(district, parking)
    assert desk.post(f"/cms/competence/delete/{made.pk}/").headers["Location"] == "/cms/"
    assert Competence.objects.count() == 1
    page = reading.text(desk.get("/cms/competence/"))
    assert "catalogue_import" in page
    assert "/cms/competence/delete/" not in page


def test_a_category_is_added_renamed_and_deleted_while_nothing_uses_it(desk: Client, pages: int) -> None:
    desk.post("/cms/categories/new/", {"name": "噪音", "code": "noise", "order": 1})
    noise = Category.objects.get()
    desk.post(f"/cms/categories/edit/{noise.pk}/", {"name": "噪声", "code": "sound", "order": 2})
    assert list(Category.objects.values_list("code", "name", "order")) == [("noise", "噪声", 2)]
    assert "噪声" in reading.text(desk.get("/cms/categories/"))
    desk.post(f"/cms/categories/delete/{noise.pk}/")
    assert not Category.objects.exists()


@pytest.mark.parametrize("used_by", ["case", "row"])
def test_a_category_that_is_used_stays_and_the_page_says_why(
    used_by: str, court: Court, desk: Client, pages: int, district: Area, parking: Category
) -> None:
    if used_by == "case":
        Proposal.objects.filter(pk=court.to(State.SUBMITTED).pk).update(category=parking)
    else:
        row(district, parking)
    response = desk.post(f"/cms/categories/delete/{parking.pk}/", follow=True)
    told = [str(message) for message in response.context["messages"]]
    with translation.override("zh-hans"):
        reason = translation.gettext(
            "“%(category)s” stays: cases or rows of the competence list use it. End its rows instead."
        )
    assert [reason % {"category": "停车"} in message for message in told] == [True]
    assert Category.objects.filter(pk=parking.pk).exists()
    assert desk.get(f"/cms/categories/usage/{parking.pk}/").status_code == 404


def test_the_list_belongs_to_the_district_s_editor(court: Court, pages: int, parking: Category) -> None:
    street = build.street()
    browsers = [
        build.sign_in(Client(), build.staff("街道编辑", build.body(street), RoleKey.EDITOR)),
        build.sign_in(Client(), court.people["district"]),
        build.sign_in(Client(), court.people["proposer"]),
        Client(),
    ]
    words = typed(category=parking, area=street, level=2, basis="依据", valid_from="2026-01-01")
    for browser in browsers:
        for address in ("/cms/competence/", "/cms/categories/", "/cms/competence/new/"):
            assert browser.get(address).status_code != 200
        browser.post("/cms/competence/new/", words)
        browser.post(f"/cms/categories/delete/{parking.pk}/")
    assert (listed(), Category.objects.count()) == ([], 1)
    assert '"/cms/competence/"' not in reading.text(browsers[0].get("/cms/"))


def test_what_the_editor_writes_is_on_the_public_page_and_in_the_file(
    desk: Client, district: Area, parking: Category, visitor: Client
) -> None:
    words = typed(category=parking, area=district, level=4, basis="清单第9项", valid_from="2020-01-01")
    desk.post("/cms/competence/new/", words)
    assert "清单第9项" in reading.text(visitor.get("/competence/"))
    assert f"parking,停车,{district.code},courtyard,,清单第9项,2020-01-01,\n" in catalogue.dump()
    assert Body.objects.exists()
