"""Objections and rulings as people meet them: read by everybody, made by the roll, ruled on by another body."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from adapters import clock as wall
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.voting import procedure, urn
from voting import objections
from voting.models import Objection
from voting.states import State

pytestmark = pytest.mark.django_db
GROUNDS = "三栋 301 的纸质票上没有签名。"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    """The instant that the pages read; a test may move it."""
    moment = {"now": urn.CLOSES}
    monkeypatch.setattr(wall, "now", lambda: moment["now"])
    return moment


def counted(count: int = 3) -> procedure.Owners:
    court = procedure.owners(count)
    court.cast(*["yes"] * count)
    court.sweep(urn.CLOSES)
    return court


def page(name: str, pk: int) -> str:
    return reverse(f"voting:{name}", args=[pk])


def client(user: User) -> Client:
    return build.sign_in(Client(), user)


def html(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_an_objection_is_made_and_read_by_everybody_with_a_masked_name() -> None:
    court = counted()
    voter = client(court.people[2])
    sent = voter.post(page("objection_make", court.ballot.pk), {"grounds": GROUNDS})
    assert (sent.status_code, sent["Location"]) == (302, page("objections", court.ballot.pk))
    shown = html(Client(), page("objections", court.ballot.pk))
    right = court.right(2)
    assert (GROUNDS in shown, right.label in shown, court.people[2].name in shown) == (True, True, False)


def test_too_few_words_are_sent_back() -> None:
    court = counted()
    answer = client(court.people[0]).post(page("objection_make", court.ballot.pk), {"grounds": "不对"})
    assert (answer.status_code, "不对" in answer.content.decode(), Objection.objects.count()) == (422, True, 0)


def test_a_stranger_reads_why_not_and_a_visitor_is_led_to_sign_in() -> None:
    court = counted()
    stranger = client(build.person("外人"))
    assert stranger.post(page("objection_make", court.ballot.pk), {"grounds": GROUNDS}).status_code == 403
    assert Client().get(page("objection_make", court.ballot.pk)).status_code == 302
    assert page("objection_make", court.ballot.pk) not in html(stranger, page("objections", court.ballot.pk))
    assert page("objection_make", court.ballot.pk) in html(client(court.people[0]), page("objections", court.ballot.pk))


def test_the_result_says_that_it_is_not_final_until_it_is(now: dict[str, dt.datetime]) -> None:
    court = counted()
    link, address = page("objections", court.ballot.pk), page("result", court.ballot.pk)
    waiting = 'data-tone="pause">'
    shown = html(Client(), address)
    assert (link in shown, waiting in shown) == (True, True)
    now["now"] = court.fresh().objections_until or urn.CLOSES
    court.sweep(now["now"])
    later = html(Client(), address)
    assert (link in later, waiting in later) == (True, False)


def test_a_ruling_is_made_with_reasons_and_published() -> None:
    court = counted()
    made = objections.make(court.ballot, grounds=GROUNDS, by=court.people[0], at=urn.CLOSES)
    judge = client(build.staff("主任", build.body(court.area.get_parent()), RoleKey.DECIDER))
    address = page("objection_ruling", made.pk)
    assert GROUNDS in html(judge, address)
    bare = judge.post(address, {"ruling": "annul", "reason": ""})
    assert (bare.status_code, list(bare.context["form"].errors)) == (422, ["reason"])
    sent = judge.post(address, {"ruling": "annul", "reason": "名册漏了三户。"})
    assert (sent.status_code, sent["Location"]) == (302, page("objections", court.ballot.pk))
    assert court.fresh().state == State.ANNULLED
    assert "名册漏了三户。" in html(Client(), page("objections", court.ballot.pk))
    assert judge.post(address, {"ruling": "refuse", "reason": "再想想。。。"}).status_code == 403


def test_who_may_not_rule_reads_why() -> None:
    court = counted()
    made = objections.make(court.ballot, grounds=GROUNDS, by=court.people[0], at=urn.CLOSES)
    sent = {"ruling": "refuse", "reason": "票上有签名。"}
    answers = [client(user).post(page("objection_ruling", made.pk), sent) for user in (court.chair, court.people[0])]
    assert ([answer.status_code for answer in answers], Objection.objects.get().ruling) == ([403, 403], "open")


def test_an_overdue_ruling_is_shown_as_overdue(now: dict[str, dt.datetime]) -> None:
    court = counted()
    made = objections.make(court.ballot, grounds=GROUNDS, by=court.people[0], at=urn.CLOSES)
    before = html(Client(), page("objections", court.ballot.pk))
    now["now"] = made.due_at
    after = html(Client(), page("objections", court.ballot.pk))
    assert [shown.count('class="y-due" data-tone="alarm"') for shown in (before, after)] == [0, 1]


def test_many_objections_cost_no_more_queries() -> None:
    court, found = counted(), []
    judge = build.staff("主任", build.body(court.area.get_parent()), RoleKey.DECIDER)
    for count in (1, 29):
        for _n in range(count):
            made = objections.make(court.ballot, grounds=GROUNDS, by=court.people[0], at=urn.CLOSES)
            objections.refuse(made, reason="票上有签名。", by=judge, at=urn.CLOSES)
        with CaptureQueriesContext(connection) as queries:
            Client().get(page("objections", court.ballot.pk))
        found.append(len(queries))
    assert found[0] == found[1]
