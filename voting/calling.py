"""What is put to the vote: by which statute, by which method, on which roll, with which options."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from areas import policy
from areas.models import Area
from people.verdict import Refused, no

from . import balloting, limits, statutes
from .methods import METHODS
from .models import Ballot, Unit
from .states import Result, RollKind, State
from .statutes import Roll, Statute
from .tally import BUDGETS, BY_AREA, Rule

HOUSE = "house"
MOST = 20
ROLLS = {Roll.OWNERS: RollKind.OWNERS}
NO_SHOW = no(gettext_lazy("Only residents vote by show of hands, with yes or no, or with yes or no to each option."))


@dataclass(frozen=True)
class Call:
    rule: Rule
    options: Mapping[str, str] = field(default_factory=dict)
    roll_kind: RollKind = RollKind.RESIDENTS
    part: str = ""
    place: str = ""
    meets_at: dt.datetime | None = None


def prepared(
    area: Area,
    *,
    on: dt.date,
    statute: str = HOUSE,
    method: str = "yes_no",
    lines: str = "",
    budget: int = 0,
    part: str = "",
    place: str = "",
    meets_at: str = "",
) -> Call:
    """lines: one option a line; where money is shared out, its cost stands behind the last “=”. Raises Refused.

    budget and costs are whole yuan. part: a building, or building and entrance, of an owners' roll. place and
    meets_at: of the meeting in which hands are raised, the time as in ISO 8601.
    """
    law = statutes.usable(statute, on)
    roll = ROLLS.get(law.roll, RollKind.RESIDENTS)
    _require_fit(roll, method, part)
    _require_meeting(roll, method, place, meets_at)
    options, costs = _options(method, lines)
    if method in BUDGETS and not budget:
        raise Refused(no(_("Please write how much money is shared out.")))
    terms: dict[str, Any] = {"options": tuple(options), "costs": costs, "budget": budget if costs else 0}
    begins = dt.datetime.fromisoformat(meets_at) if meets_at else None
    return Call(_rule(area, law, method, terms), options, roll, part, place, begins)


def opening(area: Area, call: Call, *, at: dt.datetime, before: dt.datetime) -> dt.datetime:
    """When its notice is over; a show of hands with the meeting. Raises Refused."""
    first = limits.opening(area, call.roll_kind, at)
    if call.meets_at is None or first <= call.meets_at < before:
        return call.meets_at or first
    times = {"first": _in_words(first), "end": _in_words(before)}
    raise Refused(no(_("The meeting must begin between %(first)s and %(end)s.") % times))


def choices(area: Area, on: dt.date) -> list[tuple[str, str]]:
    """The statutes by which a vote can be called here on that day: (code, title); owners' only where a register is."""
    has_owners = Unit.objects.filter(area=area).exists()
    usable = (law for law in statutes.all().values() if statutes.may_use(law.code, on) and law.roll in _ROLLS)
    fitting = [law for law in usable if has_owners or law.roll != Roll.OWNERS]
    return [(law.code, str(law.title)) for law in sorted(fitting, key=lambda law: law.code != HOUSE)]


def missing(on: dt.date) -> list[str]:
    """Why a statute that is in force cannot be chosen: nobody has compared it with the law yet."""
    unread = [law for law in statutes.all().values() if law.is_in_force(on) and not law.verified and law.roll in _ROLLS]
    return [str(statutes.may_use(law.code, on).reason) for law in unread]


def parts(area: Area) -> list[str]:
    """The buildings and entrances of the owners' register."""
    found = Unit.objects.filter(area=area).order_by("building", "entrance").values_list("building", "entrance")
    rows = found.distinct()
    entrances = [f"{building} {entrance}" for building, entrance in rows if entrance]
    return sorted({building for building, _entrance in rows} | set(entrances))


def run_off(chain: str) -> dict[str, Any]:
    """How the vote is called again whose last one was tied: as `prepared` takes it, with its question; else empty."""
    last = Ballot.objects.filter(chain=chain).order_by("-pk").first()
    if last is None or last.state != State.FINAL or last.result != Result.TIED:
        return {}
    lines = [last.options[key] for key in last.rule.options if key in last.tally["winners"]]
    terms = {"statute": last.rule.basis, "method": last.rule.method, "part": last.part}
    return terms | {"text": last.question, "plan": last.plan, "options": "\n".join(lines)}


_ROLLS = (Roll.RESIDENTS, Roll.OWNERS)


def _require_fit(roll: RollKind, method: str, part: str) -> None:
    if method not in METHODS:
        raise Refused(no(_("Please choose how people vote.")))
    if roll == RollKind.OWNERS and method not in BY_AREA:
        raise Refused(no(_("Owners vote by heads and floor area: with yes or no, or with yes or no to each option.")))
    if roll != RollKind.OWNERS and part:
        raise Refused(no(_("Only an owners' vote can be held in one building or entrance.")))


def _require_meeting(roll: RollKind, method: str, place: str, meets_at: str) -> None:
    if bool(place) != bool(meets_at):
        raise Refused(no(_("For a show of hands please write both where the meeting is and when it begins.")))
    if place and (roll == RollKind.OWNERS or method not in BY_AREA):
        raise Refused(NO_SHOW)


def _in_words(at: dt.datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")


def _rule(area: Area, law: Statute, method: str, terms: dict[str, Any]) -> Rule:
    if law.code == HOUSE:
        return Rule(quorum=balloting.rule_of(area).quorum, method=method, **terms)
    silent = law.roll == Roll.OWNERS and method == "yes_no" and policy.value(area, limits.SILENT)
    return law.rule(method, silent=silent, **terms)


def _options(method: str, lines: str) -> tuple[dict[str, str], dict[str, int]]:
    """Keys a, b, … in the order in which the options were written."""
    written = [line.strip() for line in lines.splitlines() if line.strip()]
    if method == "yes_no":
        if written:
            raise Refused(no(_("A vote by yes and no has no options. Please choose another way to vote.")))
        return {}, {}
    if not 2 <= len(written) <= MOST:
        raise Refused(no(_("Please write between 2 and %(most)s options, one a line.") % {"most": MOST}))
    keyed = {chr(ord("a") + n): line for n, line in enumerate(written)}
    if len(set(written)) < len(written):
        raise Refused(no(_("Two options say the same.")))
    return _priced(keyed) if method in BUDGETS else (keyed, {})


def _priced(keyed: dict[str, str]) -> tuple[dict[str, str], dict[str, int]]:
    options, costs = {}, {}
    for key, line in keyed.items():
        text, _sign, cost = (part.strip() for part in line.replace("＝", "=").rpartition("="))
        if not (text and cost.isascii() and cost.isdigit() and int(cost)):
            raise Refused(
                no(
                    _("“%(line)s”: please write the cost in whole yuan behind it, as in “Lamps = 3000”.")
                    % {"line": line}
                )
            )
        options[key], costs[key] = text, int(cost)
    return options, costs
