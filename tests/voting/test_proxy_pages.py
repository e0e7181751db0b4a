"""Giving, recording, taking back and using a proxy as people meet it, without a script."""

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from adapters import clock as wall
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.voting import procedure, urn
from voting import casting, proxies, proxy_policies
from voting.models import BallotPaper, Proxy
from voting.states import ProxyState

pytestmark = pytest.mark.django_db
SCOPE = "按他自己的意思投"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    """The instant that the pages read; a test may move it."""
    moment = {"now": urn.AT}
    monkeypatch.setattr(wall, "now", lambda: moment["now"])
    return moment


def page(name: str, pk: int) -> str:
    return reverse(f"voting:{name}", args=[pk])


def client(user: User) -> Client:
    return build.sign_in(Client(), user)


def html(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def typed(holder: User, **changed: str) -> dict[str, str]:
    return {"phone": holder.phone, "name": holder.name, "scope": SCOPE, "last_day": ""} | changed


def entrusted() -> tuple[procedure.Owners, Proxy]:
    court = procedure.owners(2)
    facts = {"scope": SCOPE, "until": urn.CLOSES, "at": urn.AT}
    return court, proxies.give(court.right(0), holder=court.people[1], by=court.people[0], **facts)


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return SimpleUploadedFile("letter.png", out.getvalue(), "image/png")


def test_a_proxy_is_given_by_phone_and_name_and_taken_back() -> None:
    court = procedure.owners(2)
    voter = client(court.people[0])
    sent = voter.post(page("proxy_give", court.ballot.pk), typed(court.people[1]))
    assert (sent.status_code, sent["Location"]) == (302, page("proxies", court.ballot.pk))
    proxy = Proxy.objects.get()
    assert (proxy.holder, proxy.until, proxy.scope, proxy.state) == (
        court.people[1], urn.CLOSES, SCOPE, ProxyState.GIVEN,
    )  # fmt: skip
    assert court.people[1].name in html(voter, page("proxies", court.ballot.pk))
    voter.post(page("proxy_revoke", proxy.pk))
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.REVOKED


@pytest.mark.parametrize("wrong", [{"phone": "00099999999"}, {"name": "不是这个名字"}])
def test_whoever_cannot_be_found_gets_one_sentence_and_keeps_what_was_typed(wrong: dict[str, str]) -> None:
    court = procedure.owners(2)
    answer = client(court.people[0]).post(
        page("proxy_give", court.ballot.pk), typed(court.people[1], last_day="2026-11-20", **wrong)
    )
    shown = answer.content.decode()
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422, [str(proxy_policies.UNKNOWN.reason)],
    )  # fmt: skip
    assert (SCOPE in shown, 'value="2026-11-20"' in shown, Proxy.objects.count()) == (True, True, 0)


@pytest.mark.parametrize(
    ("day", "until"),
    [("2026-11-20", dt.datetime(2026, 11, 21, tzinfo=urn.AT.tzinfo)), ("2026-11-25", urn.CLOSES), ("2026-11-26", None)],
)
def test_the_last_day_lies_within_the_vote(day: str, until: dt.datetime | None) -> None:
    court = procedure.owners(2)
    client(court.people[0]).post(page("proxy_give", court.ballot.pk), typed(court.people[1], last_day=day))
    assert list(Proxy.objects.values_list("until", flat=True)) == ([until] if until else [])


def test_a_refusal_of_the_holder_is_read_in_the_form() -> None:
    court = procedure.owners(2)
    officer = build.staff("委员", build.body(court.area), RoleKey.MODERATOR)
    build.home(officer, court.area, "999")
    answer = client(court.people[0]).post(page("proxy_give", court.ballot.pk), typed(officer))
    assert (answer.status_code, len(answer.context["form"].non_field_errors()), Proxy.objects.count()) == (422, 1, 0)


def test_the_holder_chooses_checks_casts_and_gets_the_receipt_once() -> None:
    court, proxy = entrusted()
    holder = client(court.people[1])
    assert "checked" not in html(holder, page("proxy", proxy.pk)).split("<main")[1].split("</main>")[0]
    check = holder.post(page("proxy_confirm", proxy.pk), {"choice": "no"}).content.decode()
    assert ('<input type="hidden" name="choice" value="no">' in check, BallotPaper.objects.count()) == (True, 0)
    sent = [holder.post(page("proxy_cast", proxy.pk), {"choice": "no", "mine": "on"}) for _ in range(2)]
    assert [answer["Location"] for answer in sent] == [page("proxy_receipt", proxy.pk)] * 2
    paper = BallotPaper.objects.get()
    first, second = (html(holder, page("proxy_receipt", proxy.pk)) for _ in range(2))
    assert (paper.entry, paper.channel, first.count(paper.receipt), second.count(paper.receipt)) == (
        court.right(0), "proxy", 1, 0,
    )  # fmt: skip


def test_who_does_not_say_that_it_is_wanted_casts_nothing() -> None:
    court, proxy = entrusted()
    answer = client(court.people[1]).post(page("proxy_cast", proxy.pk), {"choice": "yes"})
    assert (answer.templates[0].name, list(answer.context["form"].errors), BallotPaper.objects.count()) == (
        "voting/proxy_confirm.html", ["mine"], 0,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["proxy", "proxy_confirm", "proxy_cast", "proxy_receipt"])
def test_nobody_else_reaches_the_ballot_of_a_holder(name: str) -> None:
    court, proxy = entrusted()
    sent = {"choice": "yes", "mine": "on"}
    for stranger in (court.people[0], court.chair, build.person("外人")):
        asking = client(stranger)
        answers = [asking.get(page(name, proxy.pk)), asking.post(page(name, proxy.pk), sent)]
        assert {answer.status_code for answer in answers} <= {404, 405}
    assert BallotPaper.objects.count() == 0


def test_the_ballot_page_shows_what_was_given_and_what_is_held() -> None:
    court, proxy = entrusted()
    address = court.ballot.get_absolute_url()
    given, held, other = (html(client(user), address) for user in (*court.people, build.person("外人")))
    revoke = f'action="{page("proxy_revoke", proxy.pk)}"'
    link = f'href="{page("proxies", court.ballot.pk)}"'
    assert [(revoke in shown, link in shown) for shown in (given, held)] == [(True, True), (False, True)]
    assert (proxy.holder.name in other, revoke in other) == (False, False)
    assert link not in html(Client(), address)
    casting.cast(court.ballot, by=court.people[1], choice="yes", at=urn.AT, entry=court.right(0))
    assert revoke not in html(client(court.people[0]), address)


def test_no_page_tells_a_choice_before_the_count() -> None:
    court, _proxy = entrusted()
    casting.cast(court.ballot, by=court.people[1], choice="no", at=urn.AT, entry=court.right(0))
    for user in court.people:
        shown = html(client(user), page("proxies", court.ballot.pk)).split("<main")[1].split("</main>")[0]
        assert re.search("不同意|No, against", shown) is None


def test_a_clerk_records_a_letter_of_which_only_those_concerned_see_the_photo() -> None:
    court = procedure.owners(2)
    clerk = build.staff("文员", build.body(court.area), RoleKey.CLERK)
    right, address = court.right(0), page("proxy_record", court.ballot.pk)
    sent = client(clerk).post(address, typed(court.people[1], entry=str(right.pk)) | {"letter": picture()})
    assert (sent.status_code, sent["Location"]) == (302, address)
    proxy = Proxy.objects.get()
    who = [*court.people, clerk, court.chair, build.person("外人")]
    answers = [client(user).get(page("proxy_letter", proxy.pk)) for user in who]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 404]
    with Image.open(io.BytesIO(answers[0].content)) as kept:
        assert (kept.format, kept.size, answers[0]["Content-Type"]) == ("JPEG", (60, 40), "image/jpeg")


def test_what_is_no_picture_is_refused_and_the_rest_stays() -> None:
    court = procedure.owners(2)
    clerk = build.staff("文员", build.body(court.area), RoleKey.CLERK)
    false = SimpleUploadedFile("letter.png", b"<svg onload=alert(1)>", "image/png")
    facts = typed(court.people[1], entry=str(court.right(0).pk)) | {"letter": false}
    answer = client(clerk).post(page("proxy_record", court.ballot.pk), facts)
    assert (answer.status_code, list(answer.context["form"].errors), Proxy.objects.count()) == (422, ["letter"], 0)
    assert SCOPE in answer.content.decode()


def test_a_letter_for_a_right_that_has_voted_or_after_the_end_is_refused(now: dict[str, dt.datetime]) -> None:
    court = procedure.owners(2)
    clerk = client(build.staff("文员", build.body(court.area), RoleKey.CLERK))
    facts = typed(court.people[1], entry=str(court.right(0).pk))
    now["now"] = urn.CLOSES
    late = clerk.post(page("proxy_record", court.ballot.pk), facts | {"letter": picture()})
    now["now"] = urn.AT
    court.cast("yes")
    voted = clerk.post(page("proxy_record", court.ballot.pk), facts | {"letter": picture()})
    assert (late.status_code, voted.status_code, Proxy.objects.count()) == (422, 422, 0)


@pytest.mark.parametrize("name", ["proxies", "proxy_give"])
def test_a_secret_ballot_has_no_such_page(name: str) -> None:
    [voter] = urn.neighbours(1)
    ballot = urn.call()
    assert client(voter).get(page(name, ballot.pk)).status_code == 403
