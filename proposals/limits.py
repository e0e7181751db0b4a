"""How long each state may last and how many households must endorse: policy keys with defaults (domain.md §6)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from areas import calendar, policy
from areas.models import Area, Level
from areas.policy import Key

from .states import State


def _days(n: int, unit: str = "day") -> dict[str, Any]:
    return {"n": n, "unit": unit}


# What differs by level has a key for each: a community's own value must not reach its courtyards.
HOUSEHOLDS = {Level.COURTYARD: 5, Level.COMMUNITY: 20, Level.STREET: 50, Level.DISTRICT: 100}
ANSWER = {
    Level.COURTYARD: _days(10, "workday"),
    Level.COMMUNITY: _days(10, "workday"),
    Level.STREET: _days(15, "workday"),
    Level.DISTRICT: _days(30),
}


def _by_level(name: str, level: int) -> str:
    return f"{name}.{Level(level).name.lower()}"


KEYS = (
    *(
        Key(_by_level("case.households", level), n, _("Households that must endorse"), _("households"))
        for level, n in HOUSEHOLDS.items()
    ),
    *(Key(_by_level("case.time.deciding", level), period, _("Time to answer")) for level, period in ANSWER.items()),
    Key("case.time.submitted", _days(3, "workday"), _("Time to screen")),
    Key("case.time.returned", _days(10), _("Time to complete")),
    Key("case.time.endorsing", _days(15), _("Time to collect endorsements")),
    Key("case.time.deliberating", _days(30), _("Time to deliberate")),
    Key("case.time.voting", _days(7), _("Time to vote")),
    Key("case.time.no_quorum", _days(30), _("Time to try again after a vote without quorum")),
    Key("case.time.not_passed", _days(30), _("Time to try again after a vote not passed")),
    Key("case.time.resolved", _days(5, "workday"), _("Time to act on a resolution")),
    Key("case.time.escalated", _days(3, "workday"), _("Time to accept what is handed up")),
    Key("case.time.decided", _days(10, "workday"), _("Time to start what was promised")),
    Key("case.time.implementing", _days(60), _("Time to carry out")),
    Key("case.time.evaluating", _days(15), _("Time to judge")),
    Key("case.time.rectifying", _days(15, "workday"), _("Time to put right")),
    Key("case.max_photos", 6, _("Photos in a proposal")),
)


def households(area: Area) -> int:
    """How many households must endorse a matter of this area."""
    return int(policy.value(area, _by_level("case.households", area.level)))


def period(area: Area, state: State) -> dict[str, Any]:
    """How long a case may stay in a state, by the rules of the owner's area: {"n": 10, "unit": "workday"}."""
    name = f"case.time.{state}"
    if state == State.DECIDING:
        name = _by_level(name, area.level)
    found: dict[str, Any] = policy.value(area, name)
    return found


def deadline(area: Area, state: State, at: dt.datetime) -> calendar.Due:
    """When time is up in a state entered at `at`."""
    return calendar.add_period(at, period(area, state))
