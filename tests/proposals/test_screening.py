"""The examination before the deliberation, the body's own call for it, and officers with a matter of their own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from areas.models import Category
from ledger import verifying
from ledger.models import Event, Visibility
from people.models import Appointment
from people.roles import RoleKey
from people.verdict import Refused
from proposals import decision, endorsement, lifecycle, screening
from proposals.models import Decision, Proposal, Stakeholder
from proposals.screening import Party
from proposals.states import State
from tests import build
from tests.proposals.court import ANSWER, PARTIES, SCREENING, Court

pytestmark = pytest.mark.django_db

WORDS = {"text": "楼梯很暗，已有人摔倒"}


@pytest.fixture(autouse=True)
def _the_record_is_clean(db) -> Iterator[None]:
    yield
    assert [str(problem) for problem in verifying.verify()] == []


def english(refused: Refused) -> str:
    with translation.override("en"):
        return str(refused.verdict.reason)


def refused(court: Court, who: str, verb: str, **facts: Any) -> str:
    """Try it, and read why it was not done."""
    with translation.override("en"), pytest.raises(Refused) as no:
        lifecycle.move(court.case, verb, by=court.people[who], at=court.now, **facts)
    assert Proposal.objects.get(pk=court.case.pk).state == court.case.state
    return english(no.value)


def write(court: Court, who: str = "moderator", parties: list[Party] | None = None, **fields: str) -> None:
    screening.write(court.case, by=court.people[who], at=court.now, parties=parties or [], **fields)


# ── the four fields and the map ──────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "parties", "missing"),
    [
        (None, None, "everything"),
        ({}, [], "root cause, groups affected, main obstacles, responsible units, who gains, who bears"),
        (SCREENING | {"obstacles": " 无 "}, PARTIES, "main obstacles"),
        (SCREENING, [Party("三栋住户", "gains", "亮")], "who bears"),
        (SCREENING, [Party("一楼住户", "bears", "太亮"), Party(" ", "gains", "亮")], "who gains"),
        (SCREENING | {"units": ""}, PARTIES, "responsible units"),
    ],
)
def test_the_deliberation_does_not_open_before_the_examination_is_complete(
    fields: dict[str, str] | None, parties: list[Party], missing: str
) -> None:
    court = Court()
    court.to(State.SCREENING)
    if fields is not None:
        write(court, parties=parties, **fields)
    for who in ("moderator", "chair"):
        assert refused(court, who, "open") == f"Still missing in the examination: {missing}."
    write(court, parties=PARTIES, **SCREENING)
    assert court.move("chair", "open").state == State.DELIBERATING


def test_an_examination_is_written_again_and_every_version_is_on_the_record() -> None:
    court = Court()
    court.to(State.SCREENING)
    write(court, parties=PARTIES, **SCREENING)
    write(court, "chair", parties=PARTIES[:1], **SCREENING | {"cause": "线路老化，又进了水。"})
    events = Event.objects.filter(chain_id=court.case.chain, kind="case.screened").order_by("number")
    assert [event.payload for event in events] == [{"parties": 2}, {"parties": 1}]
    assert [event.texts.get(field="cause").text for event in events] == [SCREENING["cause"], "线路老化，又进了水。"]
    assert list(Stakeholder.objects.values_list("name", "side")) == [("三栋住户", "gains")]


EARLY = "The examination is written before the deliberation opens, and completed while it goes on."


@pytest.mark.parametrize(
    ("state", "who", "sentence"),
    [
        (State.ENDORSING, "moderator", EARLY),
        (State.SCREENING, "upper", "Only those who hold an office in 槐荫里议事小组 may do this."),
        (State.SCREENING, "operator", "Your office in 槐荫里议事小组 does not include this."),
        (State.SCREENING, "proposer", "Only those who hold an office in 槐荫里议事小组 may do this."),
    ],
)  # fmt: skip
def test_the_examination_is_the_body_s_own(state: State, who: str, sentence: str) -> None:
    court = Court()
    court.to(state)
    with translation.override("en"), pytest.raises(Refused) as no:
        write(court, who, parties=PARTIES, **SCREENING)
    assert (english(no.value), Stakeholder.objects.count()) == (sentence, 0)


# ── the body's own call ──────────────────────────────────────────────────────


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ENDORSING])
def test_the_body_takes_a_matter_up_without_waiting_for_endorsements(state: State) -> None:
    court = Court()
    lamps = Category.objects.create(code="lamps", name="路灯照明")
    court.to(state)
    assert refused(court, "chair", "call_up", texts=WORDS) == "Please choose a reason."
    assert refused(court, "chair", "call_up", reason="danger") == "Please write: Why it does not wait."
    theirs = "Your office in 槐荫里议事小组 does not include this."
    assert refused(court, "moderator", "call_up", reason="danger", texts=WORDS) == theirs
    court.move("chair", "call_up", reason="danger", category="lamps", texts=WORDS)
    case = court.case
    assert (case.state, case.level, case.category, case.endorsements_needed) == (State.SCREENING, 4, lamps, 5)
    event = Event.objects.filter(chain_id=case.chain).latest("number")
    assert (event.kind, event.payload["reason"], event.visibility) == ("case.called_up", "danger", Visibility.PUBLIC)
    assert list(Proposal.objects.public()) == [case]


def test_what_was_called_up_is_still_endorsed_but_no_longer_waits_for_it() -> None:
    court = Court()
    court.to(State.ENDORSING)
    court.move("chair", "call_up", reason="many", texts=WORDS)
    assert [endorsement.endorse(court.case, by=who, at=court.now) for who in court.endorsers] == [True] * 5
    assert court.settle().state == State.SCREENING
    assert not Event.objects.filter(chain_id=court.case.chain, kind="case.qualified").exists()


# ── no officer judges a matter of their own ──────────────────────────────────

OWN = "You filed this matter yourself. A colleague must do this."


def test_who_screens_does_not_screen_what_they_filed() -> None:
    court = Court()
    court.to(State.SUBMITTED)
    court.people["proposer"].second_factor = True
    Appointment.objects.create(
        user=court.people["proposer"], body=court.case.owner, role=RoleKey.MODERATOR, since=build.LONG_AGO
    )
    facts = {
        "accept": {},
        "reject": {"reason": "private"},
        "refer": {"reason": "hotline"},
        "return": {"reason": "several"},
    }
    assert {refused(court, "proposer", verb, texts=WORDS, **given) for verb, given in facts.items()} == {OWN}
    assert court.move("moderator", "accept").state == State.ENDORSING


def test_who_answers_does_not_answer_what_they_filed() -> None:
    court = Court()
    court.to(State.DECIDING)
    court.people["proposer"].second_factor = True
    Appointment.objects.create(
        user=court.people["proposer"], body=court.case.owner, role=RoleKey.DECIDER, since=build.LONG_AGO
    )
    with translation.override("en"), pytest.raises(Refused) as no:
        decision.publish(court.case, by=court.people["proposer"], at=court.now, **ANSWER)
    assert (english(no.value), Decision.objects.count()) == (OWN, 0)
    court.answer()
    assert (court.case.state, Decision.objects.count()) == (State.DECIDED, 1)
