"""The last second of an owners' vote: whoever is told that their paper arrived is counted, and nobody else.

A first paper, a changed mind and a proxy's paper race with the close, on connections of their own.
"""

import functools
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from areas import policy
from ledger.actors import SYSTEM
from people.verdict import Refused
from tests.voting import procedure, urn
from tests.voting.procedure import AREA
from tests.voting.test_concurrency import ONE_SECOND_BEFORE, together
from voting import auditing, casting, counting, limits, policies, proxies, publishing
from voting.models import Proxy
from voting.states import Choice, ProxyState
from voting.verify_tally import Tally

pytestmark = pytest.mark.django_db(transaction=True)
PAUSE = 0.1  # before each act, so that the close finds its moment
WAYS = ("first", "change", "proxy")
Act = Callable[[], object]
Laid = tuple[str | None, str, bool]


def owners(count: int) -> procedure.Owners:
    """Whatever the turnout, the vote ends when its time is over."""
    court = procedure.owners(count)
    policy.assign(court.area, f"{limits.EXTENSION}.owners", {"n": 0, "unit": "day"}, by=SYSTEM, at=urn.AT)
    return court


def arrange(court: procedure.Owners, way: str, n: int = 0) -> tuple[str, Act]:
    """The code of the paper that owner n has in the urn, if any; and their act of the last second, which says “yes”."""
    before, by, entry = "", court.people[n], None
    if way == "change":
        before = casting.cast(court.ballot, by=by, choice="no", at=urn.AT)
    if way == "proxy":
        entry, by = court.right(n), court.people[(n + 1) % len(court.people)]
        facts = {"scope": "按他自己的意思投", "until": urn.CLOSES, "by": court.people[n], "at": urn.AT}
        proxies.give(entry, holder=by, **facts)
    act = functools.partial(casting.cast, court.ballot, by=by, choice="yes", at=ONE_SECOND_BEFORE, entry=entry)
    return before, act


def urn_of(court: procedure.Owners) -> dict[object, Laid]:
    """Of each paper, by its code: what it says, where it came from, and whether it counts."""
    rows = court.ballot.papers.values_list("receipt", "content", "channel", "superseded")
    return {code: (content, channel, not superseded) for code, content, channel, superseded in rows}


def whole(court: procedure.Owners, **found: int) -> dict[str, Any]:
    """The whole tally of equal flats."""
    counted = {choice: [found.get(choice, 0), AREA * found.get(choice, 0)] for choice in Choice.values}
    papers, size = sum(found.values()), len(court.people)
    enough, agreed = 3 * papers >= 2 * size, 2 * found.get("yes", 0) > papers
    result = ("passed" if agreed else "not_passed") if enough else "no_quorum"
    facts: dict[str, Any] = {"method": "yes_no", "result": result, "winners": []}
    return facts | counted | {"roll": [size, AREA * size], "papers": [papers, AREA * papers]}


def verified(court: procedure.Owners) -> dict[str, Any]:
    """What was counted, found whole by us and by everybody."""
    counted = court.fresh()
    assert list(auditing.check()) == []
    assert Tally(publishing.lines(counted), publishing.published(counted)).problems == []
    return counted.tally


def close(court: procedure.Owners) -> bool:
    return counting.close(court.ballot.pk, at=urn.CLOSES)


@pytest.mark.parametrize("way", WAYS)
def test_the_close_waits_for_whoever_came_before_it(way: str) -> None:
    court = owners(2)
    before, act = arrange(court, way)
    closed = threading.Event()
    closing = threading.Thread(target=lambda: (together([lambda: close(court)]), closed.set()))
    with transaction.atomic():
        code = act()
        closing.start()
        assert not closed.wait(0.5)
    closing.join(10)
    expected = {code: ("yes", "proxy" if way == "proxy" else "web", True)}
    assert verified(court) == whole(court, yes=1)
    assert urn_of(court) == (expected | {before: (None, "web", False)} if before else expected)


@pytest.mark.parametrize("way", WAYS)
def test_whoever_comes_after_the_close_waits_and_is_told_that_it_is_over(way: str) -> None:
    court = owners(2)
    before, act = arrange(court, way)
    answers: list[object] = []
    arrival = threading.Thread(target=lambda: answers.extend(together([act])))
    with transaction.atomic():
        close(court)
        arrival.start()
        arrival.join(0.5)
        assert answers == []
    arrival.join(10)
    assert answers == [policies.OVER]
    assert verified(court) == (whole(court, no=1) if before else whole(court))
    assert urn_of(court) == ({before: ("no", "web", True)} if before else {})
    assert not Proxy.objects.filter(state=ProxyState.USED).exists()


def test_a_paper_counts_if_and_only_if_it_was_acknowledged() -> None:
    court = owners(36)
    arranged = [arrange(court, WAYS[n % 3], n) for n in range(36)]
    answers: dict[int, object] = {}

    def act_in_turn(some: range) -> None:
        for n in some:
            time.sleep(PAUSE)
            answers[n] = answer(arranged[n][1])

    close_amid(court, [functools.partial(act_in_turn, range(k, 36, 6)) for k in range(6)], lambda: len(answers) > 5)
    told = {n: said for n, said in answers.items() if isinstance(said, str)}
    assert [said for said in answers.values() if not isinstance(said, str)] == [policies.OVER] * (36 - len(told))
    expected: dict[object, Laid] = {}
    for n, (before, _act) in enumerate(arranged):
        channel = "proxy" if WAYS[n % 3] == "proxy" else "web"
        expected |= {told[n]: ("yes", channel, True)} if n in told else {}
        expected |= {before: (None, "web", False) if n in told else ("no", "web", True)} if before else {}
    assert urn_of(court) == expected
    kept = sum(bool(before) and n not in told for n, (before, _act) in enumerate(arranged))
    assert verified(court) == whole(court, yes=len(told), no=kept)
    used = Proxy.objects.filter(state=ProxyState.USED).values_list("entry__voter", flat=True)
    assert set(used) == {court.people[n].pk for n in told if WAYS[n % 3] == "proxy"}


def test_of_those_who_change_their_mind_until_the_end_the_last_acknowledged_paper_counts() -> None:
    court = owners(3)
    told: list[list[tuple[str, str]]] = [[] for _ in court.people]
    ends: list[object] = []

    def waver(n: int) -> None:
        cast = functools.partial(casting.cast, court.ballot, by=court.people[n], at=ONE_SECOND_BEFORE)
        for choice in itertools.cycle(Choice.values):
            time.sleep(PAUSE)
            code = answer(functools.partial(cast, choice=choice))
            if not isinstance(code, str):
                ends.append(code)
                return
            told[n].append((code, choice))

    close_amid(court, [functools.partial(waver, n) for n in range(3)], lambda: sum(map(len, told)) > 9)
    assert ends == [policies.OVER] * 3
    assert urn_of(court) == {
        code: (choice, "web", True) if (code, choice) == mine[-1] else (None, "web", False)
        for mine in told
        for code, choice in mine
    }
    assert verified(court) == whole(court, **Counter(mine[-1][1] for mine in told if mine))


def close_amid(court: procedure.Owners, acts: list[Act], begun: Callable[[], bool]) -> None:
    """The close comes when the acts, all at the same time, have begun."""

    def close_then() -> bool:
        while not begun():
            time.sleep(0.001)
        return close(court)

    assert together([*acts, close_then])[-1] is True


def answer(act: Act) -> object:
    try:
        return act()
    except Refused as refused:
        return refused.verdict
