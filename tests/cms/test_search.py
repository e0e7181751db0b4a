"""The search page: public cases and pages together, whatever is typed, and nothing that is not public."""

import pytest
from django.test import Client
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from cms import finding
from cms.models import AreaPage, GuidePage
from config.demo import scale
from proposals.models import Proposal
from proposals.states import PUBLIC, State
from tests.cms import reading
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


def counts(browser: Client, query: str, **more: str) -> dict[str, int]:
    found: dict[str, int] = browser.get("/search/", {"q": query, **more}).context["counts"]
    return found


def test_a_case_is_found_by_words_place_and_number(court: Court, pages: int, visitor: Client) -> None:
    case = court.to(State.ENDORSING)
    for query in ("路灯", "老人摔", "看不见台阶", "三栋门口", "槐荫里 路灯", str(case.number)):
        assert counts(visitor, query)["cases"] == 1
        assert case.title in reading.text(visitor.get("/search/", {"q": query}))


def test_words_that_nobody_wrote_find_nothing(court: Court, pages: int, visitor: Client) -> None:
    court.to(State.ENDORSING)
    response = visitor.get("/search/", {"q": "鲸鱼"})
    assert response.context["counts"] == {"cases": 0, "pages": 0, "all": 0}
    assert "没有找到" in reading.text(response)


def test_pages_and_cases_stand_together_best_first(court: Court, pages: int, visitor: Client) -> None:
    case = court.to(State.ENDORSING)
    GuidePage.objects.get(slug="charging").delete()
    guide = GuidePage.objects.get(slug="privacy")
    guide.title = guide.summary = "路灯归谁管"
    guide.save_revision().publish()
    index(guide)
    response = visitor.get("/search/", {"q": "路灯"})
    assert {hit.page.pk if hit.page else hit.card.case.pk for hit in response.context["hits"]} == {guide.pk, case.pk}
    scores = [row.score for row in response.context["page"].object_list]
    assert scores == sorted(scores, reverse=True)
    for kind, only in (("cases", f"/cases/{case.number}/"), ("pages", "/guides/privacy/")):
        page = reading.text(visitor.get("/search/", {"q": "路灯", "kind": kind}))
        assert [link for link in (f"/cases/{case.number}/", "/guides/privacy/") if link in page] == [only]


def index(page: Page) -> None:
    get_search_backend().get_index_for_model(Page).reindex([page.pk])


def test_a_place_is_found_by_its_name(court: Court, pages: int, visitor: Client) -> None:
    community = court.courtyard.get_parent()
    response = visitor.get("/search/", {"q": community.name, "kind": "pages"})
    assert response.context["hits"][0].page.specific == AreaPage.objects.get(area=community)
    assert f"/areas/{community.code}/" in reading.text(response)


def test_the_words_asked_for_are_marked(court: Court, pages: int, visitor: Client) -> None:
    court.to(State.ENDORSING)
    page = visitor.get("/search/?q=路灯").content.decode()
    assert "三栋楼下<mark>路灯</mark>坏了" in page


@pytest.mark.parametrize("state", list(State))
def test_only_public_cases_are_found(state: State, court: Court, pages: int, visitor: Client) -> None:
    case = court.to(state)
    for query in (case.number or "路灯", case.title, "台阶"):
        found = counts(visitor, query)["cases"]
        assert found == (state in PUBLIC) or (query == "台阶" and not case.text_is_public and not found)
        assert (case.problem in reading.text(visitor.get("/search/", {"q": query}))) <= case.text_is_public


def test_unpublished_pages_are_not_found(pages: int, visitor: Client) -> None:
    guide = GuidePage.objects.get(slug="elevator")
    assert counts(visitor, guide.title, kind="pages")["pages"] >= 1
    guide.unpublish()
    response = visitor.get("/search/", {"q": guide.title, "kind": "pages"})
    assert guide.pk not in [hit.page.pk for hit in response.context["hits"]]
    assert guide.summary not in reading.text(response)


ODD = ["'", '"', '"路灯', "%", "_", "\\", "*", "路灯*", "()", "[", "AND", "NOT 路灯", "路灯 OR", "🙂", "灯🙂"]
ODD += ["\x00", "\u200b", "　", "：", "title:路灯", "2026-", "{{ 7 }}", "<script>alert(1)</script>"]
ODD += ["a" * 500, "灯" * 500, "-" * 500]


@pytest.mark.parametrize("address", ["/search/", "/archive/", "/cases/"])
def test_odd_queries_are_answered(address: str, court: Court, pages: int, visitor: Client) -> None:
    court.to(State.WITHDRAWN)
    answers = {query: visitor.get(address, {"q": query}) for query in ODD}
    assert {query: answer.status_code for query, answer in answers.items() if answer.status_code != 200} == {}
    assert [query for query, answer in answers.items() if b"<script>alert" in answer.content] == []


def test_odd_wishes_are_answered(court: Court, pages: int, visitor: Client) -> None:
    court.to(State.ENDORSING)
    for odd in ({"page": "99"}, {"page": "-1"}, {"page": "x"}, {"kind": "nothing"}):
        assert visitor.get("/search/", {"q": "路灯", **odd}).status_code == 200


def test_an_empty_search_asks_for_words(court: Court, pages: int, visitor: Client) -> None:
    court.to(State.ENDORSING)
    response = visitor.get("/search/", {"q": "  "})
    assert response.context["counts"]["all"] == 0
    assert "三栋楼下路灯坏了" not in reading.text(response)


def test_many_results_are_paged(court: Court, pages: int, visitor: Client) -> None:
    made = [court.to(State.WITHDRAWN).number for _n in range(12)]
    found = reading.numbers(visitor, "/search/?q=路灯")
    assert sorted(found) == sorted(made)


def test_too_many_results_are_cut_and_it_is_said(court: Court, pages: int, visitor: Client) -> None:
    for _done in scale.build(finding.MOST * 2, court.now):
        pass
    get_search_backend().get_index_for_model(Proposal).reindex(Proposal.objects.values_list("pk", flat=True))
    response = visitor.get("/search/?q=栋&kind=cases")
    assert response.context["counts"]["cases"] == finding.MOST
    assert f"只列出最相关的 {finding.MOST} 条" in reading.text(response)
