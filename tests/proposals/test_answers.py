import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from deliberation import discussion
from deliberation.models import Thread
from ledger import verifying
from ledger.models import Event
from people.models import Appointment
from people.roles import RoleKey
from people.verdict import Refused
from proposals import answer_rules, decision
from proposals.lifecycle import Stale
from proposals.models import Decision, Point, Proposal
from proposals.states import State
from tests import build
from tests.proposals.court import ANSWER, DAY, Court
from tests.voting.test_concurrency import together

pytestmark = pytest.mark.django_db

MIXED = [
    {"wish": "修好两盏灯", "result": "adopted", "reason": "经费够用。"},
    {"wish": "加一盏矮灯", "result": "declined", "reason": "台阶明年改成坡道。"},
]


def refusal(act: Any, *args: Any, **kwargs: Any) -> str:
    with translation.override("en"), pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return str(refused.value.verdict.reason)


def refused(court: Court, who: str = "upper", **changes: Any) -> str:
    return refusal(decision.publish, court.case, by=court.people[who], at=court.now, **ANSWER | changes)


def corrected(court: Court, who: str = "upper", **changes: Any) -> Decision:
    facts = {**ANSWER, "correction": "联系电话写错了。", "contact": "顾南枝 028-0000-0189", **changes}
    found = decision.correct(court.case, by=court.people[who], at=court.now, **facts)
    court.settle()
    return found


def say(court: Court, text: str = "别装太亮，一楼睡不着。") -> None:
    thread = Thread.objects.get(chain=court.case.chain)
    discussion.say(thread, by=court.people["neighbours"], text=text, at=court.now)


def clean() -> list[str]:
    return [str(problem) for problem in verifying.verify()]


def test_everything_that_is_missing_stands_in_one_sentence() -> None:
    court = Court()
    court.to(State.DECIDING)
    say(court)
    nothing = refusal(
        decision.publish, court.case, by=court.people["upper"], at=court.now, result="", points=[], review_on=None
    )
    assert nothing == (
        "Still missing in the answer: the result, the answer in one sentence, at least one point, reasons of at least "
        "20 characters, the answer to the main arguments, the legal basis, the evidence, the options compared, "
        "the cost, a review date after today and within two years, the contact."
    )
    little = {
        "reasons": "因为不行。",
        "actions": " ",
        "points": [{"wish": "修灯"}, {"result": "adopted", "reason": "行"}],
    }
    assert refused(court, **little) == (
        "Still missing in the answer: the result of point 1, the reason of point 1, what is wished for in point 2, "
        "reasons of at least 20 characters, who does what until when."
    )
    assert (Decision.objects.count(), Proposal.objects.get().state) == (0, State.DECIDING)


@pytest.mark.parametrize("days", [0, 732])
def test_the_review_is_after_today_and_within_two_years(days: int) -> None:
    court = Court()
    court.to(State.DECIDING)
    assert refused(court, review_on=court.now.date() + days * DAY) == (
        "Still missing in the answer: a review date after today and within two years."
    )
    decision.publish(
        court.case, by=court.people["upper"], at=court.now, **ANSWER | {"review_on": court.now.date() + DAY}
    )


def test_where_nobody_spoke_there_are_no_arguments_to_answer() -> None:
    court = Court()
    court.to(State.DECIDING)
    facts = {**ANSWER, "arguments": ""}
    assert decision.publish(court.case, by=court.people["upper"], at=court.now, **facts).arguments == ""


@pytest.mark.parametrize(
    ("results", "whole"),
    [
        (["adopted", "adopted"], "adopted"),
        (["declined", "declined"], "declined"),
        (["adopted", "declined"], "partly"),
        (["partly"], "partly"),
        (["adopted", "partly"], "partly"),
    ],
)
def test_the_whole_result_follows_from_the_points(results: list[str], whole: str) -> None:
    points = tuple(answer_rules.PointDraft("修灯", result, "因为") for result in results)
    drafts = [answer_rules.draft(result, points, dt.date(2027, 1, 1), ANSWER_TEXTS) for result in Decision.Result]
    verdicts = [answer_rules.verdict(one, heard=False, today=dt.date(2026, 11, 18)) for one in drafts]
    assert [one.result for one, verdict in zip(drafts, verdicts, strict=True) if verdict] == [whole]
    assert {str(verdict.reason) for verdict in verdicts if not verdict} == {str(answer_rules.MISFIT)}


ANSWER_TEXTS = {name: str(ANSWER[name]) for name in answer_rules.TEXTS}


def test_the_event_commits_to_every_word_and_tells_every_code() -> None:
    court = Court()
    court.to(State.DECIDING)
    facts = {**ANSWER, "result": "partly", "points": MIXED}
    signed = decision.publish(court.case, by=court.people["upper"], at=court.now, **facts)
    event = Event.objects.get(kind="case.decided")
    assert {name: event.payload[name] for name in decision.facts(signed)} == {
        "decision": signed.pk,
        "version": 1,
        "result": "partly",
        "points": ["adopted", "declined"],
        "review_on": "2027-06-30",
    }
    assert {text.field: text.text for text in event.texts.all()} == {
        **ANSWER_TEXTS,
        "point.1.wish": "修好两盏灯",
        "point.1.reason": "经费够用。",
        "point.2.wish": "加一盏矮灯",
        "point.2.reason": "台阶明年改成坡道。",
    }
    assert clean() == []


def test_a_point_that_is_altered_or_gone_is_named() -> None:
    court = Court()
    court.to(State.DECIDED)
    signed = Decision.objects.get()
    Point.objects.update(reason="另有原因")
    problem = f"proposals.decision #{signed.pk}: is not the answer that was signed"
    assert clean() == [problem]
    Point.objects.all().delete()
    assert clean() == [problem]


def test_a_correction_is_a_new_version_and_the_state_stays() -> None:
    court = Court()
    court.to(State.IMPLEMENTING)
    due = court.case.due_at
    again = corrected(court, result="partly", points=MIXED)
    assert (again.version, again.result, again.contact) == (2, "partly", "顾南枝 028-0000-0189")
    assert (court.case.state, court.case.due_at) == (State.IMPLEMENTING, due)
    event = Event.objects.get(kind="case.corrected")
    assert (event.payload["decision"], event.payload["version"], event.payload["result"]) == (again.pk, 2, "partly")
    assert event.texts.get(field="correction").text == "联系电话写错了。"
    assert clean() == []


def test_a_correction_says_what_and_differs() -> None:
    court = Court()
    court.to(State.DECIDED)
    assert refusal(corrected, court, correction=" ") == ("Still missing in the answer: what was corrected and why.")
    assert refusal(corrected, court, contact=f"{ANSWER['contact']} ") == (
        "Nothing differs from the version before. Please change what is wrong in it."
    )
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "proposer", "handler", "supervisor", "inspector", "chair", "street"])
def test_only_who_may_decide_in_the_body_that_has_it_signs(who: str) -> None:
    court = Court()
    court.to(State.DECIDING)
    assert refused(court, who)
    court.answer()
    assert refusal(corrected, court, who)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("state", [State.DELIBERATING, State.DECIDING, State.CLOSED])
def test_what_is_not_answered_or_is_closed_cannot_be_corrected(state: State) -> None:
    court = Court()
    court.to(state)
    assert refusal(corrected, court).startswith("This case is now “")


def test_a_deputy_signs_with_the_title_of_who_is_away() -> None:
    court = Court()
    court.to(State.DECIDING)
    office = Appointment.objects.get(user=court.people["upper"])
    Appointment.objects.filter(pk=office.pk).update(title="社区主任")
    deputy = court.people["handler"]
    Appointment.objects.create(
        user=deputy,
        body=office.body,
        role=RoleKey.DECIDER,
        title="社区主任",
        since=court.now - DAY,
        until=court.now + DAY,
        acting_for=office,
    )
    assert decision.publish(court.case, by=deputy, at=court.now, **ANSWER).signed_as == "社区主任（代） 经办人"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_the_second_is_told() -> None:
    court = Court()
    case = court.to(State.DECIDING)
    cases = [Proposal.objects.select_related("area", "owner__area").get(pk=case.pk) for _ in range(2)]
    answers = together(
        (lambda one=one: decision.publish(one, by=court.people["upper"], at=court.now, **ANSWER)) for one in cases
    )
    signed = [answer for answer in answers if isinstance(answer, Decision)]
    assert [str(answer.reason) for answer in answers if answer not in signed] == [str(Stale())]
    assert (len(signed), Decision.objects.count(), Event.objects.filter(kind="case.decided").count()) == (1, 1, 1)


class Desk:
    """An official's browser, in English, and the form as a browser sends it."""

    def __init__(self, court: Court, who: str = "upper") -> None:
        self.case = court.case
        court.people[who].language = "en"
        court.people[who].save()
        self.browser = build.sign_in(Client(), court.people[who])

    def get(self, page: str) -> Any:
        return self.browser.get(f"/cases/{self.case.number}/{page}/")

    def post(self, page: str, **fields: Any) -> Any:
        return self.browser.post(f"/cases/{self.case.number}/{page}/", sent(**fields))


def sent(version: int = 0, points: Any = ANSWER["points"], **fields: Any) -> dict[str, Any]:
    rows = [*points, *[{}] * 2]
    management = {"point-TOTAL_FORMS": len(rows), "point-INITIAL_FORMS": len(points)}
    typed = {
        f"point-{n}-{name}": row.get(name, "") for n, row in enumerate(rows) for name in ("wish", "result", "reason")
    }
    return {
        **ANSWER_TEXTS,
        "result": "adopted",
        "review_on": "2027-06-30",
        "version": version,
        **management,
        **typed,
    } | fields


def words_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


def test_an_incomplete_form_names_what_is_missing_and_keeps_what_was_typed() -> None:
    court = Court()
    court.to(State.DECIDING)
    say(court)
    page = Desk(court).post(
        "decide",
        points=[{"wish": "修好两盏灯", "reason": "经费够用"}],
        basis="",
        arguments="",
        actions="",
        review_on="2026-11-18",
        evidence="现场看过两次",
    )
    words = words_of(page)
    listed = words[words.index('id="errors"') : words.index("What you wrote is still here")]
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', listed) == [
        ("id_arguments", "Answer to the main arguments"),
        ("id_basis", "Legal basis"),
        ("id_review_on", "Review date"),
        ("id_actions", "Who does what until when"),
        ("id_point-0-result", "Point 1: result"),
    ]
    assert words.count('class="y-error"') == words.count('aria-invalid="true"') == 5
    for typed in ('value="修好两盏灯"', "经费够用</textarea>", "现场看过两次</textarea>", 'value="2026-11-18"'):
        assert typed in words
    assert "别装太亮，一楼睡不着。" in words
    assert Proposal.objects.get().state == State.DECIDING


def test_a_new_form_begins_with_the_wish_as_its_first_point() -> None:
    court = Court()
    case = court.to(State.DECIDING)
    words = words_of(Desk(court).get("decide"))
    assert re.findall(r'name="point-\d-wish" value="([^"]*)"', words) == [case.wish]
    assert words.count('class="y-point"') == 3


def test_a_form_without_points_is_sent_back() -> None:
    court = Court()
    court.to(State.DECIDING)
    assert "Please answer at least one point." in words_of(Desk(court).post("decide", points=[]))


def test_more_rows_are_shown_without_a_judgement() -> None:
    court = Court()
    court.to(State.DECIDING)
    page = words_of(Desk(court).post("decide", points=[*MIXED, MIXED[0]], more="1", basis="", summary="先写到这里"))
    assert (page.count('class="y-point"'), page.count('class="y-error"')) == (5, 0)
    assert 'value="先写到这里"' in page
    full = words_of(Desk(court).post("decide", points=[*MIXED] * 4, more="1"))
    assert (full.count('class="y-point"'), 'name="more"' in full) == (8, False)


def test_the_form_signs_and_publishes() -> None:
    court = Court()
    case = court.to(State.DECIDING)
    desk = Desk(court)
    wrong = desk.post("decide", points=MIXED)
    assert (wrong.status_code, "The whole answer must fit its points" in words_of(wrong)) == (422, True)
    assert desk.post("decide", points=MIXED, result="partly").headers["Location"] == f"/cases/{case.number}/"
    signed = Decision.objects.get()
    assert decision.drafted(signed) == answer_rules.draft("partly", MIXED, dt.date(2027, 6, 30), ANSWER_TEXTS)


def test_what_was_typed_on_a_page_that_is_stale_comes_back() -> None:
    court = Court()
    court.to(State.DECIDING)
    desk = Desk(court)
    court.answer()
    page = desk.post("decide", reasons="这是我写了很久的理由，一共二十多个字，不能丢。")
    assert (page.status_code, "这是我写了很久的理由" in words_of(page)) == (409, True)
    corrected(court)
    page = desk.post("correct", version=1, correction="我也想改")
    assert (page.status_code, "我也想改" in words_of(page), Decision.objects.count()) == (409, True, 2)


def test_a_correction_begins_with_what_was_signed_and_shows_the_difference() -> None:
    court = Court()
    court.to(State.DECIDED)
    desk = Desk(court)
    form = words_of(desk.get("correct"))
    assert f'value="{ANSWER["points"][0]["wish"]}"' in form
    assert f"{ANSWER['evidence']}</textarea>" in form
    desk.post("correct", version=1, correction="花费算错了。", cost="约 1,500 元，街道小修经费")
    page = words_of(desk.get("decision"))
    changes = page[page.index('<dl class="y-diff">') : page.index("</dl>")]
    assert re.sub(r'<span class="visually-hidden">[^<]*</span>', "", changes) == (
        '<dl class="y-diff"><dt>Cost</dt><dd>约 <del>1,200</del><ins>1,500</ins> 元，街道小修经费</dd>'
    )
    assert page.count("花费算错了。") == 2
    older = words_of(desk.browser.get(f"/cases/{court.case.number}/decision/?version=1"))
    assert ("This is an older version." in older, 'class="y-diff"' in older) == (True, False)


@pytest.mark.parametrize("who", ["street", "supervisor", "handler", "proposer"])
def test_others_read_why_they_cannot_write_it(who: str) -> None:
    court = Court()
    court.to(State.DECIDED)
    desk = Desk(court, who)
    assert [desk.get("correct").status_code, desk.post("correct", version=1, correction="改").status_code] == [403, 403]
    assert "Correct the answer" not in words_of(desk.get("decision"))


def test_everybody_reads_every_part() -> None:
    court = Court()
    court.to(State.DECIDING)
    facts = {**ANSWER, "result": "partly", "points": MIXED}
    decision.publish(court.case, by=court.people["upper"], at=court.now, **facts)
    page = words_of(Client().get(f"/cases/{court.case.number}/decision/"))
    assert [word for word in (*ANSWER_TEXTS.values(), *MIXED[0].values(), *MIXED[1].values()) if word not in page] == [
        "adopted",
        "declined",
    ]
    assert "2027年6月30日" in page
