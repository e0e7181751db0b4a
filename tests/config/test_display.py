"""Language, large type, light or dark: chosen with a plain button, kept, and back on the same page."""

import pytest
from django.test import Client

from config.display import COOKIES
from tests import build

pytestmark = pytest.mark.django_db


def opening_tag(client: Client, address: str = "/components/") -> str:
    html: str = client.get(address).content.decode()
    return html[html.index("<html") : html.index(">", html.index("<html")) + 1]


def choose(client: Client, **data: str) -> str:
    """The address to which the switch leads back."""
    answer = client.post("/display/", {"next": "/components/?nav=vote"} | data)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_chinese_light_and_plain_unless_chosen(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-US,en"
    assert opening_tag(client) == '<html lang="zh-Hans-CN">'


def test_switch_returns_to_the_same_page(client: Client) -> None:
    assert choose(client, mode="elder") == "/components/?nav=vote"
    assert opening_tag(client) == '<html lang="zh-Hans-CN" data-mode="elder">'


def test_every_choice_is_kept(client: Client) -> None:
    choose(client, mode="elder", theme="dark", language="en")
    assert opening_tag(client) == '<html lang="en" data-mode="elder" data-bs-theme="dark">'


def test_choices_can_be_taken_back(client: Client) -> None:
    choose(client, mode="elder", theme="dark")
    choose(client, mode="plain")
    choose(client, theme="device")
    assert opening_tag(client) == '<html lang="zh-Hans-CN">'


def test_language_of_the_answer_is_named(client: Client) -> None:
    choose(client, language="en")
    assert client.get("/components/").headers["Content-Language"] == "en"


def test_unknown_choices_change_nothing(client: Client) -> None:
    choose(client, mode="huge", theme="red", language="de")
    assert [name for name in client.cookies if name in COOKIES.values()] == []


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_switch_leads_nowhere_else(client: Client, address: str) -> None:
    assert choose(client, mode="elder", next=address) == "/"


def test_switch_is_a_post(client: Client) -> None:
    assert client.get("/display/").status_code == 405


def test_switch_wants_our_own_form(client: Client) -> None:
    assert Client(enforce_csrf_checks=True).post("/display/", {"mode": "elder"}).status_code == 403


def test_account_remembers_for_the_next_device(client: Client) -> None:
    person = build.person()
    choose(build.sign_in(client, person), mode="elder", language="en")
    person.refresh_from_db()
    assert (person.mode, person.language, person.theme) == ("elder", "en", "")
    other_device = build.sign_in(Client(), person)
    assert opening_tag(other_device) == '<html lang="en" data-mode="elder">'


def test_choice_of_one_account_is_not_anothers(client: Client) -> None:
    choose(build.sign_in(Client(), build.person()), mode="elder")
    assert opening_tag(build.sign_in(client, build.person())) == '<html lang="zh-Hans-CN">'


def test_account_counts_more_than_the_browser(client: Client) -> None:
    choose(client, mode="elder")
    build.sign_in(client, build.person(mode="plain"))
    assert opening_tag(client) == '<html lang="zh-Hans-CN">'


def test_elders_see_more_on_request(client: Client) -> None:
    choose(client, mode="elder")
    assert 'href="?nav=vote&amp;full=1"' in client.get("/components/?nav=vote").content.decode()
    assert (
        opening_tag(client, "/components/?full=1") == '<html lang="zh-Hans-CN" data-mode="elder" data-density="full">'
    )


def test_cookies_of_two_instances_do_not_collide(settings: object) -> None:
    assert {name: f"yuanyi_8000_{name}" for name in ("language", "mode", "theme")} == COOKIES


def test_a_page_that_answers_a_post_is_left_by_its_own_address(client: Client) -> None:
    html = client.post("/components/?nav=vote", headers={"referer": "http://testserver/new/what/"}).content.decode()
    assert html.count('name="next" value="/new/what/"') == 2
