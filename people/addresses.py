"""Finding one's courtyard: by a word of its name, or from the street down."""

from dataclasses import dataclass

from django.db.models import Q

from areas.models import Area, Level

SHOWN = 30


@dataclass(frozen=True)
class Place:
    """A courtyard with the names of the street and the community above it."""

    courtyard: Area
    above: str


def search(words: str) -> list[Place]:
    """Courtyards whose own name, or whose community's, holds all the words; at most SHOWN. Two queries."""
    named = Q()
    for word in words.split():
        named &= Q(name__icontains=word)
    communities = Area.objects.filter(named, level=Level.COMMUNITY).values_list("path", flat=True)
    matching = named
    for path in communities[:SHOWN]:
        matching |= Q(path__startswith=path)
    return _placed(list(Area.objects.filter(matching, level=Level.COURTYARD).order_by("path")[:SHOWN]))


def below(area: Area | None) -> list[Area]:
    """The next step down; the streets to begin with."""
    return list(area.get_children() if area else Area.objects.filter(level=Level.STREET).order_by("path"))


def _placed(courtyards: list[Area]) -> list[Place]:
    paths = {path for area in courtyards for path in _above(area)}
    names = dict(Area.objects.filter(path__in=paths).values_list("path", "name"))
    return [Place(area, " · ".join(names[path] for path in _above(area) if path in names)) for area in courtyards]


def _above(area: Area) -> list[str]:
    """The paths of street and community."""
    step = Area.steplen
    return [area.path[: step * level] for level in (Level.STREET, Level.COMMUNITY)]
