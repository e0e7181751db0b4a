"""Live figures for the public pages, each in a fixed number of queries."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q

from areas.models import Area, Body, Level
from notifications import readings
from notifications.models import Notice
from notifications.readings import Reading
from proposals import listing
from proposals.models import Proposal
from proposals.states import ENDED, Outcome, State

TAKE_PART = (State.ENDORSING, State.DELIBERATING, State.VOTING)
RESULTS = (State.CLOSED, State.DECIDED, State.REJECTED)


def home(user: Any, now: dt.datetime) -> dict[str, Any]:
    open_cases = Proposal.objects.filter(state__in=TAKE_PART)
    newest = list(open_cases.for_cards().order_by("-state_since")[:6])
    results = list(Proposal.objects.filter(state__in=RESULTS).for_cards().order_by("-state_since")[:3])
    return {
        "nav": "home",
        "open_count": open_cases.count(),
        "open_cards": listing.cards(newest, now),
        "result_cards": listing.cards(results, now),
        "tiles": tiles(Proposal.objects.public(), now),
        "acts": acts(user, now),
    }


def acts(user: Any, now: dt.datetime) -> list[Reading]:
    """What waits for this person, soonest first."""
    if not user.is_authenticated:
        return []
    return readings.read(Notice.objects.of(user).to_do(now).select_related("event").in_order(now)[:3], user)


def tiles(cases: Any, now: dt.datetime) -> dict[str, int]:
    """Four figures, each equal to the count of the list that it opens."""
    return dict(
        cases.order_by().aggregate(
            open=Count("pk", filter=~Q(state__in=ENDED)),
            endorsing=Count("pk", filter=Q(state=State.ENDORSING)),
            taking_part=Count("pk", filter=Q(state__in=TAKE_PART)),
            overdue=Count("pk", filter=~Q(state__in=ENDED) & Q(due_at__lte=now)),
            solved=Count("pk", filter=Q(outcome=Outcome.SOLVED)),
        )
    )


def area(place: Area, now: dt.datetime) -> dict[str, Any]:
    cases = Proposal.objects.public().within(place)
    running = cases.exclude(state__in=ENDED)
    newest = list(running.for_cards().order_by("-state_since")[:6])
    ended = list(cases.filter(state__in=ENDED).for_cards().order_by("-closed_at")[:3])
    children = Area.objects.filter(path__startswith=place.path, depth=place.depth + 1).order_by("code")
    return {
        "nav": "home",
        "here": place,
        "area": place,
        "body": Body.objects.sitting(now).filter(area=place).first(),
        "tiles": tiles(cases, now),
        "cards": listing.cards(newest, now),
        "ended_cards": listing.cards(ended, now),
        "children": _with_counts(list(children)),
    }


def _with_counts(children: list[Area]) -> list[tuple[Area, int]]:
    """Each area below, with how many of its cases are open; one query."""
    if not children:
        return []
    steps = len(children[0].path)
    counts: dict[str, int] = {}
    rows = Proposal.objects.public().open().filter(area__path__startswith=children[0].path[: -Area.steplen])
    for path, n in rows.order_by().values_list("area__path").annotate(n=Count("pk")):
        counts[path[:steps]] = counts.get(path[:steps], 0) + n
    return [(child, counts.get(child.path, 0)) for child in children]


def streets() -> list[tuple[Area, list[Area]]]:
    """Every street with its communities; one query."""
    rows = list(Area.objects.filter(level__in=[Level.STREET, Level.COMMUNITY]).order_by("path"))
    tops = [row for row in rows if row.level == Level.STREET]
    return [(top, [row for row in rows if row.level > top.level and row.path.startswith(top.path)]) for top in tops]


