"""What a call of a vote takes over from the rules of its area."""

import pytest
from django.test import Client

from areas import calendar, policy
from areas.models import Area
from ledger.actors import SYSTEM
from tests import build
from tests.proposals.reading import text
from tests.voting import estate, urn
from voting import auditing, calling, limits
from voting.states import RollKind

pytestmark = pytest.mark.django_db
GENERAL = "civil_code_278_general"
SURVEY = "意见征询（非法定表决）"
OPTIONS = "东门\n西门"


@pytest.fixture
def court() -> Area:
    area = build.courtyard()
    estate.flats(area, 3)
    return area


def switch(area: Area, name: str) -> None:
    policy.assign(area, name, True, by=SYSTEM, at=build.AT)


def is_silent(area: Area, statute: str, method: str, lines: str = "") -> bool:
    on = calendar.local_date(build.AT)
    return calling.prepared(area, on=on, statute=statute, method=method, lines=lines).rule.silent


def test_silent_owners_are_shown_only_where_the_house_rules_allow_and_for_owners_only(court: Area) -> None:
    asked = [(GENERAL, "yes_no", ""), (GENERAL, "options", OPTIONS), ("house", "yes_no", "")]
    assert [is_silent(court, *one) for one in asked] == [False, False, False]
    switch(court, limits.SILENT)
    assert [is_silent(court, *one) for one in asked] == [True, False, False]


def test_the_silent_turn_nothing_and_the_file_agrees(court: Area) -> None:
    switch(court, limits.SILENT)
    call = calling.prepared(court, on=calendar.local_date(build.AT), statute=GENERAL)
    ballot = urn.call(court, rule=call.rule, roll_kind=call.roll_kind, opens_at=urn.AT)
    first, second, _third = [entry.voter for entry in ballot.entries.order_by("pk")]
    urn.cast(ballot, {first: "yes", second: "yes"})
    closed = urn.count(ballot)
    said = {"yes": [2, 16000], "no": [0, 0], "abstain": [0, 0], "roll": [3, 24000], "papers": [2, 16000]}
    shown = {"silent": [1, 8000], "with_silent": {"yes": [3, 24000], "no": [0, 0]}}
    assert closed.tally == {"method": "yes_no", "result": "passed", "winners": []} | said | shown
    assert list(auditing.check()) == []


@pytest.mark.parametrize("is_statutory", [False, True])
def test_an_owners_vote_is_a_survey_unless_the_operator_says_otherwise(
    court: Area, client: Client, is_statutory: bool
) -> None:
    if is_statutory:
        switch(court, limits.STATUTORY)
    ballot = estate.call(court)
    assert ballot.terms["statutory"] is is_statutory
    assert (SURVEY in text(client.get(ballot.get_absolute_url(), follow=True))) is not is_statutory


def test_a_residents_vote_says_nothing_of_statutes(court: Area) -> None:
    urn.neighbours(2, court)
    ballot = urn.call(court, roll_kind=RollKind.RESIDENTS)
    assert "statutory" not in ballot.terms
