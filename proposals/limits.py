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
    Key("case.time.submitted", _days(3, "workday"), _("Time to accept or refuse")),
    Key("case.time.appealed", _days(5, "workday"), _("Time to decide an appeal against a refusal")),
    Key("case.time.returned", _days(10), _("Time to complete")),
    Key("case.time.endorsing", _days(15), _("Time to collect endorsements")),
    Key("case.time.screening", _days(5, "workday"), _("Time to examine and open the deliberation")),
    Key("case.time.deliberating", _days(30), _("Time to deliberate")),
    Key("case.time.voting", _days(7), _("Time to vote")),
    Key("case.time.no_quorum", _days(30), _("Time to try again after a vote without quorum")),
    Key("case.time.not_passed", _days(30), _("Time to try again after a vote not passed")),
    Key("case.time.resolved", _days(5, "workday"), _("Time to act on a resolution")),
    Key("case.time.escalated", _days(3, "workday"), _("Time to accept what is handed up")),
    Key("case.time.handed_down", _days(3, "workday"), _("Time to accept what is handed down")),
    Key("case.time.arbitrating", _days(5, "workday"), _("Time for the district to assign")),
    Key("case.time.reviewing", _days(15, "workday"), _("Time to review an answer")),
    Key("case.time.deferring", _days(5, "workday"), _("Time to allow or refuse a deferral")),
    Key("case.time.deferred", _days(90), _("Longest time to the re-check of a deferred matter")),
    Key("case.time.suspended", _days(60), _("Longest suspension")),
    Key("case.time.decided", _days(10, "workday"), _("Time to start what was promised")),
    Key("case.time.implementing", _days(60), _("Time to carry out")),
    Key("case.time.evaluating", _days(15), _("Time to judge")),
    Key("case.time.rectifying", _days(15, "workday"), _("Time to put right")),
    Key("case.appeal_within", _days(10), _("Time to appeal against a refusal, or to take over what was withdrawn")),
    Key("case.review_within", _days(30), _("Time to ask for the review of an answer")),
    Key("case.reopen_within", _days(365), _("Time in which a supervisor may reopen a closed case")),
    Key("case.resubmit_after", _days(30), _("Wait before a matter with too few endorsements may be filed again")),
    Key("case.callers", 10, _("Supporting households whose appeal hands a case up"), _("households")),
    Key("case.heirs", 10, _("Endorsing households from which one may take over what was withdrawn"), _("households")),
    Key("case.communities", 3, _("Communities that reach their own threshold, instead of the district's"), ""),
    Key("case.rounds", 2, _("Failed results before a case is closed as not solved"), _("rounds")),
    Key("case.remind_after", 1, _("Overdue: reminder after"), _("working days")),
    Key("case.notice_after", 5, _("Overdue: public notice after"), _("working days")),
    Key("case.supervise_after", 10, _("Overdue: supervision, and up to the next level, after"), _("working days")),
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


def until(area: Area, name: str, at: dt.datetime) -> dt.datetime:
    """When a time that is no state's own (an appeal, a review) is over that began at `at`."""
    return calendar.add_period(at, policy.value(area, name)).at
