"""The ballot as a voter meets it, without a script; and what everyone else sees."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from adapters import clock as wall
from tests import build
from tests.voting import urn
from voting import clock
from voting.models import Ballot, BallotPaper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    """The instant that the pages read; a test may move it."""
    moment = {"now": urn.AT}
    monkeypatch.setattr(wall, "now", lambda: moment["now"])
    return moment


def page(name: str, ballot: Ballot) -> str:
    return reverse(f"voting:{name}", args=[ballot.pk])


def get(client: Client, name: str, ballot: Ballot) -> str:
    return client.get(page(name, ballot)).content.decode()


def voter() -> tuple[Client, Ballot]:
    """Somebody signed in who has the right to vote in an open ballot of four."""
    users = urn.neighbours(4)
    ballot = urn.call()
    clock.sweep(urn.AT)
    return build.sign_in(Client(), users[0]), ballot


def test_nothing_is_chosen_beforehand() -> None:
    client, ballot = voter()
    shown = get(client, "ballot", ballot)
    assert re.findall(r'<input type="radio" name="choice" value="(\w+)"', shown) == ["yes", "no", "abstain"]
    assert "checked" not in shown


def test_a_vote_is_chosen_checked_cast_and_receipted() -> None:
    client, ballot = voter()
    check = client.post(page("confirm", ballot), {"choice": "no"})
    assert '<div class="y-slip__big"><span class="y-muted">您选的是</span><b>不同意</b></div>' in check.content.decode()
    assert BallotPaper.objects.count() == 0
    sent = client.post(page("cast", ballot), {"choice": "no", "mine": "on"})
    assert (sent.status_code, sent["Location"]) == (302, page("receipt", ballot))
    first, second = (get(client, "receipt", ballot) for _ in range(2))
    code = ballot.receipts.get().code
    assert (first.count(f'<p class="y-receipt">{code}</p>'), second.count(code)) == (1, 0)
    assert "checked" not in get(client, "ballot", ballot)
    assert urn.numbers(urn.count(ballot)) == urn.plain("no_quorum", roll=4, no=1)


def test_going_back_keeps_the_choice_and_stores_it_nowhere() -> None:
    client, ballot = voter()
    client.post(page("confirm", ballot), {"choice": "abstain"})
    back = client.post(page("ballot", ballot), {"choice": "abstain"}).content.decode()
    assert re.findall(r'value="(\w+)"[^>]* checked', back) == ["abstain"]
    assert "checked" not in get(client, "ballot", ballot)
    assert "abstain" not in repr(dict(client.session.items()))


@pytest.mark.parametrize("nonsense", [{}, {"choice": ""}, {"choice": "maybe"}, {"choice": "maybe", "mine": "on"}])
@pytest.mark.parametrize("step", ["confirm", "cast"])
def test_without_a_choice_the_ballot_says_what_is_missing(step: str, nonsense: dict[str, str]) -> None:
    client, ballot = voter()
    answer = client.post(page(step, ballot), nonsense)
    assert (answer.status_code, answer.templates[0].name) == (200, "voting/ballot.html")
    assert answer.context["form"].errors["choice"]
    assert BallotPaper.objects.count() == 0


def test_who_does_not_say_that_it_is_their_own_keeps_their_choice() -> None:
    client, ballot = voter()
    answer = client.post(page("cast", ballot), {"choice": "yes"})
    assert (answer.templates[0].name, list(answer.context["form"].errors)) == ("voting/confirm.html", ["mine"])
    assert '<input type="hidden" name="choice" value="yes">' in answer.content.decode()
    assert BallotPaper.objects.count() == 0


def test_a_double_submit_gives_one_paper_and_leads_to_the_receipt() -> None:
    client, ballot = voter()
    sent = [client.post(page("cast", ballot), {"choice": choice, "mine": "on"}) for choice in ("yes", "no")]
    assert [answer["Location"] for answer in sent] == [page("receipt", ballot)] * 2
    assert ballot.receipts.get().code in get(client, "receipt", ballot)
    assert urn.numbers(urn.count(ballot)) == urn.plain("no_quorum", roll=4, yes=1)


@pytest.mark.parametrize("step", ["confirm", "cast"])
def test_who_is_not_on_the_roll_is_told_why(step: str) -> None:
    _client, ballot = voter()
    stranger = build.sign_in(Client(), build.person("外人", build.courtyard("同安苑")))
    answer = stranger.post(page(step, ballot), {"choice": "yes", "mine": "on"})
    assert (answer.status_code, "槐荫里" in answer.content.decode()) == (403, True)
    shown = get(stranger, "ballot", ballot)
    assert ("<form" in shown.split("<main")[1].split("</main>")[0], "028-0000-0417" in shown) == (False, True)


@pytest.mark.parametrize("step", ["confirm", "cast"])
def test_after_the_end_nothing_is_cast(step: str, now: dict[str, dt.datetime]) -> None:
    client, ballot = voter()
    now["now"] = urn.CLOSES
    assert client.post(page(step, ballot), {"choice": "yes", "mine": "on"}).status_code == 403
    assert client.get(page("ballot", ballot))["Location"] == page("result", ballot)
    assert BallotPaper.objects.count() == 0


def test_everybody_reads_question_and_turnout(client: Client) -> None:
    _voter, ballot = voter()
    urn.cast(ballot, {ballot.entries.all()[1].voter: "yes"})
    shown = get(client, "ballot", ballot)
    assert re.findall(r"<h1[^>]*>(.*)</h1>", shown.replace("<wbr>", "")) == ["要不要搭充电棚？"]
    assert ("1 / 4" in shown, "<fieldset" in shown) == (True, False)
    assert shown.split("<main")[1].split("</main>")[0].count(f"?next={quote(page('ballot', ballot), safe='')}") == 1


@pytest.mark.parametrize("step", ["confirm", "cast", "receipt"])
def test_who_is_not_signed_in_is_led_to_the_log_in(client: Client, step: str) -> None:
    _voter, ballot = voter()
    answer = client.get(page(step, ballot)) if step == "receipt" else client.post(page(step, ballot), {"choice": "yes"})
    assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)


@pytest.mark.parametrize("name", ["ballot", "confirm", "cast", "receipt", "result"])
def test_an_unknown_ballot_is_not_found(name: str) -> None:
    client, _ballot = voter()
    address = reverse(f"voting:{name}", args=[987654])
    answer = client.post(address, {"choice": "yes"}) if name in ("confirm", "cast") else client.get(address)
    assert answer.status_code == 404


def test_nobody_reads_a_receipt_who_has_not_voted() -> None:
    client, ballot = voter()
    assert client.get(page("receipt", ballot)).status_code == 404


def test_the_check_page_is_reached_by_choosing_only() -> None:
    client, ballot = voter()
    assert client.get(page("confirm", ballot))["Location"] == page("ballot", ballot)
    assert client.get(page("cast", ballot)).status_code == 405


def test_the_result_page_shows_turnout_first_and_the_numbers_after(client: Client, now: dict[str, dt.datetime]) -> None:
    _voter, ballot = voter()
    users = [entry.voter for entry in ballot.entries.all()]
    urn.cast(ballot, dict(zip(users, ("yes", "yes", "no"), strict=False)))
    before = get(client, "result", ballot)
    assert ("75.0%" in before, "y-verdict" in before, "y-bar__yes" in before) == (True, False, False)
    now["now"] = urn.CLOSES
    assert "y-verdict" not in get(client, "result", ballot)
    urn.count(ballot)
    after = get(client, "result", ballot)
    assert re.findall(r'<span class="y-result__pct">([\d.]+%)', after) == ["66.7%", "75.0%"]
    assert ('data-tone="done"' in after, "通过" in after, ballot.roll_hash in after) == (True, True, True)


@pytest.mark.parametrize(
    ("choices", "tone", "words"),
    [
        (("yes", "yes", "yes"), "done", "两项都达到"),
        (("yes", "no", "no"), "end", "同意的不够"),
        (("yes",), "end", "参与的人不够"),
    ],
)
def test_the_verdict_says_which_test_failed(client: Client, choices: tuple[str, ...], tone: str, words: str) -> None:
    _voter, ballot = voter()
    urn.cast(ballot, dict(zip([entry.voter for entry in ballot.entries.all()], choices, strict=False)))
    urn.count(ballot)
    shown = get(client, "result", ballot)
    assert re.findall(r'class="y-verdict" data-tone="(\w+)"', shown) == [tone]
    assert words in shown


def test_a_ballot_that_was_not_counted_says_so(client: Client) -> None:
    _voter, ballot = voter()
    BallotPaper.objects.create(ballot=ballot, envelope="x")
    urn.count(ballot)
    shown = get(client, "result", ballot)
    assert ('data-tone="alarm"' in shown, "y-result__pct" in shown) == (True, False)


def test_the_list_puts_what_waits_for_me_first() -> None:
    client, ballot = voter()
    urn.neighbours(1, build.courtyard("同安苑"))
    other = urn.call(build.courtyard("同安苑"), chain="case:" + "d" * 32, question="同安苑的事")
    soon = urn.call(chain="case:" + "e" * 32, question="以后的事", opens_at=urn.AT + dt.timedelta(days=1))
    answer = client.get(reverse("voting:list"))
    shown: dict[str, Any] = {key: list(answer.context[key]) for key in ("mine", "open", "announced", "page")}
    assert shown == {"mine": [ballot], "open": [other], "announced": [soon], "page": []}


def queries(act: Callable[[], Any]) -> int:
    """How many statements it took, the bounds of transactions not counted."""
    with CaptureQueriesContext(connection) as captured:
        act()
    bounds = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return len([query for query in captured if not query["sql"].startswith(bounds)])


def test_the_list_costs_the_same_however_many_there_are(client: Client) -> None:
    urn.neighbours(1)
    model = urn.count(urn.call())
    columns = {field.attname: getattr(model, field.attname) for field in Ballot._meta.fields if field.name != "id"}
    costs = []
    for more in (0, 29, 2970):
        Ballot.objects.bulk_create(Ballot(**columns) for _ in range(more))
        costs.append(queries(lambda: client.get(reverse("voting:list"))))
    assert (len(set(costs)), costs[0] <= 12) == (1, True)


def test_a_vote_costs_ten_queries_at_most() -> None:
    client, ballot = voter()
    cost = queries(lambda: client.post(page("cast", ballot), {"choice": "yes", "mine": "on"}))
    assert (cost <= 10, ballot.turnout) == (True, 1)
