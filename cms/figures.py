"""Live figures for the public pages, each in a fixed number of queries."""

import datetime as dt
import functools
import operator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from areas.models import Area, Body, Level
from notifications import readings
from notifications.models import Notice
from notifications.readings import Reading
from people import standing
from proposals import limits, listing
from proposals.models import Proposal
from proposals.states import ENDED, State
from voting.models import Unit

NEWEST, LATEST, WAITING = 6, 3, 3
RUNNING = ("open", "office", "doing", "failed", "deferred", "suspended")
RESULTS = (State.CLOSED, State.DECIDED, State.REJECTED)


@dataclass(frozen=True)
class Tile:
    """A figure and the list that it opens, which has as many cases."""

    count: int
    words: str | Promise
    opens: str


def home(user: Any, now: dt.datetime) -> dict[str, Any]:
    public = Proposal.objects.public()
    newest = list(public.filter(_among("open")).for_cards().order_by("-state_since")[:NEWEST])
    results = list(public.filter(state__in=RESULTS).for_cards().order_by("-state_since")[:LATEST])
    cards = listing.cards([*newest, *results], now)
    return {
        "nav": "home",
        "here": standpoint(user, now),
        "open_cards": cards[: len(newest)],
        "result_cards": cards[len(newest) :],
        "tiles": tiles(public, now),
        "acts": acts(user, now),
    }


def standpoint(user: Any, now: dt.datetime) -> Area | None:
    """Where a person looks from: the courtyard they live in, else the district."""
    home = standing.of(user, now).home if user.is_authenticated else None
    return home or district()


def district() -> Area | None:
    found: Area | None = Area.objects.filter(level=Level.DISTRICT).first()
    return found


def acts(user: Any, now: dt.datetime) -> list[Reading]:
    """What waits for this person, soonest first."""
    if not user.is_authenticated:
        return []
    waiting = Notice.objects.of(user).to_do(now).select_related("event").in_order(now)
    return readings.read(waiting[:WAITING], user)


def tiles(cases: Any, now: dt.datetime, **narrow: str) -> list[Tile]:
    """`narrow`: what the lists behind the tiles are narrowed to, as the cases are. One query."""
    rules: list[tuple[str | Promise, Q, list[tuple[str, str]]]] = [
        (_("under way"), _among(*RUNNING), [("group", name) for name in RUNNING]),
        (_("you can take part"), _among("open"), [("group", "open")]),
        (_("residents say “solved”"), _among("solved"), [("group", "solved")]),
        (_("overdue"), ~Q(state__in=ENDED) & Q(due_at__lte=now), [("overdue", "1")]),
    ]
    counts = cases.order_by().aggregate(**{f"n{n}": Count("pk", filter=rule) for n, (_w, rule, _o) in enumerate(rules)})
    return [
        Tile(counts[f"n{n}"], words, urlencode([*narrow.items(), *opens]))
        for n, (words, _rule, opens) in enumerate(rules)
    ]


def area(place: Area, now: dt.datetime) -> dict[str, Any]:
    cases = Proposal.objects.public().within(place)
    newest = list(cases.open().for_cards().order_by("-state_since")[:NEWEST])
    ended = list(cases.filter(state__in=ENDED).for_cards().order_by("-closed_at")[:LATEST])
    cards = listing.cards([*newest, *ended], now)
    below = Area.objects.filter(path__startswith=place.path)
    return {
        "nav": "home",
        "here": place,
        "area": place,
        "body": Body.objects.sitting(now).filter(area=place).first(),
        "answers_in": limits.period(place, State.DECIDING),
        "size": below.filter(level=Level.COURTYARD).aggregate(courtyards=Count("pk"), households=Sum("households")),
        "tiles": tiles(cases, now, area=place.code),
        "cards": cards[: len(newest)],
        "ended_cards": cards[len(newest) :],
        "has_register": Unit.objects.filter(area=place).exists(),
        "children": _with_running(list(below.filter(depth=place.depth + 1).order_by("code")), cases),
    }


def streets() -> dict[str, Any]:
    """Every street with how many of its cases run, and its communities."""
    rows = list(Area.objects.filter(level__lte=Level.COMMUNITY).order_by("path"))
    tops = [row for row in rows if row.level == Level.STREET]
    below = {top.pk: [row for row in rows if row.level > top.level and row.path.startswith(top.path)] for top in tops}
    running = _with_running(tops, Proposal.objects.public())
    return {
        "nav": "home",
        "here": next((row for row in rows if row.level == Level.DISTRICT), None),
        "streets": [(top, n, below[top.pk]) for top, n in running],
    }


def _among(*groups: str) -> Q:
    """The cases of some groups of the list, by the list's own rules."""
    return functools.reduce(operator.or_, (Q(**listing.GROUPS[name][1]) for name in groups))


def _with_running(areas: list[Area], cases: Any) -> list[tuple[Area, int]]:
    """Areas of one level, each with how many of these cases run in it or below; one query."""
    counts: dict[str, int] = {}
    if areas:
        for path, n in cases.open().order_by().values_list("area__path").annotate(n=Count("pk")):
            top = path[: len(areas[0].path)]
            counts[top] = counts.get(top, 0) + n
    return [(area, counts.get(area.path, 0)) for area in areas]
