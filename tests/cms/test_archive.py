"""The archive holds every ended case, however it ended, and no other; and each one's whole file."""

import pytest
from django.test import Client

from cms.models import ArchivePage
from ledger.models import Chain
from proposals.models import Proposal
from proposals.states import ENDED, Outcome, State
from tests import build
from tests.cms import reading
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


def not_solved(court: Court) -> None:
    court.to(State.RECTIFYING)
    court.complete()
    court.judge_no()
    court.move("street", "complete", texts={"text": "重新装好了"})
    court.judge_no()


def not_evaluated(court: Court) -> None:
    court.to(State.EVALUATING)
    court.wait(40)


def not_carried(court: Court) -> None:
    court.to(State.NOT_PASSED)
    court.wait(40)


ENDS = {
    "solved": lambda court: court.to(State.CLOSED),
    "not solved": not_solved,
    "not evaluated": not_evaluated,
    "not carried": not_carried,
    "rejected": lambda court: court.to(State.REJECTED),
    "referred": lambda court: court.to(State.REFERRED),
    "lapsed": lambda court: court.to(State.ENDORSEMENT_FAILED),
    "withdrawn": lambda court: court.to(State.WITHDRAWN),
}


@pytest.mark.parametrize("end", ENDS)
def test_every_end_is_in_the_archive(end: str, court: Court, pages: int, visitor: Client) -> None:
    ENDS[end](court)
    case = court.case
    assert case.is_ended
    assert reading.numbers(visitor, "/archive/") == [case.number]
    page = reading.text(visitor.get(f"/archive/{case.number}/"))
    assert case.title in page
    assert case.status in page


def test_there_are_no_more_ways_to_end() -> None:
    assert {State.CLOSED, State.REJECTED, State.REFERRED, State.ENDORSEMENT_FAILED, State.WITHDRAWN} == ENDED
    assert len(Outcome) == 4


@pytest.mark.parametrize("state", [state for state in State if state not in ENDED])
def test_what_still_runs_is_not_in_the_archive(state: State, court: Court, pages: int, visitor: Client) -> None:
    case = court.to(state)
    assert reading.numbers(visitor, "/archive/") == []
    assert visitor.get(f"/archive/{case.number}/").status_code == 404


@pytest.mark.parametrize("address", ["/archive/2026-9999/", "/archive/2026-0001/", "/archive/nothing/"])
def test_an_unknown_number_is_404(address: str, pages: int, visitor: Client) -> None:
    assert visitor.get(address).status_code == 404


def test_the_file_shows_papers_proof_and_judgement(court: Court, pages: int, visitor: Client) -> None:
    case = court.to(State.CLOSED)
    response = visitor.get(f"/archive/{case.number}/")
    page, head = reading.text(response), Chain.objects.get(pk=case.chain)
    assert head.hash in page
    assert f"{head.number} 条" in page
    made = [entry.facts for entry in response.context["records"]]
    assert {record["kind"] for record in made} == {"decision", "case_file"}
    assert all(f"/records/{record['record']}/" in page and record["number"] in page for record in made)
    assert response.context["judged"] == {"all": 1, "solved": 1, "manner": 4.0}
    assert "采纳，月底前修好。" in page


def test_a_file_without_answer_or_papers_has_no_empty_boxes(court: Court, pages: int, visitor: Client) -> None:
    case = court.to(State.WITHDRAWN)
    page = reading.text(visitor.get(f"/archive/{case.number}/"))
    assert "居民怎么评" not in page
    assert "答复一句话" not in page
    assert "<figure" not in page


@pytest.mark.parametrize("reason", ["private", "unlawful"])
def test_what_must_not_be_read_is_nowhere(reason: str, court: Court, pages: int, visitor: Client) -> None:
    court.to(State.SUBMITTED)
    case = court.move("moderator", "reject", reason=reason, texts={"text": "可以找人民调解"})
    addresses = [
        f"/cases/{case.number}/",
        f"/cases/{case.number}/timeline/",
        f"/archive/{case.number}/",
        f"/areas/{case.area.code}/",
        f"/search/?q={case.number}",
        f"/search/?q={case.title}",
        "/archive/",
        "/cases/",
        "/",
    ]
    for address in addresses:
        page = reading.text(visitor.get(address))
        assert [word for word in (case.problem, case.wish, case.place) if word in page] == []
    assert "可以找人民调解" in reading.text(visitor.get(f"/archive/{case.number}/"))
    assert visitor.get("/search/?q=台阶").context["counts"]["cases"] == 0
    assert visitor.get("/archive/?q=台阶").context["page_of_cases"].paginator.count == 0


def test_what_may_be_read_of_a_rejected_case_is_there(court: Court, pages: int, visitor: Client) -> None:
    court.to(State.SUBMITTED)
    case = court.move("moderator", "reject", reason="liable_party", texts={"text": "请找物业"})
    page = reading.text(visitor.get(f"/archive/{case.number}/"))
    assert [word for word in (case.problem, case.wish, case.place) if word not in page] == []
    assert visitor.get("/search/?q=台阶").context["counts"]["cases"] == 1


def test_the_archive_is_searched_by_words_and_number(court: Court, pages: int, visitor: Client) -> None:
    case = court.to(State.WITHDRAWN)
    for query in ("路灯", case.number, "槐荫里"):
        assert reading.numbers(visitor, f"/archive/?q={query}") == [case.number]
    assert reading.numbers(visitor, "/archive/?q=食堂") == []
    assert reading.numbers(visitor, "/archive/?q=路灯&ending=solved") == []


def test_the_archive_page_stands_where_the_menu_leads(pages: int, visitor: Client) -> None:
    assert visitor.get("/archive/").context["page"] == ArchivePage.objects.get()
    assert build.courtyard().lineage()[0] == visitor.get("/archive/").context["here"]


def test_odd_wishes_show_the_whole_archive(court: Court, pages: int, visitor: Client) -> None:
    case = court.to(State.WITHDRAWN)
    for odd in ("ending=nothing", "page=99", "page=x", "area=nowhere", "q="):
        assert reading.numbers(visitor, f"/archive/?{odd}")[:1] == [case.number]
    assert Proposal.objects.count() == 1
