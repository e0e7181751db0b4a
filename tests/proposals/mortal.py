"""A process to be killed: it plays the stories of several cases, sweeps and delivers, and can go on where it died.

`python -m tests.proposals.mortal LIVES` lets so many children play until each is killed (SIGKILL, at a random point),
then plays to the end and prints what the database holds. The database is that of the environment, migrated and empty.
"""

import datetime as dt
import functools
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.db import connection, transaction

from areas.models import Area
from ledger import following, verifying
from ledger.models import Delivery, DeliveryState, Event
from notifications.models import Notice
from people.models import Alias, User
from proposals import checks, clock, decision, drafts, endorsement, evaluation, lifecycle, screening
from proposals.models import Proposal
from tests import build
from tests.proposals import standing
from tests.proposals.court import ANSWER, PARTIES, SCREENING, TEXTS, Court
from voting import casting
from voting import clock as ballot_clock
from voting.models import Ballot

Act = Callable[[Court, Proposal, dt.datetime], object]
TICK = dt.timedelta(hours=12)
LAST = 150  # in ticks
COLUMNS = ("revision", "ring_at", "first_due_at", "outcome", "left_state", "held")
HERE = ("owner", "body", "decision", "ballot", "roll_hash", "value")  # each database has its own


def move(who: str, verb: str, **facts: Any) -> Act:
    texts = {"text": "理由写在这里", "plan": "修两盏，加一盏。", "interim": "先放警示牌"}
    return lambda court, case, now: lifecycle.move(case, verb, by=court.people[who], at=now, texts=texts, **facts)


def endorse(court: Court, case: Proposal, now: dt.datetime) -> None:
    for neighbour in court.endorsers:
        endorsement.endorse(case, by=neighbour, at=now)


def examine(court: Court, case: Proposal, now: dt.datetime) -> None:
    screening.write(case, by=court.people["moderator"], at=now, parties=PARTIES, **SCREENING)


def vote(court: Court, case: Proposal, now: dt.datetime) -> None:
    for neighbour in court.endorsers:
        casting.cast(Ballot.objects.get(chain=case.chain, state="open"), by=neighbour, choice="yes", at=now)


def answer(court: Court, case: Proposal, now: dt.datetime) -> None:
    decision.publish(case, by=court.people["upper"], at=now, **ANSWER)


def judge(solved: str, who: str = "proposer") -> Act:
    return lambda court, case, now: evaluation.judge(
        case, by=court.people[who], at=now, solved=solved, manner=4, comment="还差矮灯"
    )


# What people do at which tick; everything else time does.
ACCEPTED: dict[int, Act] = {1: move("moderator", "accept"), 2: endorse, 3: examine, 4: move("moderator", "open")}
STORIES: dict[str, dict[int, Act]] = {
    "路灯办成了": ACCEPTED | {
        6: move("chair", "call_vote"), 7: vote, 30: move("chair", "hand_up", reason="beyond_budget"),
        48: answer, 50: move("handler", "start"), 58: move("handler", "complete"), 60: judge("no"),
        68: move("handler", "complete"), 70: judge("yes"),
    },
    "路灯没人理": {},
    "路灯退回了": {2: move("moderator", "return", reason="unclear")},
    "路灯无人附议": {1: move("moderator", "accept")},
    "路灯拖延着": ACCEPTED | {8: move("chair", "suspend", reason="expertise"), 30: move("chair", "resume")},
    "路灯缓办了": ACCEPTED | {
        6: move("chair", "hand_up", reason="beyond_budget"), 8: move("upper", "take_over"),
        10: move("upper", "take_up"), 12: move("upper", "ask_deferral", reason="funds", recheck_on="2027-01-10"),
        14: move("street", "defer"), 40: move("upper", "take_back"),
    },
    "路灯流票了": ACCEPTED | {
        6: move("chair", "call_vote"), 30: move("chair", "reopen"), 32: move("chair", "call_vote"),
    },
}  # fmt: skip


def sweep(now: dt.datetime, patience: dt.timedelta) -> None:
    ballot_clock.sweep(now)
    following.drain(now + patience)
    clock.sweep(now)


def steps() -> list[tuple[int, str]]:
    """In order: (tick, whose story), and once a day the sweep, which is nobody's."""
    acts = [(tick, title) for tick in range(LAST) for title in STORIES if tick == 0 or tick in STORIES[title]]
    return sorted([*acts, *((tick, "") for tick in range(0, LAST, 2))], key=lambda step: (step[0], step[1] == ""))


def found() -> None:
    """The court, and a table of the steps that were made."""
    court = Court()
    people = {name: user.pk for name, user in court.people.items()}
    neighbours = [user.pk for user in court.endorsers]
    _cast().write_text(json.dumps({"people": people, "endorsers": neighbours, "courtyard": court.courtyard.pk}))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made (n bigint NOT NULL)")


def again() -> Court:
    known = json.loads(_cast().read_text())
    court = object.__new__(Court)
    court.courtyard = Area.objects.get(pk=known["courtyard"])
    court.people = {name: User.objects.get(pk=pk) for name, pk in known["people"].items()}
    court.endorsers = list(User.objects.filter(pk__in=known["endorsers"]).order_by("pk"))
    return court


def play(life: int) -> None:
    """Each act in one transaction with the mark that it was made. What the life before had claimed, and left, is
    delivered first: each life begins after the leases of the one before.
    """
    patience = (2 * life + 1) * following.LEASE
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(n), -1) FROM made")
        done = cursor.fetchone()[0]
    court = again()
    with _cast().with_name("left").open("a") as lines:
        lines.write(f"{Delivery.objects.filter(state=DeliveryState.PENDING).count()}\n")
    for n, (tick, title) in list(enumerate(steps()))[done + 1 :]:
        now = build.AT + tick * TICK
        following.drain(now + patience)
        if not title:
            sweep(now, patience)
        with transaction.atomic(), connection.cursor() as cursor:
            if title:
                _act(court, title, tick, now)
            cursor.execute("INSERT INTO made (n) VALUES (%s)", [n])
    following.drain(now + patience)


def _act(court: Court, title: str, tick: int, now: dt.datetime) -> None:
    if tick == 0:
        draft = drafts.begin(court.people["proposer"], court.courtyard, now)
        drafts.save(draft, now, TEXTS | {"title": title})
        lifecycle.move(draft, "submit", by=court.people["proposer"], at=now)
    else:
        rows = Proposal.objects.select_related("area", "owner__area", "left_owner__area")
        STORIES[title][tick](court, rows.get(title=title), now)


def report() -> dict[str, Any]:
    names = dict(Alias.objects.values_list("ref", "user__name"))
    cases = {}
    for case in Proposal.objects.select_related("owner__area").order_by("title"):
        standing.holds(case)
        events = Event.objects.filter(chain_id=case.chain).order_by("number")
        notices = Notice.objects.filter(event__chain=case.chain).order_by("event__number", "user__name")
        cases[case.title] = {
            "standing": asdict(checks.standing(case)) | {"owner": case.owner.area.name},
            "row": {
                name: str(getattr(case, name)) for name in ("revision", "ring_at", "outcome", "left_state", "held")
            },
            "events": [[event.kind, str(event.at), names.get(event.actor, ""), _told(event)] for event in events],
            "notices": [
                [event, name, kind, str(done)]
                for event, name, kind, done in notices.values_list("event__number", "user__name", "kind", "done_at")
            ],
        }
    waiting = Delivery.objects.exclude(state=DeliveryState.DONE).count()
    return {"cases": cases, "waiting": waiting, "problems": [str(problem) for problem in verifying.verify()]}


def _told(event: Event) -> dict[str, Any]:
    return {name: value for name, value in event.payload.items() if name not in HERE}


def _cast() -> Path:
    return Path(os.environ["DATA_DIR"]) / "cast.json"


def child(act: Callable[[], object], seconds: float | None = None) -> int:
    """Run it in a process of its own that is killed after so many seconds; how it ended."""
    pid = os.fork()
    if pid == 0:
        act()
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


if __name__ == "__main__":
    standing.leave_papers_out()
    assert child(found) == 0
    lives = int(sys.argv[1])
    killed = [child(functools.partial(play, life), random.uniform(0.05, 0.5)) for life in range(lives)]
    play(lives)
    left = [int(line) for line in _cast().with_name("left").read_text().split()]
    print(json.dumps(report() | {"killed": killed, "left": left}))
