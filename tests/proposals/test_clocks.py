"""The clock of a step: warnings, the ladder of supervision, extension, suspension (domain.md §2, §3 “Deadlines”).

2026: 25–27 September and 1–7 October are off; Saturday 10 October is worked instead.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from areas import policy
from ledger import verifying
from ledger.actors import SYSTEM
from ledger.models import Event, Visibility
from notifications.models import Notice
from people.verdict import Refused
from proposals import casepage, clock, lifecycle, timeline
from proposals.deadlines import STAGES
from proposals.models import Proposal
from proposals.states import State
from tests.ledger.book import together
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db

INSTANT = dt.timedelta.resolution
LADDER = [stage.event for stage in STAGES]
WORDS = {"text": "等检测报告"}


def moment(month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


# Five working days from Wednesday 23 September: 24, 28, 29, 30 September and 8 October; 12 hours are a tenth of them.
ENTERED = moment(9, 23, 10)
SAID = [
    ("case.half_time", moment(9, 29, 12)),
    ("case.time_short", moment(10, 8)),
    ("case.overdue", moment(10, 9)),
    ("case.reminded", moment(10, 10)),  # 9 October is over
    ("case.noticed", moment(10, 15)),  # 9, 10, 12, 13, 14
    ("case.supervised", moment(10, 22)),  # 15, 16, 19, 20, 21
]


def examined() -> Court:
    """A case that waits for its examination since the 23rd."""
    court = Court(now=ENTERED)
    court.to(State.SCREENING)
    return court


def sweep(court: Court, at: dt.datetime) -> int:
    court.now = at
    done = clock.sweep(at)
    court.settle()
    return done


def said(court: Court) -> list[tuple[str, dt.datetime]]:
    events = Event.objects.filter(chain_id=court.case.chain, kind__in=LADDER).order_by("number")
    return list(events.values_list("kind", "at"))


def verbs(court: Court, after: int) -> list[str]:
    """What happened after so many events: what the clock said, and the moves by their verbs."""
    events = Event.objects.filter(chain_id=court.case.chain, kind__startswith="case.", number__gt=after)
    return [event.payload.get("verb", event.kind) for event in events.order_by("number")]


def told(court: Court, kind: str) -> set[tuple[str, str]]:
    names = {user: name for name, user in court.people.items()}
    names |= {user: f"endorser{n}" for n, user in enumerate(court.endorsers)}
    notices = Notice.objects.filter(event__chain_id=court.case.chain, event__kind=kind).select_related("user")
    return {(names[notice.user], notice.kind) for notice in notices}


def refused(court: Court, who: str, verb: str, **facts: Any) -> str:
    with translation.override("en"), pytest.raises(Refused) as no:
        lifecycle.move(court.case, verb, by=court.people[who], at=court.now, **facts)
    return in_english(no.value)


def in_english(refused: Refused) -> str:
    with translation.override("en"):
        return str(refused.verdict.reason)


def clean() -> list[str]:
    return [str(problem) for problem in verifying.verify()]


# ── the six things that a clock says ─────────────────────────────────────────


def test_each_warning_and_each_step_of_the_ladder_comes_once_at_its_instant() -> None:
    court = examined()
    for n, (_kind, at) in enumerate(SAID):
        assert (sweep(court, at - INSTANT), said(court)) == (0, SAID[:n])
        assert (sweep(court, at), said(court)) == (1, SAID[: n + 1])
        assert (sweep(court, at), said(court)) == (0, SAID[: n + 1])
    assert (court.case.state, court.case.level) == (State.ESCALATED, 3)
    assert clean() == []


def test_a_sweep_that_comes_late_says_everything_in_order_once() -> None:
    court = examined()
    late = moment(10, 25, 3)
    assert (sweep(court, late), said(court)) == (1, [(kind, late) for kind, _at in SAID])
    assert (sweep(court, late), len(said(court))) == (0, 6)
    assert court.case.supervised_at == late
    assert clean() == []


@pytest.mark.parametrize("stops", [[moment(10, 9)], [moment(9, 29, 12), moment(10, 14)]])
def test_a_sweep_that_missed_some_says_these_first(stops: list[dt.datetime]) -> None:
    court = examined()
    for at in [*stops, moment(10, 22)]:
        sweep(court, at)
    assert [kind for kind, _at in said(court)] == LADDER


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_say_each_thing_once() -> None:
    court = examined()
    for _kind, at in SAID:
        together(lambda at=at: clock.sweep(at), lambda at=at: clock.sweep(at))
    assert said(court) == SAID
    events = Event.objects.filter(chain_id=court.case.chain, kind="case.handed_up")
    assert (events.count(), court.settle().state, clean()) == (1, State.ESCALATED, [])


@pytest.mark.django_db(transaction=True)
def test_four_late_sweeps_at_once_say_everything_in_order_once() -> None:
    court = examined()
    late = moment(10, 25, 3)
    assert sum(together(*[lambda: clock.sweep(late)] * 4)) == 1
    assert said(court) == [(kind, late) for kind, _at in SAID]
    assert clean() == []


RINGING = [
    (State.RETURNED, "withdraw"),
    (State.ENDORSING, "lapse"),
    (State.ESCALATED, "take_over"),
    (State.HANDED_DOWN, "take_over"),
    (State.NO_QUORUM, "expire"),
    (State.NOT_PASSED, "expire"),
    (State.SUSPENDED, "resume"),
    (State.EVALUATING, "close"),
]


@pytest.mark.parametrize(("state", "verb"), RINGING)
def test_where_time_makes_the_move_there_is_no_ladder(state: State, verb: str) -> None:
    court = Court()
    case = court.to(state)
    before = Event.objects.filter(chain_id=case.chain).latest("number").number
    sweep(court, case.due_at - INSTANT)
    assert (verbs(court, before), court.case.state) == (["case.half_time", "case.time_short"], state)
    sweep(court, case.due_at)
    assert verbs(court, before) == ["case.half_time", "case.time_short", verb]
    assert court.case.stage == 0
    assert clean() == []


def test_a_vote_has_only_the_ladder() -> None:
    court = Court()
    assert court.to(State.VOTING).due_at == moment(11, 26)
    ladder = [
        ("case.reminded", moment(11, 27)),
        ("case.noticed", moment(12, 3)),
        ("case.supervised", moment(12, 10)),
    ]
    for n, (_kind, at) in enumerate(ladder):
        sweep(court, at - INSTANT)
        assert said(court) == ladder[:n]
        sweep(court, at)
        assert said(court) == ladder[: n + 1]
    assert (court.case.state, court.case.level) == (State.VOTING, 4)


# ── who is told, and what is public ──────────────────────────────────────────

FOLLOWERS = ["proposer", *(f"endorser{n}" for n in range(5))]
UPPER, WATCHING = {("upper", "office")}, {("supervisor", "office"), ("inspector", "office")}
OFFICE = {("chair", "act"), ("moderator", "act")}
NEWS = {(name, "") for name in FOLLOWERS}


def test_who_is_told_at_each_stage_of_an_office_s_time() -> None:
    court = examined()
    for _kind, at in SAID:
        sweep(court, at)
    expected = [
        OFFICE,
        OFFICE,
        OFFICE | NEWS,
        OFFICE | UPPER,
        OFFICE | UPPER | WATCHING | NEWS,
        UPPER | WATCHING | NEWS,
    ]
    for (kind, _at), people in zip(SAID, expected, strict=True):
        assert told(court, kind) == {(name, f"{kind}:{how}" if how else kind) for name, how in people}


def test_the_supervision_above_the_street_is_the_district_s() -> None:
    court = Court()
    court.to(State.DECIDING)
    court.move("upper", "hand_up", reason="beyond_budget", texts=WORDS)
    court.move("street", "take_over")
    sweep(court, court.case.due_at + 40 * dt.timedelta(days=1))
    street = {("district", "case.noticed:office"), ("inspector", "case.noticed:office")}
    assert told(court, "case.noticed") == street | {(name, "case.noticed") for name in FOLLOWERS}


@pytest.mark.parametrize("kind", ["case.half_time", "case.time_short"])
@pytest.mark.parametrize(
    ("state", "people"),
    [(State.RETURNED, ["proposer"]), (State.ENDORSING, ["proposer"]), (State.EVALUATING, FOLLOWERS)],
)
def test_where_a_case_waits_for_residents_they_are_warned(state: State, people: list[str], kind: str) -> None:
    court = Court()
    case = court.to(state)
    sweep(court, case.due_at - INSTANT)
    assert told(court, kind) == {(name, f"{kind}:own") for name in people}


def test_everybody_reads_that_an_office_is_late_but_not_that_it_hurries() -> None:
    court = examined()
    sweep(court, moment(10, 22))
    parties, public = Visibility.PARTIES, Visibility.PUBLIC
    seen = Event.objects.filter(chain_id=court.case.chain, kind__in=LADDER).order_by("number")
    assert list(seen.values_list("visibility", flat=True)) == [parties, parties, public, public, public, public]
    read = [[entry.kind for entry in timeline.of(court.case, inside=i)][::-1] for i in (False, True)]
    assert [[kind for kind in kinds if kind in LADDER] for kinds in read] == [LADDER[2:], LADDER]


def test_of_what_is_not_public_the_clock_says_nothing_in_public() -> None:
    court = Court()
    case = court.to(State.SUBMITTED)
    sweep(court, case.due_at + 20 * dt.timedelta(days=1))
    seen = Event.objects.filter(chain_id=case.chain, kind__in=LADDER)
    assert list(seen.values_list("visibility", flat=True)) == [Visibility.PARTIES] * 6


# ── extension ────────────────────────────────────────────────────────────────


def extend(court: Court, days: int) -> Proposal:
    return court.move("chair", "extend", reason="complex", days=days, texts=WORDS)


def test_extended_the_half_is_not_told_again_and_the_rest_at_the_new_instants() -> None:
    court = examined()
    sweep(court, moment(9, 29, 12))
    court.now = moment(9, 30, 10)
    extend(court, 3)  # 9, 10, 12 October: 8 working days in all, of which 1.6 are a fifth
    assert (court.case.due_at, court.case.first_due_at) == (moment(10, 13), moment(10, 9))
    later = [SAID[0], ("case.time_short", moment(10, 10, 9, 36)), ("case.overdue", moment(10, 13))]
    for n, (_kind, at) in enumerate(later[1:], 1):
        sweep(court, at - INSTANT)
        assert said(court) == later[:n]
        sweep(court, at)
        assert said(court) == later[: n + 1]
    assert clean() == []


def test_the_first_date_of_an_extended_time_stays_visible() -> None:
    court = examined()
    extend(court, 3)
    assert casepage.clock_of(court.case, court.now).first == moment(10, 9)
    with translation.override("en"):
        newest = timeline.of(court.case)[0]
        notes = [str(note) for note in newest.notes]
    assert (newest.kind, notes) == ("case.extended", ["From Oct. 8, 2026 to Oct. 12, 2026"])


def test_extended_once_in_a_step_and_before_it_is_due_and_at_most_by_its_own_length() -> None:
    court = examined()
    facts = {"reason": "complex", "texts": WORDS}
    for days in (0, 6, "3"):
        assert refused(court, "chair", "extend", days=days, **facts) == "Please give a number from 1 to 5."
    late = examined()
    late.now = moment(10, 9)
    over = "The time of this step is over, so it can be neither extended nor stopped any more."
    assert refused(late, "chair", "extend", days=3, **facts) == over
    extend(court, 5)
    once = "This step was extended once already."
    assert refused(court, "chair", "extend", days=1, **facts) == once
    court.examine()
    court.open()
    assert extend(court, 30).extended is True  # another step


def test_a_proposer_extends_only_the_collecting_of_endorsements() -> None:
    court = Court()
    assert court.to(State.ENDORSING).due_at == moment(12, 4)
    court.move("proposer", "extend", reason="more_time", days=15, texts=WORDS)
    assert (court.case.first_due_at, court.case.due_at) == (moment(12, 4), moment(12, 19))
    court.endorse()
    office = "Only those who hold an office in 槐荫里议事小组 may do this."
    assert refused(court, "proposer", "extend", reason="more_time", days=1, texts=WORDS) == office


# ── suspension ───────────────────────────────────────────────────────────────


def suspended() -> Court:
    """On Monday the 28th in the afternoon: 29, 30 September and 8 October are left."""
    court = examined()
    court.now = moment(9, 28, 15)
    court.move("chair", "suspend", reason="expertise", texts=WORDS)
    return court


def test_a_suspended_clock_stands_still_and_goes_on_with_the_same_working_days() -> None:
    court = suspended()
    assert court.case.due_at == moment(11, 28)  # the longest suspension
    assert (sweep(court, moment(10, 9, 9)), said(court)) == (0, [])
    court.move("chair", "resume")
    assert (court.case.state, court.case.due_at) == (State.SCREENING, moment(10, 14))  # 10, 12, 13 October
    assert court.case.first_due_at == moment(10, 9)
    warned = [("case.half_time", moment(10, 10, 12)), ("case.time_short", moment(10, 13))]
    for n, (_kind, at) in enumerate(warned):
        sweep(court, at - INSTANT)
        assert said(court) == warned[:n]
        sweep(court, at)
        assert said(court) == warned[: n + 1]
    assert clean() == []


def test_a_step_is_suspended_once_and_another_step_again() -> None:
    court = suspended()
    court.move("chair", "resume")
    facts = {"reason": "season", "texts": WORDS}
    assert refused(court, "chair", "suspend", **facts) == "The clock was stopped once already in this step."
    court.examine()
    court.open()
    assert court.move("chair", "suspend", **facts).state == State.SUSPENDED


def test_a_suspension_ends_by_itself_when_its_longest_time_is_over() -> None:
    court = suspended()
    sweep(court, moment(11, 28) - INSTANT)
    assert court.case.state == State.SUSPENDED
    sweep(court, moment(11, 28))
    assert (court.case.state, court.case.due_at) == (State.SCREENING, moment(12, 3))  # 30 November, 1, 2 December
    assert Event.objects.filter(chain_id=court.case.chain).latest("number").payload["timer"] is True
    late = "The time of this step is over, so it can be neither extended nor stopped any more."
    court.now = moment(12, 3)
    assert refused(court, "chair", "extend", reason="complex", days=1, texts=WORDS) == late
    assert clean() == []


# ── limits in hours ──────────────────────────────────────────────────────────


def test_hours_run_through_the_holiday_and_the_ladder_counts_working_days() -> None:
    court = Court(now=moment(9, 24, 10))
    policy.assign(court.courtyard, "case.time.screening", {"n": 48, "unit": "hour"}, by=SYSTEM, at=court.now)
    assert court.to(State.SCREENING).due_at == moment(9, 26, 10)
    expected = [
        ("case.half_time", moment(9, 25, 10)),
        ("case.time_short", moment(9, 26, 0, 24)),
        ("case.overdue", moment(9, 26, 10)),
        ("case.reminded", moment(9, 29)),  # 28 September is over
    ]
    for n, (_kind, at) in enumerate(expected):
        sweep(court, at - INSTANT)
        assert said(court) == expected[:n]
        sweep(court, at)
        assert said(court) == expected[: n + 1]


def test_hours_are_extended_and_suspended_to_the_minute() -> None:
    court = Court(now=moment(9, 24, 10))
    policy.assign(court.courtyard, "case.time.screening", {"n": 48, "unit": "hour"}, by=SYSTEM, at=court.now)
    court.to(State.SCREENING)
    assert extend(court, 12).due_at == moment(9, 26, 22)  # 60 hours
    court.now = moment(9, 25, 7, 30)  # 38½ are left
    court.move("chair", "suspend", reason="expertise", texts=WORDS)
    court.now = moment(10, 2, 8)
    assert court.move("chair", "resume").due_at == moment(10, 3, 22, 30)
    assert court.case.ring_at == moment(10, 2, 16, 30)  # half of 60 hours before
    assert clean() == []
