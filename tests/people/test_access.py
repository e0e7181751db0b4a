"""Marks, the refusal page, and the second factor before staff pages."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from people.models import Appointment
from people.roles import RoleKey
from tests import build
from tests.people import urls

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cases/7/?page=2"}


def now_shown(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1])))


def set_up(client: Client) -> str:
    """Set the second factor up by the page; the secret."""
    client.get("/me/second/?next=/office/")
    secret = str(client.session["mfa.totp.secret"])
    assert client.post("/me/second/", {"code": now_shown(secret), "next": "/office/"})["Location"].startswith(
        "/me/second/rec"
    )
    return secret


@pytest.fixture
def chair(time):
    return build.staff(
        "程小禾", build.body(build.courtyard()), RoleKey.CHAIR, email="c@example.org", password="correct 7"
    )


def test_marks_are_on_the_views():
    marks = [getattr(view, "access", None) for view in (urls.hall, urls.own, urls.office)]
    assert marks == ["public", "member", "allowed"]


def test_a_visitor_is_led_to_the_log_in_and_back(client):
    assert client.get("/own/?a=1")["Location"] == "/login/?next=%2Fown%2F%3Fa%3D1"
    assert client.get("/office/")["Location"] == "/login/?next=%2Foffice%2F"
    assert (
        client.post("/own/", headers={"Referer": "http://testserver/cases/7/"})["Location"]
        == "/login/?next=%2Fcases%2F7%2F"
    )
    assert client.post("/own/", headers={"Referer": "https://evil.example/"})["Location"] == "/login/?next=%2F"


def test_a_fragments_visitor_is_led_by_htmx(client):
    response = client.get("/own/", headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/login/?next=%2Fcases%2F7%2F%3Fpage%3D2")


def test_a_refusal_is_a_page_with_its_reason(client, time):
    build.sign_in(client, build.person("甲"))
    page = client.get("/closed/")
    assert (page.status_code, page.context["reason"]) == (403, "closed at 2026")
    assert page.templates[0].name == "403.html"


def test_what_the_domain_refuses_is_the_same_page(client):
    page = client.post("/act/")
    assert (page.status_code, page.context["reason"]) == (403, "The domain said no.")


def test_a_fragment_is_refused_in_a_notice(client):
    page = client.post("/act/", headers=HTMX)
    assert (page.status_code, page.templates[0].name) == (403, "people/_refused.html")
    assert "The domain said no." in page.content.decode()


def test_an_office_alone_opens_no_staff_page(client, time, chair):
    build.sign_in(client, chair, second_factor=False)
    response = client.get("/office/?day=3", follow=False)
    assert response["Location"] == "/me/second/?next=%2Foffice%2F%3Fday%3D3"
    page = client.get(response["Location"])
    assert "这是工作页面" in page.content.decode()
    assert page.context["picture"].startswith("data:image/svg+xml")


def test_the_second_factor_is_set_up_and_opens_the_page(client, time, chair):
    build.sign_in(client, chair, second_factor=False)
    secret = set_up(client)
    assert client.get("/office/").content == b"office"
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    codes = client.get("/me/second/recovery/?next=https://evil.example/")
    assert (len(codes.context["codes"]), codes.context["next"]) == (10, "/")


def test_the_next_log_in_asks_for_the_code(client, time, chair):
    build.sign_in(client, chair, second_factor=False)
    secret = set_up(client)
    visitor = Client()
    sent = {"email": "c@example.org", "password": "correct 7", "next": "/office/"}
    assert visitor.post("/login/password/", sent)["Location"] == "/login/second/"
    assert visitor.get("/own/")["Location"] == "/login/?next=%2Fown%2F"
    assert visitor.post("/login/second/", {"code": "000000"}).status_code == 200
    assert visitor.post("/login/second/", {"code": now_shown(secret)})["Location"] == "/office/"
    assert visitor.get("/office/").content == b"office"


def test_an_old_session_without_the_code_is_asked_for_it(client, time, chair):
    build.sign_in(client, chair, second_factor=False)
    secret = set_up(client)
    old = build.sign_in(Client(), chair, second_factor=False)
    asked = old.get("/office/", follow=True)
    assert asked.redirect_chain[-1][0] == "/me/second/code/?next=%2Foffice%2F"
    assert old.post("/me/second/code/", {"code": now_shown(secret), "next": "/office/"})["Location"] == "/office/"
    assert old.get("/office/").content == b"office"


def test_recovery_codes_are_shown_after_the_code_only(client, time, chair):
    build.sign_in(client, chair, second_factor=False)
    set_up(client)
    other = build.sign_in(Client(), chair, second_factor=False)
    assert other.get("/me/second/recovery/")["Location"].startswith("/me/second/code/")


def test_guessing_codes_ends_in_a_pause(client, time, chair):
    build.sign_in(client, chair, second_factor=False)
    secret = set_up(client)
    other = build.sign_in(Client(), chair, second_factor=False)
    for _ in range(5):
        other.post("/me/second/code/", {"code": "000000"})
    page = other.post("/me/second/code/", {"code": now_shown(secret)})
    assert page.context["form"].errors["code"] == ["试得太多了，请 15 分钟后再试。"]


def test_an_office_ends_with_its_term(client, time, chair):
    build.sign_in(client, chair)
    assert client.get("/office/").content == b"office"
    Appointment.objects.update(until=build.AT + dt.timedelta(hours=1))
    time.pass_by(hours=1)
    assert client.get("/office/").status_code == 403


def test_a_second_factor_is_no_office(client, time):
    build.sign_in(client, build.person("甲"))
    assert client.get("/office/").context["reason"] == "这一页给有职务的工作人员用。"


def test_django_permissions_need_the_second_factor(chair):
    chair.is_superuser = True
    assert chair.has_perm("wagtailadmin.access_admin")
    chair.second_factor = False
    assert not chair.has_perm("wagtailadmin.access_admin")
