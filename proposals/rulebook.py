"""The rules of an area as people read them: in groups, in words, with where each comes from and what was changed."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from areas import policy
from areas.models import Area, Level
from areas.policy import Effective, Key, Kind
from ledger.models import Event
from people import naming
from people.models import User
from people.verdict import Refused
from voting.tally import Share
from voting.templatetags import ballots

from . import policies

LATEST = 10
LEVELS = {level.name.lower(): level for level in Level}
AT_ONCE = gettext_lazy("It holds from now on, also for matters that are under way.")


@dataclass(frozen=True)
class Group:
    """Keys whose names begin alike. effect: from when a changed rule of this group holds."""

    title: str | Promise
    starts: tuple[str, ...]
    effect: str | Promise = AT_ONCE


GROUPS = (
    Group(
        gettext_lazy("How many must stand behind it"),
        ("case.households.", "case.communities", "case.callers", "case.heirs"),
    ),
    Group(
        gettext_lazy("How long each step may take"),
        ("case.time.",),
        gettext_lazy("Clocks that run keep their date. The rule holds for steps that begin from now on."),
    ),
    Group(
        gettext_lazy("Appeals, reviews and second tries"),
        ("case.appeal_", "case.review_", "case.reopen_", "case.resubmit_", "case.rounds"),
    ),
    Group(
        gettext_lazy("When a body is late"),
        ("case.remind_", "case.notice_", "case.supervise_"),
        gettext_lazy(
            "Dates that are set stay. The rule holds for those that are set from now on, also in matters under way."
        ),
    ),
    Group(
        gettext_lazy("Voting"),
        ("voting.",),
        gettext_lazy("Votes that were called keep their terms. The rule holds for those called from now on."),
    ),
    Group(gettext_lazy("Other rules"), ("",)),
)


@dataclass(frozen=True)
class Line:
    """What one rule says in an area."""

    area: Area
    effective: Effective

    @property
    def key(self) -> Key:
        return self.effective.key

    @property
    def label(self) -> str:
        return label(self.key)

    @property
    def value(self) -> str:
        return words(self.key, self.effective.value)

    @property
    def default(self) -> str:
        return words(self.key, self.key.default)

    @property
    def is_own(self) -> bool:
        """The area itself overrides it."""
        return self.effective.origin == self.area

    @property
    def group(self) -> Group:
        return next(group for group in GROUPS if self.key.name.startswith(group.starts))


@dataclass(frozen=True)
class Change:
    at: dt.datetime
    who: str
    label: str
    what: str
    reason: str


def groups(area: Area) -> list[tuple[Group, list[Line]]]:
    """Every rule that can matter in this area, by groups. One query."""
    lines = [Line(area, one) for one in policy.effective_all(area) if matters(area, one.key)]
    found = [(group, [line for line in lines if line.group is group]) for group in GROUPS]
    return [(group, mine) for group, mine in found if mine]


def line(area: Area, name: str) -> Line | None:
    """None for a rule that there is not, or that cannot matter here."""
    key = policy.KEYS.get(name)
    return Line(area, policy.effective(area, name)) if key and matters(area, key) else None


def above(line: Line) -> Line | None:
    """What holds once the area's own value is taken away; None where the district itself has none of its own."""
    parent = line.area.get_parent()
    return Line(parent, policy.effective(parent, line.key.name)) if parent else None


def matters(area: Area, key: Key) -> bool:
    """A rule of one level matters to that level and to those above, which set it for all below them."""
    level = level_of(key)
    return level is None or level >= area.level


def level_of(key: Key) -> Level | None:
    return LEVELS.get(key.name.rpartition(".")[2])


def change(line: Line, value: Any, *, reason: str, by: User, at: dt.datetime) -> None:
    """Override the rule in its area, or take the override away with None."""
    if not (verdict := policies.may_set_rules(by, line.area, at)):
        raise Refused(verdict)
    policy.assign(line.area, line.key.name, value, by=by, at=at, texts={"reason": reason})


def changes(area: Area) -> list[Change]:
    """The latest ones of this area itself, newest first. Three queries."""
    events = Event.objects.filter(chain_id=area.chain, kind="policy.changed", payload__key__in=list(policy.KEYS))
    latest = list(events.order_by("-number").prefetch_related("texts")[:LATEST])
    return list(_changes(latest, naming.names({event.actor for event in latest})))


def _changes(events: Collection[Event], names: dict[str, str]) -> Iterator[Change]:
    for event in events:
        key = policy.KEYS[event.payload["key"]]
        reason = next((text.text for text in event.texts.all() if text.field == "reason"), "")
        what = _what(key, event.payload["before"], event.payload["value"])
        yield Change(event.at, names[event.actor], label(key), what, reason)


def _what(key: Key, before: Any, value: Any) -> str:
    if value is None:
        return _("The override is taken away; it was %(before)s.") % {"before": words(key, before)}
    if before is None:
        return _("Set to %(value)s.") % {"value": words(key, value)}
    return _("From %(before)s to %(value)s.") % {"before": words(key, before), "value": words(key, value)}


# ── in words ─────────────────────────────────────────────────────────────────


def label(key: Key) -> str:
    level = level_of(key)
    if level is None:
        return str(key.label)
    return _("%(label)s (%(level)s)") % {"label": key.label, "level": level.label}


def words(key: Key, value: Any) -> str:
    match key.kind:
        case Kind.FLAG:
            return _("yes") if value else _("no")
        case Kind.SHARE:
            return ballots.words(Share(*value))
        case Kind.PERIOD:
            return period(value)
    return _("%(n)s %(unit)s") % {"n": value, "unit": key.unit} if key.unit else str(value)


def period(value: dict[str, Any]) -> str:
    n = value["n"]
    match value["unit"]:
        case "workday":
            text = ngettext("%(n)s working day", "%(n)s working days", n)
        case "day":
            text = ngettext("%(n)s day", "%(n)s days", n)
        case "hour":
            text = ngettext("%(n)s hour", "%(n)s hours", n)
        case _:
            text = ngettext("%(n)s minute", "%(n)s minutes", n)
    return text % {"n": n}
