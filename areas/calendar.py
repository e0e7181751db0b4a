"""Working days with holidays and make-up days, and deadlines as instants (Civil Code §201–203; day rules end at 24:00).

The day of the event does not count. A deadline is the first instant after its last day, Asia/Shanghai.
"""

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """at: the instant when time is up; provisional: it rests on a year whose holidays are not yet known."""

    at: dt.datetime
    provisional: bool


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


def add_workdays(at: dt.datetime, days: int) -> Due:
    """The end of the n-th working day after the day of `at`."""
    day, provisional = local_date(at), False
    while days > 0:
        day += DAY
        works, assumed = is_workday(day)
        provisional |= assumed
        days -= works
    return Due(end_of(day), provisional)


def add_days(at: dt.datetime, days: int) -> Due:
    """The end of the n-th calendar day after the day of `at`; a last day off moves to the next working day."""
    day = local_date(at) + days * DAY
    works, provisional = is_workday(day)
    while not works:
        day += DAY
        works, assumed = is_workday(day)
        provisional |= assumed
    return Due(end_of(day), provisional)


def workdays_between(start: dt.datetime, end: dt.datetime) -> int:
    """Working days after the day of `start`, up to and with the day on which `end` falls; negative when end is earlier.

    `end` at 00:00 is the 24:00 of the day before.
    """
    if end < start:
        return -workdays_between(end, start)
    day, last, count = local_date(start), local_date(end - dt.timedelta(microseconds=1)), 0
    while day < last:
        day += DAY
        count += is_workday(day)[0]
    return count


def add_period(at: dt.datetime, period: dict[str, Any]) -> Due:
    """A policy's period: {"n": 5, "unit": "workday" | "day" | "hour"}."""
    match period["unit"]:
        case "workday":
            return add_workdays(at, period["n"])
        case "day":
            return add_days(at, period["n"])
        case "hour":
            return Due(at + dt.timedelta(hours=period["n"]), False)
    raise ValueError(f"A period counts workday, day or hour, not {period['unit']!r}.")
