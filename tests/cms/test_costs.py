"""The public pages ask the database as often for 3,000 cases as for one, and write nothing."""

import re

import pytest
from django.conf import settings
from django.test import Client
from modelsearch.backends import get_search_backend

from config.demo import scale
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.cms import reading
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)", re.IGNORECASE)
MOST = {"/": 20, "/archive/": 12, "/archive/?ending=withdrawn": 12, "/areas/": 12, "/areas/{code}/": 14, "/guides/": 12,
        "/search/?q=路灯": 12, "/search/?q=金鱼街社区": 16, "/search/?q=路灯&page=2": 12}  # fmt: skip


def index() -> None:
    keys = Proposal.objects.public().values_list("pk", flat=True)
    get_search_backend().get_index_for_model(Proposal).reindex(keys)


def test_the_pages_cost_the_same_at_1_30_and_3000_cases(court: Court, pages: int, visitor: Client) -> None:
    court.to(State.DELIBERATING)
    court.to(State.WITHDRAWN)
    member = build.sign_in(Client(), court.people["proposer"])
    places = [address.format(code=court.courtyard.get_parent().code) for address in MOST]
    costs = []
    for more in (0, 30, 3000):
        for _done in scale.build(more, court.now):
            pass
        index()
        costs.append([(len(reading.queries(visitor, place)), len(reading.queries(member, place))) for place in places])
    assert costs[1] == costs[2]
    assert [pair for pair in zip(places, costs[0], costs[1], strict=True) if pair[1] != pair[2]] == []
    dear = {place: cost for (place, most), cost in zip(MOST.items(), costs[2], strict=True) if cost[0] > most}
    assert dear == {}


def test_a_visitor_writes_nothing(court: Court, pages: int, visitor: Client) -> None:
    court.to(State.WITHDRAWN)
    made = [sql for address in MOST for sql in reading.queries(visitor, address.format(code=court.courtyard.code))]
    assert [statement for statement in made if WRITES.match(statement)] == []
    assert visitor.cookies.keys() <= {settings.CSRF_COOKIE_NAME}
