"""The public pages stand for everybody, whatever state the cases are in."""

import re

import pytest
from django.test import Client

from adapters import clock
from areas.models import Area
from cms.models import AreaPage, GuidePage, HomePage
from notifications.models import Notice
from proposals.states import State
from tests import build
from tests.cms import reading
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(State))
def test_every_page_stands_in_every_state(state: State, court: Court, pages: int) -> None:
    court.to(state)
    code = court.courtyard.code
    for user in (None, court.people["proposer"], court.people["chair"], court.people["stranger"]):
        browser = build.sign_in(Client(), user) if user else Client()
        for address in ("/", "/areas/", "/archive/", "/guides/", "/guides/how-it-works/", "/search/"):
            concerned = user and user != court.people["stranger"]
            assert court.case.is_public or concerned or court.case.title not in reading.text(browser.get(address))
        assert (court.case.title in reading.text(browser.get(f"/areas/{code}/"))) == court.case.is_public


def test_planting_twice_makes_nothing_twice(pages: int, plant) -> None:
    assert pages > 0
    assert plant() == 0
    assert AreaPage.objects.count() == Area.objects.filter(level__in=[2, 3]).count()


def test_the_first_page_says_what_editors_wrote(pages: int, visitor: Client) -> None:
    HomePage.objects.update(heading="院里的事", lead="都可以说。")
    page = reading.text(visitor.get("/"))
    assert re.search(r"<h1[^>]*>院里的事</h1>", page)
    assert "都可以说。" in page


def test_the_first_page_shows_what_waits_for_me(court: Court, pages: int) -> None:
    court.to(State.EVALUATING)
    mine = build.sign_in(Client(), court.people["proposer"]).get("/").context["acts"]
    waiting = Notice.objects.of(court.people["proposer"]).to_do(clock.now()).in_order(clock.now())
    assert [act.notice for act in mine] == list(waiting)
    assert court.case.title in mine[0].title
    assert build.sign_in(Client(), court.people["stranger"]).get("/").context["acts"] == []


def test_a_resident_looks_from_their_own_courtyard(court: Court, pages: int, visitor: Client) -> None:
    assert build.sign_in(Client(), court.people["proposer"]).get("/").context["here"] == court.courtyard
    assert visitor.get("/").context["here"] == court.courtyard.lineage()[0]


def test_elders_are_shown_two_matters_first(court: Court, pages: int, visitor: Client) -> None:
    for _n in range(4):
        court.to(State.ENDORSING)
    page = reading.text(visitor.get("/"))
    assert len(re.findall(r"<article", page)) == 4
    assert len(re.findall(r'<div class="y-extra">\s*<article', page)) == 2


def test_an_area_says_who_is_in_charge_and_how_soon_it_answers(court: Court, pages: int, visitor: Client) -> None:
    community = court.courtyard.get_parent()
    body = build.body(community)
    body.convener, body.competence, body.phone = "程小禾", "居民公约\n社区保障资金", "028-0000-0151"
    body.save()
    page = reading.text(visitor.get(f"/areas/{community.code}/"))
    for words in (body.name, "程小禾", "居民公约", "社区保障资金", "028-0000-0151", "10 个工作日", "2 个院落"):
        assert words in page


def test_a_vacant_area_says_so(court: Court, visitor: Client) -> None:
    body = build.body(court.courtyard)
    body.sat_until = clock.now()
    body.save()
    assert "现在没有在任的议事机构" in reading.text(visitor.get(f"/areas/{court.courtyard.code}/"))


def test_only_published_words_are_shown(court: Court, pages: int, visitor: Client) -> None:
    community = court.courtyard.get_parent()
    page = AreaPage.objects.get(area=community)
    page.intro = "<p>每周三接待</p>"
    page.save_revision()
    assert "每周三接待" not in reading.text(visitor.get(f"/areas/{community.code}/"))
    page.get_latest_revision().publish()
    assert "每周三接待" in reading.text(visitor.get(f"/areas/{community.code}/"))


def test_a_draft_of_a_guide_is_not_there(pages: int, visitor: Client) -> None:
    GuidePage.objects.filter(slug="privacy").update(live=False)
    assert visitor.get("/guides/privacy/").status_code == 404
    assert "个人信息怎么保护" not in reading.text(visitor.get("/guides/"))


@pytest.mark.parametrize("address", ["/areas/999999/", "/areas/x'y/", "/guides/nothing/", "/nothing/"])
def test_unknown_places_are_404(address: str, court: Court, pages: int, visitor: Client) -> None:
    assert visitor.get(address).status_code == 404
