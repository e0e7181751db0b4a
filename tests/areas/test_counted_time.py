"""Counted time against the obvious way: looking at every single minute, whether it counts."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from areas import calendar
from areas.calendar import Due

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
START = dt.date(2025, 1, 1)
LAST_KNOWN_YEAR = max(chinese_calendar.constants.holidays).year
UNITS = ("workday", "day", "hour", "minute")


# ── minute by minute; instants are numbers of minutes since the start of 2025 ─


def works(date):
    if date in chinese_calendar.constants.workdays:
        return True
    return date.weekday() < 5 and date not in chinese_calendar.constants.holidays


WORKS = [works(START + n * DAY) for n in range(4 * 365)]


def works_at(minute):
    return WORKS[minute // 1440]


def counts(minute, unit):
    return unit != "workday" or works_at(minute)


def slowly_counted(start, end, unit):
    return sum(counts(minute, unit) for minute in range(start, end))


def slowly_before(due, unit, minutes):
    while minutes:
        due -= 1
        minutes -= counts(due, unit)
    return due


def midnight(minute):
    """The next one."""
    while True:
        minute += 1
        if minute % 1440 == 0:
            return minute


def slowly_passed(start, unit, minutes):
    """The first minute before which so many have counted."""
    while minutes:
        minutes -= counts(start, unit)
        start += 1
    return start


def slowly_added(start, n, unit):
    """When a period is up, and how many minutes count in it."""
    if unit in ("hour", "minute"):
        minutes = n * 60 if unit == "hour" else n
        return start + minutes, minutes
    start = midnight(start)
    end = slowly_passed(start, unit, n * 1440)
    while unit == "day" and not works_at(end - 1):
        end = midnight(end)
    return end, slowly_counted(start, end, unit)


def instant(minute):
    return (dt.datetime.combine(START, dt.time(), SHANGHAI) + minute * MINUTE).astimezone(dt.UTC)


def minute(at):
    whole, rest = divmod(at - instant(0), MINUTE)
    assert not rest
    return whole


def day_of(date):
    return (date - START).days * 1440


FESTIVALS = [day_of(dt.date(*date)) for date in ((2025, 1, 24), (2025, 9, 26), (2026, 2, 12), (2026, 9, 18))]
years = st.integers(0, 3 * 365 * 1440)  # 2025 to 2027
festivals = st.builds(int.__add__, st.sampled_from(FESTIVALS), st.integers(0, 25 * 1440))
midnights = st.integers(1, 3 * 365).map(lambda n: n * 1440)
minutes = years | festivals | midnights
units = st.sampled_from(UNITS)
spans = st.integers(0, 30 * 1440)
few = st.integers(0, 15)
FIRST, LAST = dt.datetime.fromisoformat("2025-01-01"), dt.datetime.fromisoformat("2027-12-01")
fine = st.datetimes(FIRST, LAST, timezones=st.sampled_from([SHANGHAI, dt.UTC]))
quick = settings(deadline=None, max_examples=100)


# ── vectors ──────────────────────────────────────────────────────────────────


def moment(month, date, hour=0, minute=0, second=0, year=2026):
    return dt.datetime(year, month, date, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end", "unit", "count"),
    [
        (moment(9, 30, 12), moment(10, 8, 6), "workday", (12 + 6) * 60),  # seven days off between them
        (moment(9, 30, 12), moment(10, 8, 6), "day", (12 + 7 * 24 + 6) * 60),
        (moment(10, 3), moment(10, 6), "workday", 0),
        (moment(10, 10, 1), moment(10, 10, 2), "workday", 60),  # a Saturday that is worked
        (moment(11, 18, 10, 0, 30), moment(11, 18, 10, 2, 29), "hour", 1),
        (moment(11, 20, 23, 59, 30), moment(11, 23, 0, 0, 29), "workday", 0),  # 59 seconds around a weekend
        (moment(11, 20, 23, 59, 30), moment(11, 23, 0, 0, 30), "workday", 1),
        (moment(11, 19), moment(11, 18), "workday", -1440),
        (moment(11, 18), moment(11, 18), "minute", 0),
    ],
)
def test_what_counts_between_two_instants(start, end, unit, count):
    assert calendar.counted(start, end, unit) == count
    assert calendar.counted(end, start, unit) == -count


@pytest.mark.parametrize(
    ("due", "unit", "minutes", "at"),
    [
        (moment(10, 9), "workday", 1440, moment(10, 8)),
        (moment(10, 9), "workday", 1441, moment(9, 30, 23, 59)),
        (moment(10, 8), "workday", 0, moment(10, 8)),  # nothing to count: not the start of the holiday
        (moment(10, 8), "workday", 60, moment(9, 30, 23)),
        (moment(10, 8), "day", 60, moment(10, 7, 23)),
        (moment(10, 4, 12), "workday", 60, moment(9, 30, 23)),
    ],
)
def test_the_last_instant_before_which_enough_is_left(due, unit, minutes, at):
    assert calendar.before(due, unit, minutes) == at


def test_half_and_four_fifths_of_five_working_days_over_the_national_day():
    due = calendar.add_period(moment(9, 28, 15), {"n": 5, "unit": "workday"})
    assert due == Due(moment(10, 11), False, 7200)  # 29, 30 September; 8, 9, 10 October
    assert calendar.before(due.at, "workday", due.minutes * 50 // 100) == moment(10, 8, 12)
    assert calendar.before(due.at, "workday", due.minutes * 20 // 100) == moment(10, 10)


@pytest.mark.parametrize(
    ("due", "days", "end"),
    [
        (moment(11, 19), 1, moment(11, 20)),  # it ended with the 18th
        (moment(11, 19), 0, moment(11, 19)),
        (moment(11, 18, 12), 1, moment(11, 20)),
        (moment(10, 1), 1, moment(10, 9)),
        (moment(10, 1), 3, moment(10, 11)),
        (moment(11, 21), 10, moment(12, 5)),
    ],
)
def test_the_ladder_counts_from_the_last_day_of_the_deadline(due, days, end):
    assert calendar.workdays_after_due(due, days) == end


@pytest.mark.parametrize(
    ("at", "due", "unit", "left"),
    [
        (moment(9, 30, 9), moment(10, 11), "workday", (3, "workday")),
        (moment(10, 3, 9), moment(10, 11), "workday", (3, "workday")),
        (moment(10, 10, 9), moment(10, 11), "workday", (0, "workday")),
        (moment(11, 18, 9), moment(11, 21), "day", (2, "day")),
        (moment(11, 20, 9), moment(11, 21), "day", (0, "day")),
        (moment(11, 18, 9), moment(11, 18, 11), "hour", (120, "minute")),
        (moment(11, 18, 9, 0, 1), moment(11, 18, 11), "hour", (120, "minute")),
        (moment(11, 18, 9, 1), moment(11, 18, 11), "minute", (119, "minute")),
        *((moment(11, 25, 9), moment(11, 21), unit, (0, unit)) for unit in ("workday", "day", "minute")),
    ],
)
def test_what_is_left_when_a_clock_stops(at, due, unit, left):
    assert calendar.remaining(at, due, unit) == dict(zip(("n", "unit"), left, strict=True))


def test_a_clock_with_nothing_left_ends_with_the_day_on_which_it_goes_on():
    assert calendar.add_period(moment(11, 18, 9), {"n": 0, "unit": "workday"}) == Due(moment(11, 19), False, 0)
    assert calendar.add_period(moment(11, 18, 9), {"n": 0, "unit": "day"}) == Due(moment(11, 19), False, 0)
    assert calendar.add_period(moment(11, 21, 9), {"n": 0, "unit": "day"}) == Due(moment(11, 24), False, 2 * 1440)


@pytest.mark.parametrize(
    ("due", "n", "unit", "end", "minutes"),
    [
        (moment(10, 1), 2, "workday", moment(10, 10), 2 * 1440),
        (moment(10, 1), 2, "day", moment(10, 9), 8 * 1440),  # the second day is off
        (moment(11, 19), 2, "day", moment(11, 21), 2 * 1440),
        (moment(11, 19), 2, "hour", moment(11, 19, 2), 120),
        (moment(11, 19), 30, "minute", moment(11, 19, 0, 30), 30),
        (moment(11, 18, 18), 1, "workday", moment(11, 20), (6 + 24) * 60),  # … and the rest of the last day
        (moment(11, 19), 0, "workday", moment(11, 19), 0),
    ],
)
def test_a_deadline_is_moved_from_its_last_day(due, n, unit, end, minutes):
    assert calendar.extend(due, {"n": n, "unit": unit}) == Due(end, False, minutes)


def test_beyond_the_known_years_an_extension_is_provisional():
    due = moment(1, 1, year=LAST_KNOWN_YEAR + 1)
    found = calendar.extend(due, {"n": 1, "unit": "workday"})
    assert (found.provisional, found.minutes) == (True, 1440)


# ── against every minute ─────────────────────────────────────────────────────


@given(minutes, spans, units)
@quick
def test_counted_is_every_minute_that_counts(start, span, unit):
    assert calendar.counted(instant(start), instant(start + span), unit) == slowly_counted(start, start + span, unit)


@given(
    minutes.filter(lambda due: due > 60 * 1440),
    units,
    st.integers(0, 20 * 1440) | st.integers(0, 20).map((1440).__mul__),
)
@quick
def test_before_is_found_by_walking_back(due, unit, left):
    assert minute(calendar.before(instant(due), unit, left)) == slowly_before(due, unit, left)


@given(minutes, few, units)
@example(day_of(dt.date(2026, 10, 2)), 0, "day")
@quick
def test_a_period_is_up_when_its_minutes_have_passed(start, n, unit):
    due = calendar.add_period(instant(start), {"n": n, "unit": unit})
    assert (minute(due.at), due.minutes) == slowly_added(start, n, unit)
    looked_up = unit == "day" or (unit == "workday" and n > 0)
    assert due.provisional is (looked_up and calendar.last_day(due.at).year > LAST_KNOWN_YEAR)


@given(minutes.filter(bool), few, units)
@quick
def test_an_extension_goes_on_where_the_deadline_was(due, n, unit):
    by_days = unit in ("workday", "day")
    found = calendar.extend(instant(due), {"n": n, "unit": unit})
    end, _minutes = slowly_added(due - 1, n, unit) if by_days else slowly_added(due, n, unit)
    assert (minute(found.at), found.minutes) == (end, slowly_counted(due, end, unit))


# ── round trips, at any instant ──────────────────────────────────────────────


@given(fine, units, st.integers(0, 40 * 1440))
@quick
def test_exactly_so_much_counts_from_the_instant_before(due, unit, left):
    at = calendar.before(due, unit, left)
    assert calendar.counted(at, due, unit) == left
    if left:
        assert calendar.counted(at + dt.timedelta.resolution, due, unit) == left - 1


@given(fine, few, units)
@quick
def test_the_minutes_of_a_period_are_those_that_count_in_it(at, n, unit):
    due = calendar.add_period(at, {"n": n, "unit": unit})
    first = at if unit in ("hour", "minute") else calendar.end_of(calendar.local_date(at))
    assert calendar.counted(first, due.at, unit) == due.minutes
    assert calendar.before(due.at, unit, due.minutes) >= first


@given(fine, fine, fine, units)
@quick
def test_what_counts_adds_up(one, two, three, unit):
    start, middle, end = sorted((one, two, three))
    parts = calendar.counted(start, middle, unit) + calendar.counted(middle, end, unit)
    assert calendar.counted(start, end, unit) - parts in (0, 1)


@given(fine, st.integers(1, 15), st.floats(0, 1.2), st.integers(0, 60 * 1440), units)
@quick
def test_a_clock_that_stood_still_loses_nothing(at, n, share, pause, unit):
    due = calendar.add_period(at, {"n": n, "unit": unit}).at
    stop = at + (due - at) * share
    left = calendar.remaining(stop, due, unit)
    again = stop + pause * MINUTE
    resumed = calendar.add_period(again, left).at
    if unit == "workday":
        assert calendar.workdays_between(again, resumed) == max(calendar.workdays_between(stop, due), 0)
    if unit in ("hour", "minute"):
        assert resumed - again >= due - stop
    if unit == "day":
        assert calendar.local_date(resumed) - calendar.local_date(again) >= calendar.last_day(
            due
        ) - calendar.local_date(stop)


# ── speed ────────────────────────────────────────────────────────────────────


def test_three_years_are_counted_by_days_and_not_by_minutes():
    start, end = moment(1, 1, year=2025), moment(1, 1, year=2028)
    began = time.process_time()
    for _ in range(20):
        worked = calendar.counted(start, end, "workday")
        assert calendar.before(end, "workday", worked) >= start
    assert time.process_time() - began < 2
