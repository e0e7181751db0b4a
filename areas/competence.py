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
    """The body for a matter of `area` at `level` or above. Raises NobodySits when the whole way up is vacant."""
    paths = [area.path[: Area.steplen * depth] for depth in range(min(level, area.level), 0, -1)]
    bodies = list(Body.objects.sitting(at).filter(area__path__in=paths).select_related("area"))
    if not bodies:
        raise NobodySits(f"No body sits for {area} at the time.")
    nearest = max(bodies, key=lambda body: (body.area.level, -body.pk))
    return Ruling(nearest, tuple(Level(n) for n in range(min(level, area.level), nearest.area.level, -1)))
