"""The half and the four fifths of a step's time against a slow, obvious count of every minute."""

import datetime as dt
import functools
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from areas import policy
from areas.models import Body
from ledger.actors import SYSTEM
from ledger.models import Event
from people.models import Appointment, User
from proposals import clock, lifecycle
from proposals.models import Proposal
from proposals.states import State
from tests.proposals.court import Court

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
WORDS = {"text": "等检测报告"}
FIRST, LAST = dt.datetime.fromisoformat("2025-01-01"), dt.datetime.fromisoformat("2027-12-31T23:59:59")


# ── the slow way: times are those of the wall clock in Chengdu ───────────────


@functools.cache
def works(day: dt.date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def counts(minute: dt.datetime, unit: str) -> bool:
    return unit != "workday" or works(minute.date())


def passed(start: dt.datetime, end: dt.datetime, unit: str) -> int:
    """How many minutes that count begin in [start, end)."""
    found = 0
    while start < end:
        found += counts(start, unit)
        start += MINUTE
    return found


def tonight(at: dt.datetime) -> dt.datetime:
    """24:00 of the day, where counting in days begins."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


def end_of(at: dt.datetime, minutes: int, unit: str) -> dt.datetime:
    """When so many minutes that count are over; calendar days do not end on a day off."""
    at = at if unit == "hour" else tonight(at)
    while minutes:
        minutes -= counts(at, unit)
        at += MINUTE
    while unit == "day" and not works((at - MINUTE).date()):
        at += DAY
    return at


@dataclass(frozen=True)
class Slow:
    """A running step: until when, and how many counted minutes it has had until then since it began."""

    unit: str
    due: dt.datetime
    whole: int

    @classmethod
    def begin(cls, at: dt.datetime, n: int, unit: str, before: int = 0) -> "Slow":
        """before: counted minutes that it has had already. n: days, or minutes where the unit is the hour."""
        due = end_of(at, n if unit == "hour" else n * 1440, unit)
        return cls(unit, due, before + passed(at if unit == "hour" else tonight(at), due, unit))

    def extended(self, n: int) -> "Slow":
        last_day = self.due if self.unit == "hour" else self.due - MINUTE
        longer = Slow.begin(last_day, n, self.unit)
        return replace(longer, whole=self.whole + passed(self.due, longer.due, self.unit))

    def left(self, at: dt.datetime) -> int:
        """Days after today, or minutes."""
        if self.unit == "hour":
            return passed(at, self.due, self.unit)
        return passed(tonight(at), self.due, self.unit) // 1440

    def resumed(self, left: int, at: dt.datetime) -> "Slow":
        had = self.whole - left * (1 if self.unit == "hour" else 1440)
        return Slow.begin(at, left, self.unit, had)

    def said_at(self, share: int) -> dt.datetime:
        """The last instant from which the rest of the counted minutes is still to come."""
        at, rest = self.due, self.whole * (100 - share) // 100
        while rest:
            at -= MINUTE
            rest -= counts(at, self.unit)
        return at


# ── one step in the platform beside the slow one ─────────────────────────────


@dataclass
class Race:
    """Both clocks of one step, swept before each act; what each of them said when, at the earliest possible instant."""

    chair: User
    slow: Slow
    since: dt.datetime
    expected: list[dt.datetime] = field(default_factory=list)
    found: list[dt.datetime] = field(default_factory=list)

    def run_until(self, end: dt.datetime) -> None:
        """Let time pass: the warnings whose instant comes until then are said."""
        instants = [self.slow.said_at(share) for share in (50, 80)][len(self.expected) :]
        self.expected += [max(at, self.since) for at in instants if at <= end]
        while (case := row()).stage < 2 and local(case.ring_at) <= end:
            rings = max(local(case.ring_at), self.since)
            clock.sweep(rings.replace(tzinfo=SHANGHAI))
            self.found += [rings] * (min(row().stage, 2) - case.stage)

    def act(self, verb: str, at: dt.datetime, **facts: Any) -> None:
        self.since = at
        lifecycle.move(row(), verb, by=self.chair, at=at.replace(tzinfo=SHANGHAI), **facts)

    def somewhen(self, share: float) -> dt.datetime:
        """An instant before the due one."""
        return self.since + (self.slow.due - self.since) * share


def row() -> Proposal:
    return Proposal.objects.select_related("area", "owner__area", "left_owner__area").get()


def local(at: dt.datetime) -> dt.datetime:
    return at.astimezone(SHANGHAI).replace(tzinfo=None)


def extend(race: Race, at: dt.datetime, n: int, size: float) -> None:
    more = 1 + int((n - 1) * size)
    race.act("extend", at, reason="complex", days=more, texts=WORDS)
    race.slow = race.slow.extended(more * 60 if race.slow.unit == "hour" else more)


def suspend(race: Race, at: dt.datetime, n: int, size: float) -> None:
    race.act("suspend", at, reason="expertise", texts=WORDS)
    left, again = race.slow.left(at), at + 25 * DAY * size
    race.act("resume", again)
    race.slow = race.slow.resumed(left, again)


@pytest.fixture
def chair(db) -> User:
    """Of a court whose offices are held since long before 2025, with a case that collects endorsements."""
    court = Court()
    court.to(State.ENDORSING)
    long_ago = dt.datetime(2024, 1, 1, tzinfo=SHANGHAI)
    Appointment.objects.update(since=long_ago)
    Body.objects.update(sat_from=long_ago)
    return court.people["chair"]


periods = st.one_of(
    st.tuples(st.sampled_from(["workday", "day"]), st.integers(1, 9)), st.tuples(st.just("hour"), st.integers(1, 150))
)
parts = st.floats(0, 0.999)
acts = st.lists(st.tuples(st.sampled_from([extend, suspend]), parts, parts), max_size=2, unique_by=lambda act: act[0])


@given(period=periods, entered=st.datetimes(FIRST, LAST), acts=acts)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_half_and_the_four_fifths_are_where_a_count_of_every_minute_finds_them(
    chair: User, period: tuple[str, int], entered: dt.datetime, acts: list[Any]
) -> None:
    unit, n = period
    begun = entered.replace(tzinfo=SHANGHAI)
    with transaction.atomic():
        policy.assign(row().area, "case.time.screening", {"n": n, "unit": unit}, by=SYSTEM, at=begun)
        lifecycle.move(row(), "qualify", by=SYSTEM, at=begun, households=5)
        race = Race(chair, Slow.begin(entered, n * 60 if unit == "hour" else n, unit), entered)
        for act, share, size in acts:
            at = race.somewhen(share)
            race.run_until(at)
            act(race, at, n, size)
        race.run_until(race.slow.due)
        assert (local(row().due_at), race.found) == (race.slow.due, race.expected)
        said = Event.objects.filter(kind__in=["case.half_time", "case.time_short"]).order_by("number")
        assert list(said.values_list("kind", flat=True)) == ["case.half_time", "case.time_short"]
        transaction.set_rollback(True)
