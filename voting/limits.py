"""How long what surrounds a vote may take: policy keys with defaults."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from areas import calendar, policy
from areas.models import Area
from areas.policy import Key

from .models import Ballot
from .states import RollKind

CLAIM, ROLL_CHECK = "voting.time.claim", "voting.time.roll_check"
PROXIES, RULING = "voting.proxies_most", "voting.time.objection_ruling"
NOTICE = "voting.time.notice"
EXTENSION, OBJECTIONS = "voting.extension", "voting.time.objections"  # each with the kind of roll behind it
SILENT, STATUTORY = "voting.silent", "voting.statutory"


def _days(n: int) -> dict[str, Any]:
    return {"n": n, "unit": "day"}


KEYS = (
    Key(CLAIM, {"n": 3, "unit": "workday"}, _("Time to rule on a claim to be on a roll")),
    Key(ROLL_CHECK, {"n": 5, "unit": "day"}, _("Time to check a roll after it was published")),
    Key(PROXIES, 3, _("Proxies that one person may hold in one vote"), _("proxies"), least=0),
    Key(
        f"{EXTENSION}.{RollKind.RESIDENTS}",
        _days(0),
        _("More time, once, for a residents' vote without quorum"),
        least=0,
    ),
    Key(f"{EXTENSION}.{RollKind.OWNERS}", _days(15), _("More time, once, for an owners' vote without quorum"), least=0),
    Key(
        f"{OBJECTIONS}.{RollKind.RESIDENTS}", _days(0), _("Time to object to the result of a residents' vote"), least=0
    ),
    Key(f"{OBJECTIONS}.{RollKind.OWNERS}", _days(7), _("Time to object to the result of an owners' vote"), least=0),
    Key(f"{NOTICE}.{RollKind.RESIDENTS}", _days(0), _("Notice before a residents' vote"), least=0),
    Key(f"{NOTICE}.{RollKind.OWNERS}", _days(15), _("Notice before an owners' vote"), least=0),
    Key(RULING, {"n": 5, "unit": "workday"}, _("Time to rule on an objection to a result")),
    Key(SILENT, False, _("Owners' votes show silent owners beside the larger side, as the house rules here allow")),
    Key(STATUTORY, False, _("Owners' votes here are statutory votes, as the authority has laid down")),
)


def period(ballot: Ballot, name: str) -> dict[str, Any]:
    """What has a value for each kind of roll: {"n": 15, "unit": "day"}; 0 of them: there is none."""
    found: dict[str, Any] = policy.value(ballot.area, f"{name}.{ballot.roll_kind}")
    return found


def until(area: Area, name: str, at: dt.datetime) -> dt.datetime:
    """When a time is over that began at `at`."""
    return calendar.add_period(at, policy.value(area, name)).at


def opening(area: Area, roll_kind: str, at: dt.datetime) -> dt.datetime:
    """When a vote that is announced now opens: at once where there is no notice."""
    notice = policy.value(area, f"{NOTICE}.{roll_kind}")
    return calendar.add_period(at, notice).at if notice["n"] else at


def with_notice(area: Area, roll_kind: str, voting: dict[str, Any]) -> dict[str, Any]:
    """The notice and the time to vote as one period, in days when the two are measured differently."""
    notice = policy.value(area, f"{NOTICE}.{roll_kind}")
    if not notice["n"]:
        return voting
    unit = voting["unit"] if voting["unit"] == notice["unit"] else "day"
    return {"n": voting["n"] + notice["n"], "unit": unit}
