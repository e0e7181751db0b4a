"""Settings that a level inherits: apps declare keys, areas override values, every value tells where it comes from."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from .models import Area, PolicyValue


@dataclass(frozen=True)
class Key:
    """One setting; `unit` is shown behind the number."""

    name: str
    default: Any
    label: str | Promise
    unit: str | Promise = ""


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


def assign(area: Area, name: str, value: Any) -> None:
    """Override a key in an area; None takes the override away. KeyError for a key that nobody declared."""
    key = KEYS[name]
    if value is None:
        PolicyValue.objects.filter(area=area, key=key.name).delete()
    else:
        PolicyValue.objects.update_or_create(area=area, key=key.name, defaults={"value": value})
