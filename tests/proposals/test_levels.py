"""Four levels: up by the body, by the timer, by appeal; down; back once; the district's assignment (domain.md §2)."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation

from areas import policy
from areas.models import Body, Category, Competence, Level
from deliberation import discussion
from deliberation.models import Thread
from ledger import verifying
from ledger.actors import SYSTEM
from ledger.models import Event
from notifications.models import Notice, Subscription
from people.models import Residence
from people.roles import RoleKey
from people.verdict import Refused
from proposals import clock, endorsement, lifecycle
from proposals.models import Endorsement, Proposal, Screening
from proposals.states import State
from tests import build
from tests.proposals.court import DAY, Court

pytestmark = pytest.mark.django_db

WORDS = {"text": "两条河分属区和市，院里和社区办不了"}
FINAL = "The district's joint meeting has assigned this matter here, and that is final."
INSTANT = dt.timedelta.resolution


def midnight_after(month: int, day: int) -> dt.datetime:
    return dt.datetime(2026, month, day, tzinfo=ZoneInfo("Asia/Shanghai")) + DAY


def sentence(court: Court, who: str, verb: str) -> str:
    by = SYSTEM if who == "SYSTEM" else court.people[who]
    with translation.override("en"):
        return str(lifecycle.may(by, court.case, verb, court.now).reason)


def refused(court: Court, who: str, verb: str, **facts) -> str:
    """Try it, and read why it was not done."""
    before = Proposal.objects.get(pk=court.case.pk).revision
    with translation.override("en"), pytest.raises(Refused) as no:
        lifecycle.move(court.case, verb, by=court.people[who], at=court.now, texts=WORDS, **facts)
    assert Proposal.objects.get(pk=court.case.pk).revision == before
    with translation.override("en"):
        return str(no.value.verdict.reason)


def up(court: Court, who: str) -> Proposal:
    return court.move(who, "hand_up", reason="beyond_competence", texts=WORDS)


def taken_over_at(court: Court, *path: str) -> Court:
    """Handed up and taken over along these people, the first being the chair at home."""
    for below, above in itertools.pairwise(path):
        up(court, below)
        court.move(above, "take_over")
    return court


def stands(case: Proposal) -> tuple[str, int, str]:
    return case.state, case.level, case.owner.area.name


def sweep(court: Court, at: dt.datetime) -> tuple[str, int, str]:
    """What time has done to it by then."""
    court.now = at
    clock.sweep(at)
    return stands(court.settle())


def clean() -> list[str]:
    return [str(problem) for problem in verifying.verify()]


def told(name: str, court: Court) -> list[str]:
    return list(Notice.objects.filter(user=court.people[name]).order_by("pk").values_list("kind", flat=True))


# ── up ───────────────────────────────────────────────────────────────────────


def test_the_case_of_story_11_climbs_all_four_levels_and_everything_travels_along() -> None:
    court = Court()
    case = court.to(State.DELIBERATING)
    thread = Thread.objects.get(chain=case.chain)
    discussion.say(thread, by=court.people["proposer"], text="夜里也响", at=court.now)
    models = (Endorsement, Screening, Thread, Subscription)
    carried = [list(model.objects.order_by("pk").values()) for model in models]
    found = []
    for below, above in (("chair", "upper"), ("upper", "street"), ("street", "district")):
        court.now += DAY
        found += [stands(up(court, below)), stands(court.move(above, "take_over"))]
    assert found == [
        (State.ESCALATED, 3, "金鱼街社区"), (State.DELIBERATING, 3, "金鱼街社区"),
        (State.ESCALATED, 2, "抚琴街道"), (State.DELIBERATING, 2, "抚琴街道"),
        (State.ESCALATED, 1, "金牛区"), (State.DELIBERATING, 1, "金牛区"),
    ]  # fmt: skip
    assert [list(model.objects.order_by("pk").values()) for model in models] == carried
    assert (court.case.area, Thread.objects.get().is_open, Thread.objects.get().last_number) == (case.area, True, 1)
    assert clean() == []


def test_the_history_of_a_climb_names_level_body_actor_time_and_reason() -> None:
    court = Court()
    case = court.to(State.DELIBERATING)
    taken_over_at(court, "chair", "upper", "street", "district")
    events = Event.objects.filter(chain_id=case.chain, kind="case.handed_up").order_by("number")
    assert [(e.payload["level"], Body.objects.get(pk=e.payload["owner"]).name) for e in events] == [
        (3, "金鱼街社区议事小组"), (2, "抚琴街道议事小组"), (1, "金牛区议事小组"),
    ]  # fmt: skip
    assert [e.payload["reason"] for e in events] == ["beyond_competence"] * 3
    assert [e.at for e in events] == [court.now] * 3
    assert len({e.actor for e in events}) == 3


def test_each_level_has_its_own_time_to_answer() -> None:
    court = Court()
    court.to(State.DECIDING)
    assert court.now == dt.datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    dues = [court.case.due_at]
    for below, above in (("upper", "street"), ("street", "district")):
        taken_over_at(court, below, above)
        dues.append(court.case.due_at)
    assert dues == [midnight_after(12, 10), midnight_after(12, 17), midnight_after(12, 28)]  # 10 wd, 15 wd, 30 d


def test_above_the_district_is_nothing() -> None:
    court = Court()
    court.to(State.DELIBERATING)
    assert lifecycle.may(court.people["chair"], court.case, "hand_up", court.now)
    taken_over_at(court, "chair", "upper", "street", "district")
    assert refused(court, "district", "hand_up", reason="beyond_budget") == "There is no level above the district."
    assert sentence(court, "SYSTEM", "climb") == "There is no level above the district."


def test_where_nobody_sits_above_it_is_refused_in_a_sentence() -> None:
    court = Court()
    court.to(State.DELIBERATING)
    Body.objects.exclude(area=court.courtyard).update(sat_until=court.now)
    said = refused(court, "chair", "hand_up", reason="beyond_budget")
    assert said == "No body sits at this level or above. Please tell the district: it has to name one."


def test_who_is_silent_for_three_working_days_has_taken_it_over() -> None:
    court = Court()
    case = court.to(State.ESCALATED)  # on Thursday 26 November
    assert case.due_at == midnight_after(12, 1)
    assert sweep(court, case.due_at - INSTANT) == (State.ESCALATED, 3, "金鱼街社区")
    assert sweep(court, case.due_at) == (State.DECIDING, 3, "金鱼街社区")
    last = Event.objects.filter(chain_id=case.chain).latest("number")
    assert (last.payload["verb"], last.payload["timer"], last.actor) == ("take_over", True, SYSTEM.REF)
    assert clean() == []


# ── back ─────────────────────────────────────────────────────────────────────


def test_handed_back_once_the_clock_goes_on_with_what_was_left_and_home_is_told() -> None:
    court = Court()
    case = court.to(State.RESOLVED)
    assert case.due_at == midnight_after(12, 3)  # 5 working days from Thursday 26 November
    court.now += 4 * DAY  # Monday: 3 of them are left
    up(court, "chair")
    court.now += 2 * DAY  # Wednesday 2 December
    court.hand_back()
    assert stands(court.case) == (State.RESOLVED, 4, "槐荫里")
    assert (court.case.due_at, court.case.first_due_at) == (midnight_after(12, 7), midnight_after(12, 3))
    assert court.case.hand_backs == 1
    newest = Notice.objects.filter(user=court.people["chair"]).latest("pk")
    assert (newest.kind, newest.due_at, newest.done_at) == ("case.handed_back:act", midnight_after(12, 7), None)
    assert clean() == []


def test_handed_back_a_second_time_it_goes_to_the_district() -> None:
    court = Court()
    court.to(State.RESOLVED)
    up(court, "chair")
    court.hand_back()
    up(court, "chair")
    court.hand_back()
    assert stands(court.case) == (State.ARBITRATING, 1, "金牛区")
    assert (court.case.left_state, court.case.hand_backs) == (State.RESOLVED, 2)
    assert told("district", court) == ["case.handed_back:act"]
    assert clean() == []


def test_what_the_district_assigns_stays_there() -> None:
    court = Court()
    court.to(State.ARBITRATING)
    community = build.body(court.courtyard.get_parent())
    court.move("district", "assign", body=community.pk, texts=WORDS)
    assert stands(court.case) == (State.DECIDING, 3, "金鱼街社区")
    moved = "This case is now “Awaiting an answer”, so this step is not possible."
    assert refused(court, "upper", "hand_up", reason="beyond_budget") == FINAL
    assert refused(court, "upper", "hand_down", reason="self_rule") == FINAL
    assert refused(court, "upper", "hand_back", reason="own_competence") == moved
    assert [sentence(court, "SYSTEM", "climb"), sentence(court, "upper", "call_up")] == [FINAL, moved]
    with translation.override("en"), pytest.raises(Refused, match=FINAL):
        endorsement.call_up(court.case, by=court.endorsers[0], at=court.now)
    court.wait(60)
    assert (*stands(court.case), court.case.stage) == (State.DECIDING, 3, "金鱼街社区", 6)
    assert clean() == []


def test_an_assignment_names_a_body_between_home_and_the_district() -> None:
    court = Court()
    court.to(State.ARBITRATING)
    elsewhere = build.body(build.courtyard("别的院"))
    said = "Please choose a body that sits between the matter's home and the district."
    assert refused(court, "district", "assign", body=elsewhere.pk) == said
    assert refused(court, "district", "assign") == said


# ── down ─────────────────────────────────────────────────────────────────────


def test_handed_down_from_the_answer_it_is_talked_over_again_one_level_below() -> None:
    court = Court()
    court.to(State.DECIDING)
    assert stands(court.move("upper", "hand_down", reason="self_rule", texts=WORDS)) == (State.HANDED_DOWN, 4, "槐荫里")
    assert stands(court.move("chair", "take_over")) == (State.DELIBERATING, 4, "槐荫里")
    assert Thread.objects.get(chain=court.case.chain).is_open
    home = "This is the matter's home level; it cannot go further down."
    assert refused(court, "chair", "hand_down", reason="self_rule") == home
    assert clean() == []


def test_handed_down_and_handed_back_the_answer_is_due_where_it_was() -> None:
    court = Court()
    due = court.to(State.DECIDING).due_at
    court.hand_down()
    court.move("chair", "hand_back", reason="papers_missing", texts=WORDS)
    assert (*stands(court.case), court.case.due_at) == (State.DECIDING, 3, "金鱼街社区", due)


def test_what_is_not_on_the_community_s_list_is_not_sent_there() -> None:
    court = Court()
    drains = Category.objects.create(code="drains", name="排水管网")
    district = court.courtyard.get_root()
    row = {"category": drains, "area": district, "basis": "街道权责清单第 31 项", "valid_from": dt.date(2026, 1, 1)}
    Competence.objects.create(level=Level.STREET, **row)
    off = "“排水管网” is not on the list of 金鱼街社区议事小组. The list names: Street (街道权责清单第 31 项)."
    community = build.body(court.courtyard.get_parent())
    taken_over_at(court_with(court, State.DECIDING, drains), "upper", "street")
    assert refused(court, "street", "hand_down", reason="listed") == off
    assert refused(court, "inspector", "reassign", reason="idle", body=community.pk) == off
    up(court, "street")
    court.move("district", "hand_back", reason="own_competence", texts=WORDS)
    up(court, "street")
    court.move("district", "hand_back", reason="own_competence", texts=WORDS)
    assert refused(court, "district", "assign", body=community.pk) == off
    Competence.objects.create(level=Level.COMMUNITY, **row)
    assert stands(court.move("district", "assign", body=community.pk, texts=WORDS))[1:] == (3, "金鱼街社区")
    assert clean() == []


def court_with(court: Court, state: State, category: Category) -> Court:
    """A case in that state whose category was chosen on the way."""
    court.to(state)
    court.move("upper", "classify", category=category.code)
    return court


# ── up by appeal, up by time ─────────────────────────────────────────────────


def test_enough_households_call_the_next_level_each_with_one_voice() -> None:
    court = Court()
    policy.assign(court.courtyard, "case.callers", 3, by=SYSTEM, at=court.now)
    court.to(State.SCREENING)
    door = Residence.objects.get(user=court.people["proposer"]).door
    spouse = build.person("老伴", court.courtyard, door)
    endorsement.endorse(court.case, by=spouse, at=court.now)
    voices = [court.people["proposer"], spouse, court.endorsers[0], court.endorsers[0]]
    assert [endorsement.call_up(court.case, by=who, at=court.now) for who in voices] == [True, False, True, False]
    assert (stands(court.settle()), endorsement.callers(court.case)) == ((State.SCREENING, 4, "槐荫里"), 2)
    endorsement.call_up(court.case, by=court.endorsers[1], at=court.now)
    assert stands(court.settle()) == (State.ESCALATED, 3, "金鱼街社区")
    event = Event.objects.get(chain_id=court.case.chain, kind="case.handed_up")
    assert (event.payload["verb"], event.payload["reason"], event.payload["households"]) == ("climb", "appeal", 3)
    assert clean() == []


def test_only_who_filed_or_endorsed_calls_the_next_level() -> None:
    court = Court()
    policy.assign(court.courtyard, "case.callers", 1, by=SYSTEM, at=court.now)
    case = court.to(State.DELIBERATING)
    mine = "Only the proposer and those who endorsed can appeal to the next level."
    for who in ("neighbours", "stranger", "chair"):
        with translation.override("en"), pytest.raises(Refused, match=mine):
            endorsement.call_up(case, by=court.people[who], at=court.now)
    assert stands(court.settle()) == (State.DELIBERATING, 4, "槐荫里")


def test_after_a_hand_back_the_voices_are_counted_anew() -> None:
    court = Court()
    policy.assign(court.courtyard, "case.callers", 2, by=SYSTEM, at=court.now)
    court.to(State.DELIBERATING)
    endorsement.call_up(court.case, by=court.endorsers[0], at=court.now)
    endorsement.call_up(court.case, by=court.endorsers[1], at=court.now)
    court.settle()
    court.hand_back()
    assert (court.case.level, endorsement.callers(court.case)) == (4, 0)
    assert endorsement.call_up(court.case, by=court.endorsers[0], at=court.now) is True
    assert (court.settle().state, endorsement.callers(court.case)) == (State.DELIBERATING, 1)
    endorsement.call_up(court.case, by=court.endorsers[1], at=court.now)
    assert stands(court.settle()) == (State.ESCALATED, 3, "金鱼街社区")


def test_ten_working_days_overdue_it_climbs_by_itself() -> None:
    court = Court()
    case = court.to(State.RESOLVED)  # due at the end of 3 December
    assert sweep(court, midnight_after(12, 17) - INSTANT) == (State.RESOLVED, 4, "槐荫里")
    assert sweep(court, midnight_after(12, 17)) == (State.ESCALATED, 3, "金鱼街社区")
    event = Event.objects.get(chain_id=case.chain, kind="case.handed_up")
    assert (event.payload["reason"], event.payload["timer"], event.actor) == ("timer", True, SYSTEM.REF)
    assert clean() == []


def test_what_nobody_accepted_climbs_without_becoming_public() -> None:
    court = Court()
    case = court.to(State.SUBMITTED)  # due at the end of 23 November
    screener = build.staff("社区审查员", build.body(court.courtyard.get_parent()), RoleKey.MODERATOR)
    assert sweep(court, midnight_after(12, 7)) == (State.SUBMITTED, 3, "金鱼街社区")
    assert list(Proposal.objects.public()) == []
    page = f"/cases/{case.number}/"
    visitor, mine = Client(), build.sign_in(Client(), court.people["proposer"])
    assert [browser.get(page).status_code for browser in (visitor, mine)] == [404, 200]
    asked = Notice.objects.filter(event__kind="case.handed_up", kind="case.handed_up:act").order_by("user")
    assert [notice.user for notice in asked] == [court.people["upper"], screener]
    assert clean() == []


# ── vacancy, and the home that stays responsible ─────────────────────────────


def test_the_case_of_a_body_that_no_longer_sits_goes_to_the_competent_one_with_its_clock() -> None:
    court = Court()
    case = court.to(State.DECIDING)
    due, left = case.due_at, case.ring_at
    case.owner.sat_until = court.now + DAY
    case.owner.save()
    assert clock.sweep(court.now) == 0
    court.now += DAY
    assert clock.sweep(court.now) == 1
    assert (*stands(court.settle()), court.case.due_at, court.case.ring_at) == (
        State.DECIDING, 2, "抚琴街道", due, left,
    )  # fmt: skip
    event = Event.objects.get(chain_id=case.chain, kind="case.succeeded")
    assert (event.payload["passed"], told("street", court)) == ([3], ["case.succeeded:act"])
    revision = court.case.revision
    assert (clock.sweep(court.now), court.settle().revision) == (0, revision)
    assert clean() == []


def test_the_case_of_a_body_that_was_replaced_stays_at_its_level() -> None:
    court = Court()
    case = court.to(State.DELIBERATING)
    Body.objects.filter(pk=case.owner_id).update(sat_until=court.now)
    new = Body.objects.create(area=court.courtyard, name="新一届小组", sat_from=court.now)
    clock.sweep(court.now)
    assert (court.settle().owner, court.case.level) == (new, 4)
    assert clean() == []


def test_where_no_body_sits_the_case_waits_and_nothing_breaks() -> None:
    court = Court()
    case = court.to(State.DELIBERATING)
    Body.objects.update(sat_until=court.now)
    assert clock.sweep(court.now) == 0
    assert court.settle().owner == case.owner


def test_the_home_body_stays_co_responsible_and_hears_of_each_step_above() -> None:
    court = Court()
    court.to(State.DECIDING)
    taken_over_at(court, "upper", "street")
    before = len(told("chair", court))
    court.move("street", "hand_down", reason="self_rule", texts=WORDS)
    court.take_over()
    court.move("upper", "take_up")
    court.answer()
    court.start()
    court.complete()
    assert told("chair", court)[before:] == [
        "case.taken_over:office", "case.decided:office", "case.completed:office",
    ]  # fmt: skip
    handed = [kind for kind in told("chair", court)[:before] if kind.endswith(":office")]
    assert handed == ["case.taken_over:office", "case.handed_up:office", "case.taken_over:office"]
    assert "case.taken_over:office" not in told("moderator", court)
