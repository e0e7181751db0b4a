"""What stands around every page: header, place, tab bar, footer."""

import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import Client

from people.roles import RoleKey
from tests import build
from tests.config.conftest import visit

pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "/components/") -> str:
    return str(client.get(address).content.decode())


def links(html: str, part: str) -> list[str]:
    """The addresses in one part of the page, in reading order."""
    section = html[html.index(f'class="{part}"') :]
    return re.findall(r'<a [^>]*?href="([^"]+)"', section[: section.index("</nav>")])


def test_menu_of_a_visitor(client: Client) -> None:
    assert links(page(client), "y-nav") == ["/", "/cases/", "/ballots/", "/archive/"]


def test_desk_is_for_those_in_office(client: Client) -> None:
    courtyard = build.courtyard()
    officer = build.staff("程小禾", build.body(courtyard), RoleKey.MODERATOR)
    assert links(page(build.sign_in(client, officer)), "y-nav")[-1] == "/desk/"
    assert links(page(build.sign_in(client, build.person("竹筠", courtyard))), "y-nav")[-1] == "/archive/"


def test_current_room_is_marked_in_both_menus(client: Client) -> None:
    html = page(client, "/components/?nav=vote")
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', html) == ["/ballots/", "/ballots/"]


def test_tab_bar_has_five_entries(client: Client) -> None:
    assert links(page(client), "y-tabbar") == ["/", "/cases/", "/new/", "/ballots/", "/me/"]


def test_visitor_signs_in_and_comes_back(client: Client) -> None:
    assert 'href="/login/?next=%2Fcomponents%2F%3Fnav%3Dvote"' in page(client, "/components/?nav=vote")


def test_signed_in_person_sees_name_and_bell(client: Client) -> None:
    html = page(build.sign_in(client, build.person("竹筠")))
    assert 'href="/inbox/"' in html
    assert "竹筠</a>" in html


def test_bell_without_a_count_shows_none(client: Client) -> None:
    assert "<b hidden><span data-count></span>" in page(build.sign_in(client, build.person()))


def test_place_is_the_level_switcher(client: Client) -> None:
    courtyard = build.courtyard("槐荫里")
    html = render_to_string("base.html", {"here": courtyard}, request=visit("/"))
    places = [f"/areas/{area.code}/" for area in courtyard.lineage()]
    assert links(html, "y-levels") == [*places, "/areas/"] * 2
    assert html.count('aria-current="location"') == 2


def test_page_without_a_place_has_no_switcher(client: Client) -> None:
    assert "y-levels" not in page(client)


def test_demo_says_so_and_links_its_tools(client: Client, settings: pytest.FixtureRequest) -> None:
    assert "演示数据" not in page(client)
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "演示数据" in page(client)


def test_phone_number_is_on_every_page(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.HOTLINE = "028-1234-5678"  # type: ignore[attr-defined]
    assert 'href="tel:028-1234-5678"' in page(client)


@pytest.mark.parametrize(
    ("level", "tone"),
    [(constants.SUCCESS, "done"), (constants.INFO, "open"), (constants.WARNING, "pause"), (constants.ERROR, "alarm")],
)
def test_message_has_its_tone(level: int, tone: str) -> None:
    html = render_to_string("_messages.html", {"messages": [Message(level, "票已收到。")]})
    assert f'<div class="y-notice" data-tone="{tone}">' in html


def test_visitors_page_asks_the_database_nothing(client: Client, django_assert_num_queries: object) -> None:
    page(client)
    with django_assert_num_queries(0):  # type: ignore[operator]
        page(client)


def test_members_page_asks_for_session_person_office_and_notices(
    client: Client, django_assert_num_queries: object
) -> None:
    build.sign_in(client, build.person())
    with django_assert_num_queries(4):  # type: ignore[operator]
        page(client)
