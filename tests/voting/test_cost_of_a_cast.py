"""A cast costs the same, however long the roll is."""

from typing import Any

import pytest
from django.test import Client

from people.models import User
from tests import build
from tests.voting import estate, urn, web
from tests.voting.test_pages import queries
from voting.models import Ballot, RollEntry

pytestmark = pytest.mark.django_db
LINES = (1, 30, 3000)


def lengthen(ballot: Ballot, lines: int) -> None:
    """By others, on the roll of somebody who votes."""
    known: dict[str, Any] = {"phone_verified": True, "adult_attested_at": urn.AT, "joined_at": urn.AT}
    people = User.objects.bulk_create(User(name=f"住户{n}", phone=f"0001{n:07}", **known) for n in range(lines - 1))
    RollEntry.objects.bulk_create(
        RollEntry(ballot=ballot, voter=person, token=f"right{n}", label=person.name, units=[[person.name, 0]])
        for n, person in enumerate(people)
    )
    assert ballot.entries.count() == lines


def cost(client: Client, ballot: Ballot) -> int:
    """Of one cast through the door."""
    before = ballot.papers.count()
    statements = queries(lambda: client.post(f"/ballots/{ballot.pk}/cast/", {"choice": "yes", "mine": "on"}))
    assert ballot.papers.count() == before + 1
    return statements


def secret(lines: int) -> list[int]:
    [voter] = urn.neighbours(1)
    ballot = urn.call(**web.open_now())
    lengthen(ballot, lines)
    return [cost(build.sign_in(Client(), voter), ballot)]


def named(lines: int) -> list[int]:
    """The first paper, and a changed mind."""
    court = build.courtyard()
    owner = estate.account(estate.flat(court, door="101"))
    ballot = estate.call(court, **web.open_now())
    lengthen(ballot, lines)
    client = build.sign_in(Client(), owner)
    return [cost(client, ballot), cost(client, ballot)]


@pytest.mark.parametrize("lines", LINES)
def test_a_secret_paper_costs_ten_statements_on_a_roll_of_any_length(lines: int) -> None:
    assert secret(lines) == [10]


@pytest.mark.parametrize("lines", LINES)
def test_a_named_paper_and_a_changed_mind_cost_the_same_on_a_roll_of_any_length(lines: int) -> None:
    assert named(lines) == [11, 12]
