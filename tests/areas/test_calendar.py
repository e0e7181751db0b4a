"""Deadlines as domain.md §3 has them: working days with holidays and make-up days, ending at 24:00 in Chengdu."""

import datetime as dt
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from areas import calendar
from areas.calendar import Due

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)
LAST_KNOWN_YEAR = max(chinese_calendar.constants.holidays).year

# The State Council's notice for 2026, as days: from, to (both off), and the days worked instead.
OFF = [((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21)), ((9, 25), (9, 27)),
       ((10, 1), (10, 7))]  # fmt: skip
INSTEAD = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]


def day(month, date, year=2026):
    return dt.date(year, month, date)


def moment(month, date, hour=10, minute=0, year=2026):
    return dt.datetime(year, month, date, hour, minute, tzinfo=SHANGHAI)


def midnight_after(month, date, year=2026):
    """24:00 of the day."""
    return moment(month, date, 0, year=year) + DAY


def due(last, days, *, year=2026, provisional=False):
    """Time that is up at 24:00 of (month, day), so many days of it counted."""
    return Due(midnight_after(*last, year=year), provisional, days * 1440)


def works(date):
    """By the notice, day by day: the slow and obvious way."""
    if date in [day(*worked) for worked in INSTEAD]:
        return True
    return date.weekday() < 5 and not any(day(*first) <= date <= day(*last) for first, last in OFF)


YEAR = [day(1, 1) + n * DAY for n in range(365)]
WORKED = [date for date in YEAR if works(date)]
NEW_YEAR, AUTUMN = dt.datetime.fromisoformat("2026-01-05"), dt.datetime.fromisoformat("2026-11-01")
instants = st.datetimes(NEW_YEAR, AUTUMN, timezones=st.sampled_from([SHANGHAI, dt.UTC]))


# ── vectors ──────────────────────────────────────────────────────────────────


def test_a_seven_day_notice_that_would_end_in_the_holiday_ends_after_it():
    assert calendar.add_days(moment(9, 28), 7) == due((10, 8), 10)


def test_three_working_days_skip_the_festival_and_the_weekend():
    assert calendar.add_workdays(moment(9, 24), 3) == due((9, 30), 3)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (moment(10, 9), 1, (10, 10)),  # Friday → the Saturday worked for the National Day
        (moment(9, 18), 1, (9, 20)),  # Friday → Sunday
        (moment(2, 13), 1, (2, 14)),  # the Saturday before the Spring Festival
        (moment(2, 13), 2, (2, 24)),  # … and then nine days off
        (moment(2, 27), 1, (2, 28)),
        (moment(5, 8), 1, (5, 9)),
        (moment(11, 18), 0, (11, 18)),
        (moment(11, 20), 1, (11, 23)),  # an ordinary weekend
    ],
)
def test_make_up_days_are_worked(start, days, end):
    assert calendar.add_workdays(start, days) == due(end, days)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (moment(10, 3), 7, (10, 10)),  # the last day is a Saturday that is worked
        (moment(11, 14), 7, (11, 23)),  # Saturday → Monday
        (moment(11, 16), 7, (11, 23)),
        (moment(4, 27), 7, (5, 6)),
        (moment(11, 18), 0, (11, 18)),
    ],
)
def test_calendar_days_end_on_a_day_that_is_worked(start, days, end):
    assert calendar.add_days(start, days) == due(end, (day(*end) - start.date()).days)


# ── the edge of a day ────────────────────────────────────────────────────────


def test_the_day_of_the_event_does_not_count_however_late_it_is():
    last, first = moment(11, 18, 0) + DAY - dt.timedelta.resolution, moment(11, 19, 0)
    for add in (calendar.add_days, calendar.add_workdays):
        assert (add(last, 1).at, add(first, 1).at) == (midnight_after(11, 19), midnight_after(11, 20))


def test_the_day_is_that_of_chengdu():
    late = dt.datetime(2026, 11, 18, 16, 0, tzinfo=dt.UTC)  # already the 19th there
    assert calendar.local_date(late) == day(11, 19)
    assert calendar.local_date(late - dt.timedelta.resolution) == day(11, 18)
    assert calendar.add_workdays(late, 1).at == midnight_after(11, 20)


def test_a_deadline_is_the_instant_after_its_last_day():
    assert calendar.end_of(day(11, 18)) == dt.datetime(2026, 11, 18, 16, 0, tzinfo=dt.UTC)
    assert calendar.end_of(day(12, 31)) == dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (moment(11, 18), midnight_after(11, 18), 0),  # 24:00 belongs to the day before
        (moment(11, 18), midnight_after(11, 18) + dt.timedelta.resolution, 1),
        (moment(11, 18), moment(11, 18, 18), 0),
        (moment(11, 18), moment(11, 19, 8), 1),
        (moment(9, 24), midnight_after(9, 30), 3),
        (moment(9, 18), moment(9, 20, 12), 1),
        (moment(11, 19, 8), moment(11, 18), -1),
        (moment(11, 18), moment(11, 18), 0),
    ],
)
def test_working_days_between_two_instants(start, end, count):
    assert calendar.workdays_between(start, end) == count


# ── beyond the known years ───────────────────────────────────────────────────


def test_beyond_the_known_years_weekdays_count_and_the_date_is_provisional():
    assert calendar.add_workdays(moment(1, 2, year=2099), 1) == due((1, 5), 1, year=2099, provisional=True)
    assert calendar.add_days(moment(1, 2, year=2099), 1) == due((1, 5), 3, year=2099, provisional=True)
    assert calendar.is_workday(day(1, 3, year=2099)) == (False, True)  # a Saturday
    assert calendar.workdays_between(moment(1, 2, year=2099), moment(1, 7, year=2099)) == 3


def test_one_day_in_an_unknown_year_makes_the_whole_count_provisional():
    evening = moment(12, 31, 20, year=LAST_KNOWN_YEAR)
    assert calendar.add_workdays(evening - 20 * DAY, 3).provisional is False
    assert calendar.add_workdays(evening, 1).provisional is True
    assert calendar.add_workdays(evening - 3 * DAY, 5).provisional is True


def test_what_is_known_is_not_provisional():
    assert [calendar.is_workday(date) for date in YEAR] == [(works(date), False) for date in YEAR]


# ── hours and periods ────────────────────────────────────────────────────────


def test_hours_run_through_nights_and_holidays():
    assert calendar.add_period(moment(9, 30, 23, 30), {"n": 2, "unit": "hour"}) == Due(moment(10, 1, 1, 30), False, 120)
    assert calendar.add_period(moment(9, 30, 23, 30), {"n": 45, "unit": "minute"}) == Due(
        moment(10, 1, 0, 15), False, 45
    )
    far = moment(1, 1, year=2099)
    assert calendar.add_period(far, {"n": 24, "unit": "hour"}) == Due(far + DAY, False, 1440)


def test_a_period_names_its_unit():
    at = moment(9, 24)
    assert calendar.add_period(at, {"n": 3, "unit": "workday"}) == calendar.add_workdays(at, 3)
    assert calendar.add_period(at, {"n": 3, "unit": "day"}) == calendar.add_days(at, 3)
    with pytest.raises(ValueError, match="fortnight"):
        calendar.add_period(at, {"n": 3, "unit": "fortnight"})


# ── against the obvious computation ──────────────────────────────────────────


def after(date):
    return [worked for worked in WORKED if worked > date]


def end(date):
    return dt.datetime.combine(date, dt.time(), SHANGHAI) + DAY


@given(instants, st.integers(1, 20))
@settings(deadline=None)
def test_adding_working_days_is_counting_them_off(at, days):
    found = calendar.add_workdays(at, days)
    assert found == Due(end(after(at.astimezone(SHANGHAI).date())[days - 1]), False, days * 1440)
    assert calendar.workdays_between(at, found.at) == days
    assert calendar.workdays_between(found.at, at) == -days


@given(instants, st.integers(1, 30))
@settings(deadline=None)
def test_adding_days_is_taking_the_first_worked_day_from_there(at, days):
    today = at.astimezone(SHANGHAI).date()
    last = after(today + (days - 1) * DAY)[0]
    assert calendar.add_days(at, days) == Due(end(last), False, (last - today).days * 1440)


@given(instants, instants)
@settings(deadline=None)
def test_counting_between_is_counting_off_the_calendar(one, other):
    start, stop = sorted((one, other))
    first, last = (instant.astimezone(SHANGHAI).date() for instant in (start, stop - dt.timedelta.resolution))
    assert calendar.workdays_between(start, stop) == len([date for date in WORKED if first < date <= last])
