"""Who is competent: the sitting body of a level, or of the next level above that has one."""

import datetime as dt
from dataclasses import dataclass

from .models import Area, Body, Level


@dataclass(frozen=True)
class Ruling:
    """The body that takes the matter, and the levels passed over because nobody sits there."""

    body: Body
    passed: tuple[Level, ...]


class NobodySits(LookupError):
    """No level up to the district has a sitting body."""


def competent(area: Area, level: int, at: dt.datetime) -> Ruling:
    """The body for a matter of `area` at `level` or above; of two in one area, the one that was there first.

    One query. Raises NobodySits when the whole way up is vacant.
    """
    asked = min(level, area.level)
    bodies = Body.objects.sitting(at).filter(area__path__in=area.lineage_paths[:asked]).select_related("area")
    nearest = max(bodies, key=lambda body: (body.area.level, -body.pk), default=None)
    if nearest is None:
        raise NobodySits(f"No body sits for {area} at {at}.")
    return Ruling(nearest, tuple(Level(n) for n in range(asked, nearest.area.level, -1)))
