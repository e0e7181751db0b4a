"""Several residents on one phone: who is here, and who may be switched to."""

import pytest

from people.models import User
from people.roles import RoleKey
from tests import build
from tests.people.test_entry import PHONE, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(time):
    return [build.person(name, phone=PHONE) for name in ("王婆婆", "王小满")]


def by_code(client, last_code, **more):
    send(client, **more)
    return client.post("/login/code/", {"code": last_code()})


def test_several_residents_are_asked_who_is_here(client, household, last_code):
    stranger = build.person("外人")
    response = by_code(client, last_code, next="/own/")
    assert (response["Location"], signed_in(client)) == ("/me/who/?next=%2Fown%2F", None)
    page = client.get(response["Location"])
    assert [person for person, _ in page.context["choices"]] == household
    assert stranger.name not in page.content.decode()
    assert client.post("/me/who/", {"person": household[1].pk, "next": "/own/"})["Location"] == "/own/"
    assert signed_in(client) == household[1]


def test_one_may_go_on_as_the_other(client, household, last_code):
    by_code(client, last_code)
    client.post("/me/who/", {"person": household[0].pk})
    client.session["secret_of_the_first"] = 1
    client.post("/me/who/", {"person": household[1].pk})
    assert signed_in(client) == household[1]
    assert client.get("/own/").content.decode() == f"own {household[1].pk}"


def test_people_of_other_phones_are_not_found(client, household, last_code):
    stranger = build.person("外人")
    unproved = build.person("没验证", phone=PHONE)
    User.objects.filter(pk=unproved.pk).update(phone_verified=False)
    by_code(client, last_code)
    answers = [client.post("/me/who/", {"person": who}).status_code for who in (stranger.pk, unproved.pk, 0, "x", "")]
    assert (answers, signed_in(client)) == ([404] * 5, None)


def test_without_the_phones_code_nobody_switches(client, household):
    build.sign_in(client, household[0])
    assert client.get("/me/who/")["Location"] == "/login/"
    assert client.post("/me/who/", {"person": household[1].pk})["Location"] == "/login/"
    assert signed_in(client) == household[0]


def test_another_resident_is_added_and_goes_on(client, time, last_code):
    first = build.person("王婆婆", phone=PHONE, last_login=build.AT)
    by_code(client, last_code)
    assert client.post("/me/who/add/", {"name": "王小满", "adult": "on"})["Location"] == "/me/"
    added = User.objects.exclude(pk=first.pk).get()
    assert (added.name, added.phone, added.phone_verified, added.is_adult) == ("王小满", PHONE, True, True)
    assert signed_in(client) == added


def test_nobody_is_added_without_the_phones_code(client, time):
    build.sign_in(client, build.person("王婆婆", phone=PHONE))
    page = client.post("/me/who/add/", {"name": "王小满"})
    assert (page.status_code, User.objects.count()) == (403, 1)


def test_a_phone_carries_a_household_not_a_crowd(client, time, last_code):
    for number in range(8):
        person = build.person(f"住户{number}", phone=PHONE)
    by_code(client, last_code)
    client.post("/me/who/", {"person": person.pk})
    assert client.post("/me/who/add/", {"name": "又一位"}).status_code == 403


def test_an_office_is_not_entered_without_its_second_factor(client, household, last_code):
    officer = build.staff("李主任", build.body(build.community()), RoleKey.DECIDER, phone=PHONE)
    by_code(client, last_code)
    page = client.get("/me/who/")
    assert [bool(verdict) for _, verdict in page.context["choices"]] == [True, True, False]
    assert client.post("/me/who/", {"person": officer.pk}).status_code == 403
    assert signed_in(client) is None


def test_an_office_with_a_second_factor_is_asked_for_it(client, household, last_code):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    officer = build.staff("李主任", build.body(build.community()), RoleKey.DECIDER, phone=PHONE)
    TOTP.activate(officer, generate_totp_secret())
    by_code(client, last_code)
    client.post("/me/who/", {"person": household[0].pk})
    assert client.post("/me/who/", {"person": officer.pk})["Location"] == "/login/second/"
    assert signed_in(client) is None
