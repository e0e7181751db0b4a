"""Settings that a level inherits: apps declare keys, areas override values, every value tells where it comes from."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.actors import Actor
from ledger.recording import record

from .models import Area, PolicyValue


class Kind(StrEnum):
    """What a value is: 5, {"n": 5, "unit": "workday"}, True, or [1, 2, True] for more than a half."""

    NUMBER = "number"
    PERIOD = "period"
    FLAG = "flag"
    SHARE = "share"


UNIT_WORDS = {"workday": _("working days"), "day": _("days"), "hour": _("hours"), "minute": _("minutes")}
FLAGS = {"yes": True, "no": False}
PERIOD = re.compile(r"(\d+)\s*([^\W\d].*)")
SHARE = re.compile(r"(>?)\s*(\d+)\s*/\s*(\d+)")


@dataclass(frozen=True)
class Key:
    """One setting; `unit` is shown behind the number, which lies between `least` and `most`."""

    name: str
    default: Any
    label: str | Promise
    unit: str | Promise = ""
    least: int = 1
    most: int = 1000

    @property
    def kind(self) -> Kind:
        match self.default:
            case bool():
                return Kind.FLAG
            case int():
                return Kind.NUMBER
            case {"n": _n, "unit": _unit}:
                return Kind.PERIOD
            case [_numerator, _denominator, _strict]:
                return Kind.SHARE
        raise TypeError(f"{self.name}: no kind of setting has a default like {self.default!r}.")


@dataclass(frozen=True)
class Effective:
    """The value in force and the area that set it; origin None means the platform's default."""

    key: Key
    value: Any
    origin: Area | None


KEYS: dict[str, Key] = {}


def register(*keys: Key) -> None:
    for key in keys:
        if key.name in KEYS:
            raise ValueError(f"The policy key {key.name} is declared twice.")
        KEYS[key.name] = key


def effective(area: Area, name: str) -> Effective:
    """What holds in this area: its own value, else that of the nearest level above, else the default. One query."""
    key = KEYS[name]
    rows = PolicyValue.objects.filter(key=name, area__path__in=area.lineage_paths).select_related("area")
    nearest = max(rows, key=lambda row: row.area.level, default=None)
    if nearest is None:
        return Effective(key, key.default, None)
    return Effective(key, nearest.value, nearest.area)


def value(area: Area, name: str) -> Any:
    return effective(area, name).value


def effective_all(area: Area) -> list[Effective]:
    """What holds in this area for every key, in the order in which they were registered. One query."""
    rows = PolicyValue.objects.filter(key__in=KEYS, area__path__in=area.lineage_paths).select_related("area")
    nearest = {row.key: row for row in rows.order_by("area__level")}
    return [
        Effective(key, row.value, row.area) if (row := nearest.get(key.name)) else Effective(key, key.default, None)
        for key in KEYS.values()
    ]


@transaction.atomic
def assign(
    area: Area, name: str, value: Any, *, by: Actor, at: dt.datetime, texts: Mapping[str, str] | None = None
) -> None:
    """Override a key in an area; None takes the override away. KeyError for a key that nobody declared.

    What changes nothing leaves no event. texts: free words that the event keeps, such as the reason.
    """
    key = KEYS[name]
    Area.objects.select_for_update(no_key=True).get(pk=area.pk)  # so that each event tells the value before its own
    own = PolicyValue.objects.filter(area=area, key=key.name).first()
    before = own.value if own else None
    if value == before:
        return
    if value is None:
        PolicyValue.objects.filter(area=area, key=key.name).delete()
    else:
        PolicyValue.objects.update_or_create(area=area, key=key.name, defaults={"value": value})
    facts = {"key": key.name, "value": value, "before": before}
    record("policy.changed", chain=area.chain, subject=area, by=by, at=at, texts=texts, **facts)


# ── what people type ─────────────────────────────────────────────────────────


def parse(key: Key, text: str) -> Any:
    """The value that a text stands for; ValueError with a sentence for the person who typed it.

    A period is a number and its unit (code or word), a flag yes or no, a share 1/2 or, if it is to be exceeded, >1/2.
    """
    readers = {Kind.NUMBER: _number, Kind.PERIOD: _period, Kind.FLAG: _flag, Kind.SHARE: _share}
    return readers[key.kind](key, text.strip())


def _number(key: Key, text: str) -> int:
    if text.isdecimal() and len(text) < 10 and key.least <= (number := int(text)) <= key.most:
        return number
    raise ValueError(
        gettext("Give a whole number from %(least)d to %(most)d.") % {"least": key.least, "most": key.most}
    )


def _period(key: Key, text: str) -> dict[str, Any]:
    units = {unit: unit for unit in UNIT_WORDS} | {str(word): unit for unit, word in UNIT_WORDS.items()}
    found = PERIOD.fullmatch(text)
    if found is None or found[2] not in units:
        raise ValueError(
            gettext("Give a number and its unit: %(units)s.") % {"units": ", ".join(map(str, UNIT_WORDS.values()))}
        )
    return {"n": _number(key, found[1]), "unit": units[found[2]]}


def _flag(key: Key, text: str) -> bool:
    if text not in FLAGS:
        raise ValueError(gettext("Choose yes or no."))
    return FLAGS[text]


def _share(key: Key, text: str) -> list[Any]:
    found = SHARE.fullmatch(text)
    if found is None or len(text) > 20 or not 0 < int(found[2]) <= int(found[3]):
        raise ValueError(gettext("Give a share of the whole such as 2/3, or >1/2 for more than a half."))
    return [int(found[2]), int(found[3]), bool(found[1])]
