"""Pages for when something does not work: what happened, what is kept, what to do, whom to call."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path

from people.access import public
from people.verdict import Refused, no
from tests.config import urls as house
from tests.config.conftest import visit


@public
def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused(no("只有槐荫里登记业主可以投票。"))


@public
def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("secret detail")


handler400, handler500 = house.handler400, house.handler500
urlpatterns = [*house.urlpatterns, path("refuse/", refuse), path("suspect/", suspect)]


@pytest.fixture(autouse=True)
def _addresses(settings: pytest.FixtureRequest, _small_house: None) -> None:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]


@pytest.fixture
def tolerant() -> Client:
    return Client(raise_request_exception=False)


def read(client: Client, address: str, status: int) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


@pytest.mark.django_db
def test_403_tells_the_reason(client: Client) -> None:
    assert "只有槐荫里登记业主可以投票。" in read(client, "/refuse/", 403)


@pytest.mark.django_db
def test_404_tells_nothing(client: Client) -> None:
    html = read(client, "/cases/2026-0417-hidden/", 404)
    assert "没有这一页，或没有公开" in html.replace("<wbr>", "")
    assert "/components/" not in html.split("<main")[1].split("</main>")[0]
    assert "Resolver" not in html


def test_400_stands_alone(tolerant: Client) -> None:
    html = read(tolerant, "/suspect/", 400)
    assert "没能读懂" in html
    assert "secret detail" not in html


def test_500_needs_no_database(tolerant: Client) -> None:
    html = read(tolerant, "/fail/", 500)
    assert "这一页没打开，不是您的问题" in html
    assert "028-0000-0417" in html
    assert "on purpose" not in html


def test_500_speaks_the_chosen_language(tolerant: Client) -> None:
    tolerant.cookies["yuanyi_8000_language"] = "en"
    assert "This page did not open, and it is not your fault" in read(tolerant, "/fail/", 500)


@pytest.mark.django_db
def test_429_offers_the_phone() -> None:
    html = render_to_string("429.html", request=visit("/login/"))
    assert "请过几分钟再试。" in html
    assert 'href="tel:028-0000-0417"' in html


@pytest.mark.django_db
def test_form_left_open_too_long_is_told_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/display/")
    assert answer.status_code == 403
    assert "写好的内容都还在" in answer.content.decode()
