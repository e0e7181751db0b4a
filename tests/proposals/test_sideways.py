"""The ways beside the main road: referral, appeal, review, deferral, supervision, what is left out of the rates."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from areas import policy
from ledger import verifying
from ledger.actors import SYSTEM
from ledger.models import Event, Visibility
from people.models import Appointment
from people.roles import RoleKey
from people.verdict import Refused
from proposals import clock, drafts, lifecycle, listing
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.proposals.court import DAY, TEXTS, Court

pytestmark = pytest.mark.django_db

INSTANT = dt.timedelta.resolution
WORDS = {"text": "现场看过，照片附后"}
HOME, COMMUNITY, STREET = (4, "槐荫里"), (3, "金鱼街社区"), (2, "抚琴街道")


@pytest.fixture(autouse=True)
def _the_record_is_clean(db) -> Iterator[None]:
    yield
    assert [str(problem) for problem in verifying.verify()] == []


def midnight_after(month: int, day: int, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, tzinfo=ZoneInfo("Asia/Shanghai")) + DAY


def refused(court: Court, who: str, verb: str, **facts: Any) -> str:
    """Try it, and read why it was not done."""
    case, facts = court.case, {"texts": WORDS} | facts
    with translation.override("en"), pytest.raises(Refused) as no:
        lifecycle.move(case, verb, by=court.people[who], at=court.now, **facts)
    assert Proposal.objects.get(pk=case.pk).revision == case.revision
    with translation.override("en"):
        return str(no.value.verdict.reason)


def appoint(court: Court, who: str, body: Any, role: RoleKey) -> None:
    Appointment.objects.create(user=court.people[who], body=body, role=role, since=build.LONG_AGO)
    court.people[who].second_factor = True


def stands(court: Court) -> tuple[str, int, str]:
    return court.case.state, court.case.level, court.case.owner.area.name


def groups(court: Court) -> dict[str, int]:
    """In which groups of the list the case is counted."""
    return {name: n for name, _label, n in listing.groups(listing.Wanted.read(QueryDict())) if n}


def last(court: Court) -> Event:
    return Event.objects.filter(chain_id=court.case.chain).latest("number")


# ── referral and appeal ──────────────────────────────────────────────────────


def test_what_belongs_elsewhere_is_referred_with_its_reason_and_address() -> None:
    court = Court()
    court.to(State.SUBMITTED)
    assert refused(court, "moderator", "refer", texts={}, reason="hotline") == (
        "Please write: Where the proposer can turn to, with address or number."
    )
    assert refused(court, "moderator", "refer", reason="private") == "Please choose a reason."
    court.refer()
    assert (stands(court), court.case.refusal, court.case.due_at) == ((State.REFERRED, *HOME), "hotline", None)
    assert (groups(court), last(court).visibility) == ({"referred": 1}, Visibility.PUBLIC)


@pytest.mark.parametrize("refuse", ["reject", "refer"])
def test_another_body_decides_an_appeal_against_a_refusal(refuse: str) -> None:
    court = Court()
    court.to(State.SUBMITTED)
    getattr(court, refuse)()
    reason, text_was_public = court.case.refusal, court.case.text_is_public
    court.appeal()
    assert (stands(court), court.case.due_at) == ((State.APPEALED, *COMMUNITY), midnight_after(11, 25))
    assert (court.case.refusal, court.case.text_is_public) == (reason, text_was_public)
    assert refused(court, "chair", "uphold") == "Only those who hold an office in 金鱼街社区议事小组 may do this."
    court.move("upper", "uphold", texts=WORDS)
    assert (*stands(court), court.case.refusal) == (
        State.REJECTED if refuse == "reject" else State.REFERRED, *HOME, reason,
    )  # fmt: skip
    assert refused(court, "proposer", "appeal") == "An appeal was decided already; that decision stands."


def test_an_appeal_that_is_granted_leads_to_the_endorsements_at_home() -> None:
    court = Court()
    court.to(State.APPEALED)
    court.move("upper", "overturn", texts=WORDS)
    assert (*stands(court), court.case.refusal) == (State.ENDORSING, *HOME, "")
    assert (court.case.endorsements_needed, court.case.due_at) == (5, midnight_after(12, 3))
    court.endorse()
    assert court.case.state == State.SCREENING


@pytest.mark.parametrize("verb", ["uphold", "overturn"])
def test_neither_who_refused_it_nor_who_filed_it_decides_the_appeal(verb: str) -> None:
    court = Court()
    court.to(State.APPEALED)
    for who in ("moderator", "proposer"):
        appoint(court, who, court.case.owner, RoleKey.CHAIR)
    assert (
        refused(court, "moderator", verb) == "You refused this matter yourself. Somebody else must decide the appeal."
    )
    assert refused(court, "proposer", verb) == "You filed this matter yourself. A colleague must do this."


def test_an_appeal_comes_from_the_proposer_within_ten_days() -> None:
    court = Court()
    court.to(State.REJECTED)  # on Wednesday 18 November; the tenth day is a Saturday
    assert refused(court, "neighbours", "appeal") == "Only the proposer can do this."
    court.now = midnight_after(11, 30)
    assert refused(court, "proposer", "appeal") == "The time for this is over."
    court.now -= INSTANT
    court.appeal()
    assert court.case.state == State.APPEALED


# ── taken over, filed again, withdrawn ───────────────────────────────────────


def withdrawn(households: int) -> Court:
    """Withdrawn while so many households had endorsed it."""
    court = Court()
    policy.assign(court.courtyard, "case.households.courtyard", 20, by=SYSTEM, at=court.now)
    court.to(State.ENDORSING)
    court.endorsers = [build.person(f"支持者{n}", court.courtyard) for n in range(households)]
    court.endorse()
    court.withdraw()
    return court


def test_one_of_ten_households_takes_over_what_was_withdrawn() -> None:
    court = withdrawn(10)
    court.people["heir"] = court.endorsers[3]
    assert refused(court, "neighbours", "adopt") == "Only one of those who endorsed this matter can take it over."
    court.move("heir", "adopt")
    assert (stands(court), court.case.proposer) == ((State.ENDORSING, *HOME), court.endorsers[3])
    assert (court.case.endorsements.count(), court.case.closed_at) == (10, None)
    assert refused(court, "proposer", "withdraw") == "Only the proposer can do this."


def test_nine_households_are_too_few_and_after_ten_days_it_is_too_late() -> None:
    few, late = withdrawn(9), withdrawn(10)
    for court in (few, late):
        court.people["heir"] = court.endorsers[0]
    assert refused(few, "heir", "adopt") == "It can be taken over only if at least 10 households endorsed it."
    late.now = midnight_after(11, 30)
    assert refused(late, "heir", "adopt") == "The time for this is over."


def test_too_few_endorsements_may_be_filed_again_after_thirty_days_and_changed() -> None:
    court = Court()
    earlier = court.to(State.ENDORSEMENT_FAILED)  # on 8 December
    court.case = drafts.again(earlier, by=court.people["proposer"], at=court.now)
    assert (court.case.title, court.case.earlier) == (earlier.title, earlier)
    court.now = midnight_after(1, 7, 2027) - INSTANT
    assert refused(court, "proposer", "submit") == "This matter may be filed again after Jan. 7, 2027."
    court.now += INSTANT
    same = "Please change what found too few endorsements before you file it again."
    assert refused(court, "proposer", "submit") == same
    drafts.save(court.case, court.now, {"wish": "先修最暗的那一盏灯。"})
    court.move("proposer", "submit", texts=TEXTS)
    assert (court.case.state, court.case.number, court.case.earlier) == (State.SUBMITTED, "2027-0001", earlier)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.ENDORSING])
def test_what_is_withdrawn_before_anybody_accepted_it_never_becomes_public(state: State) -> None:
    court = Court()
    court.to(state)
    court.withdraw()
    accepted = state == State.ENDORSING
    assert (court.case.state, court.case.is_public, Proposal.objects.public().count()) == (
        State.WITHDRAWN, accepted, int(accepted),
    )  # fmt: skip
    assert Client().get(f"/cases/{court.case.number}/").status_code == (200 if accepted else 404)
    assert groups(court) == ({"withdrawn": 1} if accepted else {})


def test_what_its_proposer_does_not_complete_never_becomes_public_either() -> None:
    court = Court()
    case = court.to(State.RETURNED)
    clock.sweep(case.due_at)
    assert (court.settle().state, list(Proposal.objects.public())) == (State.WITHDRAWN, [])


# ── review ───────────────────────────────────────────────────────────────────


def test_a_review_that_confirms_gives_back_the_state_and_the_rest_of_the_time() -> None:
    court = Court()
    court.to(State.DECIDED)  # on Thursday 26 November, 10 working days
    court.now += 5 * DAY  # Tuesday: 7 of them are left
    court.ask_review()
    assert (stands(court), court.case.due_at) == ((State.REVIEWING, *STREET), midnight_after(12, 22))
    assert refused(court, "upper", "confirm") == "Only those who hold an office in 抚琴街道议事小组 may do this."
    court.now += 3 * DAY  # Friday 4 December
    court.move("street", "confirm", texts=WORDS)
    assert (stands(court), court.case.due_at) == ((State.DECIDED, *COMMUNITY), midnight_after(12, 15))
    assert refused(court, "proposer", "ask_review") == "The answer was reviewed once already."


def test_a_review_that_revises_asks_the_same_body_for_a_new_answer() -> None:
    court = Court()
    court.to(State.EVALUATING)
    court.ask_review()
    court.move("street", "revise", texts=WORDS)
    assert (stands(court), court.case.due_at) == ((State.DECIDING, *COMMUNITY), midnight_after(12, 10))
    court.answer()
    assert list(court.case.decisions.values_list("version", "body__area__name")) == [
        (1, "金鱼街社区"), (2, "金鱼街社区"),
    ]  # fmt: skip
    assert refused(court, "proposer", "ask_review") == "The answer was reviewed once already."


def test_after_a_new_answer_the_result_is_judged_anew_by_everybody() -> None:
    court = Court()
    court.to(State.EVALUATING)
    court.people["endorser"] = court.endorsers[0]
    court.judge("endorser", "yes")
    court.ask_review()
    court.move("street", "revise", texts=WORDS)
    court.answer()
    court.start()
    court.complete()
    court.judge("endorser", "no")
    court.wait(25)  # the proposer is silent, and the first “yes” was said of another result
    assert (court.case.state, court.case.rectified) == (State.RECTIFYING, 2)


def test_a_review_is_asked_for_by_the_proposer_within_thirty_days() -> None:
    court = Court()
    court.to(State.DECIDED)  # answered on 26 November; the thirtieth day is a Saturday
    assert refused(court, "neighbours", "ask_review") == "Only the proposer can do this."
    court.now = midnight_after(12, 28)
    assert refused(court, "proposer", "ask_review") == "The time to ask for a review is over."
    court.now -= INSTANT
    court.ask_review()
    assert court.case.state == State.REVIEWING


# ── deferral ─────────────────────────────────────────────────────────────────


def deferring() -> Court:
    """Asked for on Monday 30 November, when 8 of the 10 working days were left; to be re-checked on 29 January."""
    court = Court()
    court.to(State.DECIDING)
    court.now += 4 * DAY
    court.ask_deferral()
    return court


def test_a_deferral_is_allowed_one_level_up_and_counts_as_deferred() -> None:
    court = deferring()
    assert (stands(court), court.case.due_at) == ((State.DEFERRING, *STREET), midnight_after(12, 7))
    assert refused(court, "upper", "defer") == "Only those who hold an office in 抚琴街道议事小组 may do this."
    court.now += 2 * DAY
    court.defer()
    assert (stands(court), court.case.due_at) == ((State.DEFERRED, *COMMUNITY), midnight_after(1, 29, 2027))
    assert groups(court) == {"deferred": 1}
    assert Event.objects.get(kind="case.deferral_asked").texts.get(field="interim").text == "先装两盏太阳能灯"


def test_a_deferral_needs_an_interim_step_and_a_re_check_within_ninety_days() -> None:
    court = Court()
    court.to(State.DECIDING)  # 26 November; the ninetieth day is 24 February
    facts: dict[str, Any] = {"reason": "funds", "texts": WORDS | {"interim": "先装临时灯"}}
    for day in ("2026-11-26", "2027-02-25", ""):
        said = "The re-check must be within 90 days from now."
        assert refused(court, "upper", "ask_deferral", recheck_on=day, **facts) == said
    facts["texts"] = WORDS | {"interim": " "}
    said = "Please write what is done in the meantime."
    assert refused(court, "upper", "ask_deferral", recheck_on="2027-02-24", **facts) == said
    court.move(
        "upper", "ask_deferral", reason="funds", recheck_on="2027-02-24", texts=WORDS | {"interim": "先装临时灯"}
    )
    assert court.case.state == State.DEFERRING


def test_a_refused_deferral_leaves_the_rest_of_the_time() -> None:
    court = deferring()
    court.now += 2 * DAY  # Wednesday 2 December
    court.move("street", "refuse_deferral", texts=WORDS)
    assert (stands(court), court.case.due_at) == ((State.DECIDING, *COMMUNITY), midnight_after(12, 14))


def test_a_re_check_that_is_missed_has_the_ladder_until_it_is_taken_up_again() -> None:
    court = deferring()
    court.defer()
    court.now = midnight_after(2, 28, 2027)
    clock.sweep(court.now)
    court.settle()
    assert (court.case.state, court.case.stage, court.case.supervised_at) == (State.DEFERRED, 6, court.now)
    court.move("upper", "take_back", texts=WORDS)
    assert (stands(court), court.case.left_state) == ((State.DECIDING, *COMMUNITY), "")
    assert court.case.due_at == midnight_after(3, 11, 2027)  # 8 working days from Monday 1 March
