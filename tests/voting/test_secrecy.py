"""While a vote is open nobody learns how it stands: two votes that differ only in what was chosen look the same."""

import datetime as dt
import logging
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client

from adapters import clock as wall
from areas.models import Area
from ledger import following
from ledger.models import Event, Text
from notifications.models import Notice
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.voting import urn
from voting import auditing, clock, policies
from voting.models import Ballot

pytestmark = pytest.mark.django_db

CHAINS = {"yes": "case:" + "a" * 32, "no": "case:" + "b" * 32}
LATER = urn.AT + dt.timedelta(hours=3)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    """Someone who has voted, someone who has not, the chair, an operator, a stranger and a visitor."""
    monkeypatch.setattr(wall, "now", lambda: LATER)
    here = build.courtyard()
    people: dict[str, User] = {
        "voter": build.person("投过", here),
        "waiting": build.person("没投", here),
        "chair": build.staff("召集人", build.body(here), RoleKey.CHAIR),
        "operator": build.staff("运维", build.body(here), RoleKey.OPERATOR),
        "stranger": build.person("外人", build.courtyard("同安苑")),
    }
    return {role: build.sign_in(Client(), user) for role, user in people.items()} | {"visitor": Client()}


def held(choice: str, here: Area) -> Ballot:
    """A vote in which everyone so far chose the same; two neighbours have not voted."""
    ballot = urn.call(here, chain=CHAINS[choice], closes_at=urn.CLOSES)
    clock.sweep(urn.AT)
    voters = [entry.voter for entry in ballot.entries.exclude(voter__name="没投").order_by("pk")]
    urn.cast(ballot, dict.fromkeys(voters, choice), at=LATER)
    return ballot


@pytest.fixture
def ballots(readers: dict[str, Client]) -> dict[str, Ballot]:
    here = build.courtyard()
    urn.neighbours(5, here)
    found = {choice: held(choice, here) for choice in ("yes", "no")}
    following.drain(LATER)
    return found


def neutral(text: str, ballot: Ballot) -> str:
    """Without the ballot's own number and what is random in every answer."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "TOKEN", text)
    text = re.sub(rf"(ballots(?:/|%2F)|ballot-){ballot.pk}(?=\D)", r"\1N", text)
    return text.replace(ballot.roll_hash, "HASH")


def seen(readers: dict[str, Client], ballot: Ballot) -> dict[tuple[str, str], str]:
    pages = {
        (role, name): client.get(f"/ballots/{ballot.pk}/{name}")
        for role, client in readers.items()
        for name in ("", "result/", "receipt/", "confirm/")
    }
    return {key: f"{page.status_code} {neutral(page.content.decode(), ballot)}" for key, page in pages.items()}


def test_no_page_differs_by_what_was_chosen(readers: dict[str, Client], ballots: dict[str, Ballot]) -> None:
    shown = {choice: seen(readers, ballot) for choice, ballot in ballots.items()}
    assert shown["yes"] == shown["no"]
    assert shown["yes"]["visitor", "result/"].startswith("200")


def test_no_fragment_differs_by_what_was_chosen(ballots: dict[str, Ballot]) -> None:
    shown = {}
    for choice, ballot in ballots.items():
        fresh = Ballot.objects.with_turnout().get(pk=ballot.pk)
        names = ("_case_panel", "_card", "_turnout", "_rule", "_result")
        facts = {"ballot": fresh, "verdict": policies.NOT_YET}
        shown[choice] = {name: neutral(render_to_string(f"voting/{name}.html", facts), ballot) for name in names}
    assert shown["yes"] == shown["no"]


def test_the_list_shows_both_alike(readers: dict[str, Client], ballots: dict[str, Ballot]) -> None:
    for client in readers.values():
        shown = client.get("/ballots/").content.decode()
        cards = re.findall(r'<article class="y-case">.*?</article>', shown, re.S)
        assert len({re.sub(r"ballots/\d+", "ballots/N", card) for card in cards}) == 1


def test_no_event_differs_by_what_was_chosen(ballots: dict[str, Ballot]) -> None:
    recorded = {choice: [_facts(event) for event in _events(ballot)] for choice, ballot in ballots.items()}
    assert recorded["yes"] == recorded["no"]
    assert [kind for kind, _payload in recorded["yes"]] == ["ballot.called", "ballot.opened"]


def test_nothing_else_that_is_kept_knows_a_choice(ballots: dict[str, Ballot]) -> None:
    """Every row of the tables around the urn, in plain words; only the envelopes know."""
    kept = [repr(row) for model in (Notice, Session, Text) for row in model.objects.values()]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    kept += [repr(vars(cache)) if hasattr(cache, "_cache") else "", repr(list(ballots["yes"].papers.all()))]
    words = re.compile(r"\b(?:yes|abstain)\b|'no'|同意|弃权")
    assert [row for row in kept if words.search(row)] == []


def test_the_database_alone_does_not_tell_how_it_stands(ballots: dict[str, Ballot]) -> None:
    """What somebody reads who has the database and not the key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ballot_id, content, length(envelope), count(*) FROM voting_ballotpaper GROUP BY 1, 2, 3")
        urns = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute("SELECT count(DISTINCT envelope) FROM voting_ballotpaper")
        [different] = cursor.fetchone()
    assert urns[ballots["yes"].pk] == urns[ballots["no"].pk] == (None, 60, 6)
    assert different == 12


def test_no_log_line_names_a_choice(
    ballots: dict[str, Ballot], readers: dict[str, Client], caplog: pytest.LogCaptureFixture
) -> None:
    ballot = ballots["yes"]
    with caplog.at_level(logging.DEBUG):
        answer = readers["waiting"].post(f"/ballots/{ballot.pk}/cast/", {"choice": "abstain", "mine": "on"})
        clock.sweep(LATER)
    assert (answer.status_code, "abstain" in caplog.text) == (302, False)


def test_what_is_found_before_the_count_names_rows_and_no_choice(ballots: dict[str, Ballot]) -> None:
    found = {}
    for choice, ballot in ballots.items():
        ballot.papers.filter(pk=ballot.papers.all()[0].pk).update(envelope="x")
        found[choice] = [problem.what for problem in auditing.faults(Ballot.objects.get(pk=ballot.pk))]
    assert found["yes"] == found["no"] == ["is not a paper that was cast in this ballot"]


def _events(ballot: Ballot) -> Any:
    return Event.objects.filter(chain_id=ballot.chain).order_by("number")


def _facts(event: Event) -> tuple[str, dict[str, Any]]:
    return event.kind, {key: value for key, value in event.payload.items() if key not in ("ballot", "roll_hash")}
