"""What supervisors do: urge, criticise, give it to another body, reopen, and leave a case out of the rates or not."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation

from ledger import verifying
from ledger.models import Event, Visibility
from notifications.models import Notice
from people.models import Appointment
from people.roles import RoleKey
from people.verdict import Refused
from proposals import clock, lifecycle
from proposals.models import Proposal
from proposals.states import Exclusion, Outcome, State
from tests import build
from tests.proposals.court import DAY, Court

pytestmark = pytest.mark.django_db

INSTANT = dt.timedelta.resolution
WORDS = {"text": "现场看过，照片附后"}
COMMUNITY, STREET = (3, "金鱼街社区"), (2, "抚琴街道")


@pytest.fixture(autouse=True)
def _the_record_is_clean(db) -> Iterator[None]:
    yield
    assert [str(problem) for problem in verifying.verify()] == []


def refused(court: Court, who: str, verb: str, **facts: Any) -> str:
    """Try it, and read why it was not done."""
    case, facts = court.case, {"texts": WORDS} | facts
    with translation.override("en"), pytest.raises(Refused) as no:
        lifecycle.move(case, verb, by=court.people[who], at=court.now, **facts)
    assert Proposal.objects.get(pk=case.pk).revision == case.revision
    with translation.override("en"):
        return str(no.value.verdict.reason)


def stands(court: Court) -> tuple[str, int, str]:
    return court.case.state, court.case.level, court.case.owner.area.name


def clock_of(court: Court) -> tuple[Any, ...]:
    case = Proposal.objects.get(pk=court.case.pk)
    return case.due_at, case.first_due_at, case.due_minutes, case.ring_at, case.stage, case.state, case.state_since


def waiting(court: Court, who: str) -> list[str]:
    """What is asked of somebody and not done yet."""
    open_acts = Notice.objects.filter(user=court.people[who], done_at=None).exclude(act_key="")
    return list(open_acts.order_by("pk").values_list("kind", flat=True))


def last(court: Court) -> Event:
    return Event.objects.filter(chain_id=court.case.chain).latest("number")


def half_way() -> Court:
    """An answer is due, and half of its time is over."""
    court = Court()
    court.to(State.DECIDING)
    court.now += 8 * DAY
    clock.sweep(court.now)
    court.settle()
    assert court.case.stage == 1
    return court


# ── urge, criticise, give it to another body ─────────────────────────────────


@pytest.mark.parametrize(("verb", "kind"), [("urge", "case.urged"), ("criticise", "case.criticised")])
@pytest.mark.parametrize("who", ["supervisor", "inspector"])
def test_supervisors_urge_and_criticise_in_public_and_the_clock_runs_on(who: str, verb: str, kind: str) -> None:
    court = half_way()
    before = clock_of(court)
    court.move(who, verb, texts=WORDS)
    assert (clock_of(court), last(court).kind, last(court).visibility) == (before, kind, Visibility.PUBLIC)
    asked = [notice for notice in waiting(court, "upper") if notice.startswith("case.urged")]
    assert asked == (["case.urged:act"] if verb == "urge" else [])


def test_only_who_supervises_this_body_urges_it() -> None:
    court = half_way()
    court.move("upper", "hand_up", reason="beyond_budget", texts=WORDS)
    sentence = "Only those who supervise 抚琴街道议事小组 may do this."
    assert [refused(court, who, "urge") for who in ("supervisor", "upper", "street", "chair")] == [sentence] * 4
    court.move("inspector", "urge", texts=WORDS)


def test_a_case_is_given_to_another_body_with_its_clock() -> None:
    court = half_way()
    before, street = clock_of(court), build.body(court.courtyard.get_parent().get_parent())
    this = "This body has it already. Please choose another one."
    assert refused(court, "inspector", "reassign", reason="idle", body=court.case.owner_id) == this
    court.move("inspector", "reassign", reason="idle", body=street.pk, texts=WORDS)
    assert (stands(court), clock_of(court)) == ((State.DECIDING, *STREET), before)
    assert (waiting(court, "street"), waiting(court, "upper")) == (["case.reassigned:act"], [])
    assert (last(court).payload["reason"], last(court).visibility) == ("idle", Visibility.PUBLIC)


def test_who_had_it_cannot_answer_any_more() -> None:
    court = half_way()
    street = build.body(court.courtyard.get_parent().get_parent())
    court.move("inspector", "reassign", reason="idle", body=street.pk, texts=WORDS)
    theirs = "Only those who hold an office in 抚琴街道议事小组 may do this."
    assert refused(court, "upper", "decide") == theirs
    assert lifecycle.may(court.people["street"], court.case, "decide", court.now)


# ── reopened ─────────────────────────────────────────────────────────────────


def reopened(court: Court) -> Court:
    court.move("inspector", "reopen_case", reason="came_back", texts=WORDS)
    return court


def test_a_solved_case_is_reopened_put_right_and_judged_again_by_the_same_people() -> None:
    court = Court()
    court.to(State.CLOSED)
    reopened(court)
    assert (*stands(court), court.case.outcome, court.case.closed_at) == (State.RECTIFYING, *COMMUNITY, "", None)
    assert court.case.due_at == dt.datetime(2026, 12, 18, tzinfo=ZoneInfo("Asia/Shanghai"))  # 15 working days
    court.complete()
    court.judge()
    assert (court.case.state, court.case.outcome) == (State.CLOSED, Outcome.SOLVED)
    assert list(court.case.judgements.values_list("user", "solved").order_by("pk")) == [
        (court.people["proposer"].pk, "yes"), (court.people["proposer"].pk, "yes"),
    ]  # fmt: skip


def test_after_a_reopening_the_words_about_the_old_result_do_not_count() -> None:
    court = Court()
    court.to(State.CLOSED)
    reopened(court)
    court.complete()
    court.wait(25)
    assert (court.case.state, court.case.outcome) == (State.CLOSED, Outcome.NOT_EVALUATED)


def test_reopened_is_what_had_an_answer_within_a_year_by_a_supervisor() -> None:
    court = Court()
    court.to(State.CLOSED)  # on Thursday 26 November
    assert refused(court, "upper", "reopen_case", reason="not_done") == (
        "Only those who supervise 金鱼街社区议事小组 may do this."
    )
    court.now = dt.datetime(2027, 11, 27, tzinfo=ZoneInfo("Asia/Shanghai"))
    old = "It was closed too long ago. Please file the matter anew."
    assert refused(court, "inspector", "reopen_case", reason="not_done") == old
    court.now -= INSTANT
    assert stands(reopened(court)) == (State.RECTIFYING, *COMMUNITY)


def test_a_vote_that_did_not_carry_is_no_work_to_be_put_right() -> None:
    court = Court()
    court.to(State.NOT_PASSED)
    court.wait(40)
    assert (court.case.state, court.case.outcome) == (State.CLOSED, Outcome.NOT_CARRIED)
    said = "There was no answer and no work that could be put right."
    assert refused(court, "inspector", "reopen_case", reason="not_done") == said


# ── left out of the rates ────────────────────────────────────────────────────


def asked() -> Court:
    """The handler, who also supervises, asked to leave a case out of the rates."""
    court = Court()
    court.to(State.IMPLEMENTING)
    Appointment.objects.create(
        user=court.people["handler"], body=court.case.owner, role=RoleKey.SUPERVISOR, since=build.LONG_AGO
    )
    court.move("handler", "ask_exclusion", reason="unfounded", texts=WORDS)
    return court


def excluded(court: Court) -> tuple[str, str, int | None]:
    return court.case.exclusion, court.case.exclusion_reason, court.case.exclusion_by_id


def test_leaving_a_case_out_takes_a_second_person_and_is_public(settings) -> None:
    court = asked()
    handler = court.people["handler"].pk
    second = "You asked for this yourself. A second person must decide it."
    assert [refused(court, "handler", verb) for verb in ("exclude", "keep_counting")] == [second] * 2
    assert excluded(court) == (Exclusion.ASKED, "unfounded", handler)
    court.move("supervisor", "exclude", texts=WORDS)
    assert excluded(court) == (Exclusion.EXCLUDED, "unfounded", handler)
    assert (last(court).kind, last(court).visibility) == ("case.excluded", Visibility.PUBLIC)
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = browser.get(f"/cases/{court.case.number}/").content.decode()
    assert "Left out of the rates: What was reported was found not to be so." in page
    assert refused(court, "handler", "ask_exclusion", reason="unfounded") == "This has been asked already."


def test_a_case_that_counts_after_all_may_be_asked_about_again() -> None:
    court = asked()
    court.move("inspector", "keep_counting", texts=WORDS)
    assert excluded(court) == ("", "", None)
    nobody = "Nobody has asked to leave this case out of the rates."
    assert [refused(court, "inspector", verb) for verb in ("exclude", "keep_counting")] == [nobody] * 2
    court.move("upper", "ask_exclusion", reason="unlawful", texts=WORDS)
    assert excluded(court) == (Exclusion.ASKED, "unlawful", court.people["upper"].pk)


def test_the_supervisors_are_told_of_the_wish_to_leave_a_case_out() -> None:
    asked()
    told = Notice.objects.filter(event__kind="case.exclusion_asked").order_by("user")
    assert [(notice.user.name, notice.kind) for notice in told] == [
        ("监委会", "case.exclusion_asked:office"), ("督查", "case.exclusion_asked:office"),
    ]  # fmt: skip
