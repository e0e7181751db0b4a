"""An officer who is away from Friday the 20th to Sunday the 29th of November, and the colleague who acts meanwhile."""

import datetime as dt

from areas.calendar import end_of
from people import deputies
from tests import build

DAY = dt.timedelta(days=1)
FIRST = end_of(dt.date(2026, 11, 19))
LAST = end_of(dt.date(2026, 11, 29))


def office(user):
    return user.appointments.get(acting_for=None)


def depute(absent, deputy, by=None, *, since=FIRST, until=LAST, at=build.AT):
    return deputies.depute(office(absent), deputy=deputy, since=since, until=until, by=by or absent, at=at)
