"""The editors' admin is open to those who hold an editor's office today and proved their second factor."""

import datetime as dt
import re

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text

from adapters import clock
from areas.models import Area
from cms.models import ArchivePage, AreaPage, AreasPage, GuidePage, GuidesPage, HomePage
from people.models import Appointment, User
from people.roles import RoleKey
from tests import build
from tests.cms import reading
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(court: Court) -> Area:
    return court.courtyard.lineage()[0]


@pytest.fixture
def editor(district: Area) -> User:
    return build.staff("苏纸鸢", build.body(district), RoleKey.EDITOR)


@pytest.fixture
def desk(editor: User) -> Client:
    return build.sign_in(Client(), editor)


def edit(browser: Client, page: Page, **fields: str):
    return browser.post(f"/cms/pages/{page.pk}/edit/", nested_form_data({**fields, "action-publish": "1"}), follow=True)


def test_an_editor_opens_the_admin_in_chinese(desk: Client, pages: int) -> None:
    page = reading.text(desk.get("/cms/"))
    assert "控制面板" in page
    assert "苏纸鸢" in page
    assert re.findall(r'<(?:script|link|img|iframe)\b[^>]*="(?:https?:)?//[^"]+"', page) == []
    assert "gravatar" not in page


def test_a_visitor_is_led_to_the_door_and_back(pages: int, visitor: Client) -> None:
    assert visitor.get("/cms/", follow=True).redirect_chain[-1][0] == "/login/?next=%2Fcms%2F"


def test_without_the_second_factor_it_is_asked_for_first(editor: User, pages: int) -> None:
    browser = build.sign_in(Client(), editor, second_factor=False)
    response = browser.get("/cms/", follow=True)
    assert response.redirect_chain[-1][0] == "/me/second/?next=%2Fcms%2F"
    assert list(response.context["messages"]) == []


def test_no_other_office_opens_it(district: Area, pages: int) -> None:
    addresses = ("/cms/", "/cms/pages/", f"/cms/pages/{HomePage.objects.get().pk}/edit/", "/cms/users/")
    for role in set(RoleKey) - {RoleKey.EDITOR}:
        browser = build.sign_in(Client(), build.staff("某某", build.body(district), role))
        answers = [browser.get(address, follow=True) for address in addresses]
        assert {answer.status_code for answer in answers} == {403}
        assert [answer for answer in answers if "控制面板" in answer.content.decode()] == []


def test_a_resident_is_refused_with_the_reason(court: Court, pages: int) -> None:
    response = build.sign_in(Client(), court.people["proposer"]).get("/cms/", follow=True)
    assert response.status_code == 403
    assert "您的职务不包括这一项" in response.content.decode()


@pytest.mark.parametrize(("since", "until"), [(-9, -1), (1, None)])
def test_an_office_counts_only_while_it_is_held(since: int, until: int | None, district: Area, pages: int) -> None:
    now, day = clock.now(), dt.timedelta(days=1)
    user = build.person("前任")
    Appointment.objects.create(
        user=user,
        body=build.body(district),
        role=RoleKey.EDITOR,
        since=now + since * day,
        until=until and now + until * day,
    )
    assert build.sign_in(Client(), user).get("/cms/", follow=True).status_code == 403


def test_an_account_that_was_stopped_opens_nothing(editor: User, desk: Client, pages: int) -> None:
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert "/login/" in desk.get("/cms/", follow=True).redirect_chain[-1][0]


def test_what_an_editor_publishes_is_on_the_page(court: Court, desk: Client, pages: int, visitor: Client) -> None:
    page = AreaPage.objects.get(area=court.courtyard.get_parent())
    intro = {"intro": rich_text("<p>每周三下午在大厅接待</p>", features=["bold"])}
    assert edit(desk, page, **intro).status_code == 200
    assert "每周三下午在大厅接待" in reading.text(visitor.get(f"/areas/{page.area.code}/"))
    edit(desk, HomePage.objects.get(), heading="院里的事", lead="都可以说。")
    assert "院里的事</h1>" in reading.text(visitor.get("/"))


def test_an_editor_writes_a_guide_and_takes_it_away(desk: Client, pages: int, visitor: Client) -> None:
    words = {
        "title": "怎样参加坝坝会",
        "summary": "时间和地点。",
        "body": rich_text("<p>带上凳子。</p>"),
        "slug": "bababahui",
    }
    form = nested_form_data({**words, "action-publish": "1"})
    desk.post(f"/cms/pages/add/cms/guidepage/{GuidesPage.objects.get().pk}/", form)
    assert "带上凳子。" in reading.text(visitor.get("/guides/bababahui/"))
    guide = GuidePage.objects.get(slug="bababahui")
    desk.post(f"/cms/pages/{guide.pk}/delete/")
    assert visitor.get("/guides/bababahui/").status_code == 404


def test_a_forbidden_tag_does_not_reach_the_page(court: Court, desk: Client, pages: int, visitor: Client) -> None:
    page = AreaPage.objects.get(area=court.courtyard.get_parent())
    edit(desk, page, intro=rich_text("<p>好<script>alert(1)</script></p>", features=["bold"]))
    assert b"<script>alert" not in visitor.get(f"/areas/{page.area.code}/").content


@pytest.mark.parametrize("kind", [HomePage, AreasPage, AreaPage, ArchivePage, GuidesPage])
def test_the_pages_that_the_site_stands_on_stay(kind: type[Page], desk: Client, pages: int) -> None:
    page = kind.objects.first()
    for act in ("delete", "unpublish", "move", "copy", "privacy"):
        answer = desk.post(f"/cms/pages/{page.pk}/{act}/", {"restriction_type": "login", "new_slug": "x"})
        assert answer.headers["Location"] == "/cms/"
    assert list(Page.objects.filter(pk=page.pk).values_list("live", "path", "slug")) == [(True, page.path, page.slug)]
    assert not page.get_view_restrictions().exists()


def test_the_address_of_a_page_is_not_for_editing(desk: Client, pages: int) -> None:
    page = ArchivePage.objects.get()
    edit(desk, page, title="旧事", intro="都在这里", slug="elsewhere")
    left = ArchivePage.objects.get()
    assert (left.title, left.slug) == ("旧事", "archive")


def test_a_street_s_editor_writes_the_street_s_pages_only(court: Court, plant, visitor: Client) -> None:
    mine, other = build.street("抚琴街道"), build.street("九里堤街道")
    court.courtyard.move(build.community(within=mine), pos="sorted-child")
    plant()
    browser = build.sign_in(Client(), build.staff("街道编辑", build.body(mine), RoleKey.EDITOR))
    for area, may in ((mine, True), (other, False)):
        page = AreaPage.objects.get(area=area)
        edit(browser, page, intro=rich_text(f"<p>{area.name}的话</p>"))
        assert (f"{area.name}的话" in reading.text(visitor.get(f"/areas/{area.code}/"))) == may
    edit(browser, HomePage.objects.get(), heading="改了", lead="改了")
    assert HomePage.objects.get().heading != "改了"


def test_rooms_of_wagtail_that_are_not_ours_are_shut(desk: Client, pages: int) -> None:
    first = reading.text(desk.get("/cms/"))
    for room in ("users", "groups", "sites", "collections", "images", "documents", "workflows/list", "snippets"):
        assert desk.get(f"/cms/{room}/").headers["Location"] == "/cms/"
        assert f'"/cms/{room}/"' not in first


def test_one_s_own_account_is_on_my_page(desk: Client, pages: int, visitor: Client) -> None:
    assert desk.get("/cms/account/").headers["Location"] == "/me/"
    assert visitor.get("/cms/account/").headers["Location"] == "/login/?next=%2Fcms%2Faccount%2F"


def test_the_reports_stand(desk: Client, pages: int) -> None:
    edit(desk, HomePage.objects.get(), heading="院里的事", lead="都可以说。")
    for report in ("site-history", "aging-pages", "page-types-usage"):
        assert desk.get(f"/cms/reports/{report}/").status_code == 200
