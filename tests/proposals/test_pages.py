import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.demo import scale
from deliberation import discussion
from deliberation.models import Thread
from ledger import verifying
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as made:
        assert browser.get(address).status_code == 200
    return len(made)


def test_the_list_costs_the_same_at_1_30_and_3000_cases() -> None:
    court = Court()
    court.to(State.DELIBERATING)
    visitor, member = Client(), build.sign_in(Client(), court.people["proposer"])
    costs = []
    for more in (0, 30, 3000):
        for _done in scale.build(more, court.now):
            pass
        costs.append((queries(visitor, "/cases/"), queries(member, "/cases/?group=open&level=4")))
    assert len(set(costs)) == 1
    assert max(costs[0]) <= 12
    assert [str(problem) for problem in verifying.verify()] == []


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_page_for_everybody_who_may_see_it(state: State) -> None:
    court = Court()
    case = court.to(state)
    if state == State.DRAFT:
        return
    for user in [None, *court.people.values()]:
        browser = build.sign_in(Client(), user) if user else Client()
        page = browser.get(f"/cases/{case.number}/")
        assert page.status_code in (200, 404)
        if page.status_code == 200:
            assert case.title in re.sub(r"<wbr>", "", page.content.decode())


def test_the_case_page_costs_the_same_with_a_long_history() -> None:
    court = Court()
    case = court.to(State.IMPLEMENTING)
    thread = Thread.objects.get(chain=case.chain)
    browser = build.sign_in(Client(), court.people["proposer"])
    costs = [queries(browser, f"/cases/{case.number}/")]
    for n in range(30):
        court.move("handler", "report", texts={"text": f"第 {n} 次"})
        discussion.say(thread, by=court.people["proposer"], text=f"看到了 {n}", at=court.now)
        if n % 10 == 9:
            costs.append(queries(browser, f"/cases/{case.number}/"))
    assert len(set(costs)) == 1
    assert costs[0] <= 24


def test_the_desk_costs_the_same_with_more_tasks() -> None:
    court = Court()
    court.to(State.DELIBERATING)
    browser = build.sign_in(Client(), court.people["chair"])
    before = queries(browser, "/desk/")
    for _done in scale.build(60, court.now):
        pass
    waiting = Proposal.objects.filter(owner=build.body(court.courtyard), state=State.DELIBERATING).count()
    assert waiting > 5
    assert queries(browser, "/desk/") == before


def test_a_move_by_the_form_and_a_stale_page() -> None:
    court = Court()
    case = court.to(State.SUBMITTED)
    browser = build.sign_in(Client(), court.people["moderator"])
    form = browser.get(f"/cases/{case.number}/move/reject/").content.decode()
    since = re.search(r'name="since" value="([^"]+)"', form)[1]
    court.move("moderator", "accept")
    words = {"since": since, "reason": "private", "text": "这是我写了很久的理由"}
    page = browser.post(f"/cases/{case.number}/move/reject/", words)
    assert page.status_code == 409
    assert "这是我写了很久的理由" in page.content.decode()
    assert Proposal.objects.get().state == State.ENDORSING


def test_a_move_that_is_not_mine_is_403_with_the_reason() -> None:
    court = Court()
    case = court.to(State.ENDORSING)
    page = build.sign_in(Client(), court.people["neighbours"]).get(f"/cases/{case.number}/move/hand_up/")
    assert page.status_code == 403
    assert "附议中" in page.content.decode()


def test_unknown_numbers_and_verbs_are_404() -> None:
    court = Court()
    case = court.to(State.ENDORSING)
    browser = build.sign_in(Client(), court.people["chair"])
    for address in ("/cases/2026-9999/", f"/cases/{case.number}/move/explode/", f"/cases/{case.number}/move/decide/"):
        assert browser.get(address).status_code == 404


def test_the_words_of_an_unlawful_matter_are_not_public() -> None:
    court = Court()
    court.to(State.SUBMITTED)
    court.move("moderator", "reject", reason="unlawful", texts={"text": "依法不能办"})
    page = Client().get(f"/cases/{court.case.number}/").content.decode()
    assert court.case.problem not in page
    assert "依法不能办" in page
