"""The demo's page: absent elsewhere; anybody's account, what was sent, the clock."""

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from adapters import clock, sms
from people.models import User
from people.roles import RoleKey
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.notifications.house_with_dev"
    settings.DEMO = True


@pytest.fixture
def official() -> User:
    return build.staff("主任", build.body(build.community()), RoleKey.CHAIR)


@pytest.mark.parametrize("address", ["/dev/", "/dev/clock/", "/dev/enter/1/"])
def test_outside_the_demo_nothing_is_there(client: Client, settings: Any, address: str) -> None:
    build.person("甲", pk=1)
    settings.DEMO = False
    assert [client.get(address).status_code, client.post(address, {"hours": 1}).status_code] == [404, 404]
    assert "_auth_user_id" not in client.session


def test_it_shows_what_was_sent_with_codes_legible(client: Client) -> None:
    sms.send("13800000001", "验证码 482913，5 分钟内有效。")
    page = client.get("/dev/").content.decode()
    assert (page.count("验证码 482913"), page.count("13800000001")) == (1, 1)


def test_it_shows_the_code_that_an_authenticator_shows(client: Client, official: User) -> None:
    proof = TOTP.activate(official, generate_totp_secret())
    [shown] = [account.code for account in client.get("/dev/").context["accounts"]]
    assert proof.validate_code(shown)


def test_entering_makes_one_that_person(client: Client) -> None:
    person = build.person("甲")
    answer = client.post(f"/dev/enter/{person.pk}/")
    assert (answer.status_code, client.session["_auth_user_id"]) == (302, str(person.pk))


def test_an_official_enters_with_the_second_factor_proved(client: Client, official: User) -> None:
    resident = build.person("甲")
    factors = []
    for user in (official, resident):
        client.post(f"/dev/enter/{user.pk}/")
        factors.append(client.get("/dev/").wsgi_request.user.second_factor)
    assert factors == [True, False]


def test_entering_needs_a_post_and_a_person(client: Client) -> None:
    person, closed = build.person("甲"), build.person("乙", closed_at=build.AT)
    assert client.get(f"/dev/enter/{person.pk}/").status_code == 405
    assert [client.post(f"/dev/enter/{pk}/").status_code for pk in (0, closed.pk)] == [404, 404]


@pytest.mark.parametrize(
    ("given", "by"), [({"hours": "72"}, dt.timedelta(days=3)), ({"days": "10"}, dt.timedelta(days=10))]
)
def test_the_clock_goes_forward(client: Client, given: dict[str, str], by: dt.timedelta) -> None:
    answer = client.post("/dev/clock/", given)
    assert (answer.status_code, answer["Location"], clock.shift()) == (302, "/dev/", by)


@pytest.mark.parametrize("given", [{}, {"days": ""}, {"days": "0"}, {"days": "-3"}, {"days": "x"}, {"hours": "-1"}])
def test_the_clock_does_not_go_back_and_says_so(client: Client, given: dict[str, str]) -> None:
    answer = client.post("/dev/clock/", given)
    assert (answer.status_code, clock.shift()) == (422, dt.timedelta())
    assert len(re.findall('class="y-error"|data-tone="alarm"', answer.content.decode())) > 0


def test_queries_do_not_grow_with_accounts(client: Client, django_assert_max_num_queries: Any) -> None:
    counts = []
    for more in (1, 29):
        for number in range(more):
            build.staff(f"干部{number}", build.body(build.community()), RoleKey.CHAIR)
        with django_assert_max_num_queries(10) as queries:
            client.get("/dev/")
        counts.append(len(queries))
    assert counts == [counts[0]] * 2
