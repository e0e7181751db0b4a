"""Working days with holidays and make-up days, and deadlines as instants (Civil Code §201–203; day rules end at 24:00).

The day of the event does not count. A deadline is the first instant after its last day, Asia/Shanghai.
Time that counts is measured in minutes: of a period in working days every minute of a working day counts, from 0:00 to
24:00, of every other period all minutes count.
"""

import datetime as dt
import functools
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
INSTANT = dt.timedelta.resolution
DAY_MINUTES = DAY // MINUTE


@dataclass(frozen=True)
class Due:
    """at: the instant when time is up; provisional: it rests on a year whose holidays are not yet known.

    minutes: what counts of the whole period.
    """

    at: dt.datetime
    provisional: bool
    minutes: int


def local_date(at: dt.datetime) -> dt.date:
    return at.astimezone(SHANGHAI).date()


@functools.cache
def is_workday(day: dt.date) -> tuple[bool, bool]:
    """(whether people work on that day, whether that is only assumed from the weekday)."""
    import chinese_calendar

    try:
        return chinese_calendar.is_workday(day), False
    except NotImplementedError:
        return day.weekday() < 5, True


def end_of(day: dt.date) -> dt.datetime:
    """24:00 of that day."""
    return dt.datetime.combine(day + DAY, dt.time(), SHANGHAI).astimezone(dt.UTC)


def last_day(due_at: dt.datetime) -> dt.date:
    """The day at whose end a deadline is, or in which it falls."""
    return local_date(due_at - INSTANT)


def add_workdays(at: dt.datetime, days: int) -> Due:
    """The end of the n-th working day after the day of `at`."""
    day, provisional, left = local_date(at), False, days
    while left > 0:
        day += DAY
        works, assumed = is_workday(day)
        provisional |= assumed
        left -= works
    return Due(end_of(day), provisional, days * DAY_MINUTES)


def add_days(at: dt.datetime, days: int) -> Due:
    """The end of the n-th calendar day after the day of `at`; a last day off moves to the next working day."""
    today = local_date(at)
    day = today + days * DAY
    works, provisional = is_workday(day)
    while not works:
        day += DAY
        works, assumed = is_workday(day)
        provisional |= assumed
    return Due(end_of(day), provisional, (day - today) // MINUTE)


def workdays_between(start: dt.datetime, end: dt.datetime) -> int:
    """Working days after the day of `start`, up to and with the day on which `end` falls; negative when end is earlier.

    `end` at 00:00 is the 24:00 of the day before.
    """
    if end < start:
        return -workdays_between(end, start)
    day, last, count = local_date(start), last_day(end), 0
    while day < last:
        day += DAY
        count += is_workday(day)[0]
    return count


def add_period(at: dt.datetime, period: dict[str, Any]) -> Due:
    """A policy's period: {"n": 5, "unit": "workday" | "day" | "hour" | "minute"}; 0 days end with the day of `at`."""
    n = period["n"]
    match period["unit"]:
        case "workday":
            return add_workdays(at, n)
        case "day":
            return add_days(at, n)
        case "hour":
            return Due(at + dt.timedelta(hours=n), False, n * 60)
        case "minute":
            return Due(at + n * MINUTE, False, n)
    raise ValueError(f"A period counts workday, day, hour or minute, not {period['unit']!r}.")


# ── counted time ─────────────────────────────────────────────────────────────


def counted(start: dt.datetime, end: dt.datetime, unit: str) -> int:
    """Whole minutes of [start, end) that count for a period of this unit; negative when end is earlier."""
    if end < start:
        return -counted(end, start, unit)
    return (_worked(start, end) if unit == "workday" else end - start) // MINUTE


def before(due_at: dt.datetime, unit: str, minutes: int) -> dt.datetime:
    """The last instant from which exactly so many minutes count until `due_at`."""
    at, left = due_at, minutes * MINUTE
    if unit != "workday":
        return at - left
    while left:
        day = last_day(at)
        counts = min(left, at - _begin(day)) if is_workday(day)[0] else dt.timedelta()
        left -= counts
        at = at - counts if counts else _begin(day)
    return at


def workdays_after_due(due_at: dt.datetime, days: int) -> dt.datetime:
    """The end of the n-th working day after the last day of a deadline."""
    return add_workdays(due_at - INSTANT, days).at


def remaining(at: dt.datetime, due_at: dt.datetime, unit: str) -> dict[str, Any]:
    """The period that is left when a clock stops; `add_period` lets it go on. What is left of today is not in it."""
    match unit:
        case "workday":
            left = workdays_between(at, due_at)
        case "day":
            left = (last_day(due_at) - local_date(at)).days
        case _:
            unit, left = "minute", -((at - due_at) // MINUTE)
    return {"n": max(left, 0), "unit": unit}


def extend(due_at: dt.datetime, period: dict[str, Any]) -> Due:
    """A deadline moved by a further period, whose days follow its last day; minutes: only what was added."""
    by_days = period["unit"] in ("workday", "day")
    due = add_period(due_at - INSTANT if by_days else due_at, period)
    return replace(due, minutes=counted(due_at, due.at, period["unit"]))


def _begin(day: dt.date) -> dt.datetime:
    return end_of(day - DAY)


def _worked(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """How much of [start, end) lies on working days."""
    time, day = dt.timedelta(), local_date(start)
    while start < end:
        stop = min(end_of(day), end)
        if is_workday(day)[0]:
            time += stop - start
        start, day = stop, day + DAY
    return time
