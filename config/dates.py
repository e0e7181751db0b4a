"""Instants in the words of the house: the day with its weekday, the year only when it is not this one."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext, pgettext_lazy

WEEKDAYS = (
    pgettext_lazy("beside a date", "Mon"),
    pgettext_lazy("beside a date", "Tue"),
    pgettext_lazy("beside a date", "Wed"),
    pgettext_lazy("beside a date", "Thu"),
    pgettext_lazy("beside a date", "Fri"),
    pgettext_lazy("beside a date", "Sat"),
    pgettext_lazy("beside a date", "Sun"),
)
MIDNIGHT = dt.time()


def day(when: dt.date, *, at: dt.datetime) -> str:
    """An instant is first brought to local time; a plain date is taken as it is. `at` says which year is this one."""
    local = timezone.localtime(when) if isinstance(when, dt.datetime) else when
    this_year = local.year == timezone.localtime(at).year
    pattern = pgettext("date of this year", "j M") if this_year else pgettext("date of another year", "j M Y")
    return gettext("%(weekday)s %(date)s") % {
        "weekday": WEEKDAYS[local.weekday()],
        "date": date_format(local, pattern),
    }


def moment(when: dt.datetime, *, at: dt.datetime) -> str:
    """The day and the time of day."""
    return gettext("%(day)s %(time)s") % {"day": day(when, at=at), "time": timezone.localtime(when).strftime("%H:%M")}


def deadline(due_at: dt.datetime, *, at: dt.datetime) -> str:
    """A term that ends with a day is stored as the next day's 00:00 and read as the day itself, until its 24:00."""
    if timezone.localtime(due_at).time() == MIDNIGHT:
        return day(due_at - dt.timedelta(microseconds=1), at=at)
    return moment(due_at, at=at)
