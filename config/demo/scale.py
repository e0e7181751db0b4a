"""Many generated cases in many states, with true histories: for looking at full pages and for measuring."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

from areas import calendar
from areas.models import Area, Body, Level
from ledger import bulk
from ledger.actors import SYSTEM
from ledger.bulk import Draft
from ledger.models import Visibility
from people.models import User
from proposals.models import Counter, Endorsement, Proposal
from proposals.states import ENDED, State

BATCH = 500
THINGS = (
    "路灯",
    "排水沟",
    "健身器材",
    "垃圾分类点",
    "电梯",
    "充电桩",
    "晾衣架",
    "门禁",
    "花坛",
    "停车位",
    "围墙",
    "雨棚",
    "信箱",
    "楼道窗",
)
TROUBLES = ("坏了没人修", "位置不合理", "数量不够", "晚上太吵", "有安全隐患", "长期被占用", "太旧要更新")
WISHES = ("请尽快安排人来看一看，给个准信。", "希望和邻居们一起商量出办法。", "请说明由谁负责、什么时候办好。")
# What a generated case has been through: (event, verb, state it leads to)
PATH = (
    ("case.submitted", "submit", State.SUBMITTED),
    ("case.accepted", "accept", State.ENDORSING),
    ("case.qualified", "qualify", State.DELIBERATING),
    ("case.handed_up", "hand_up", State.ESCALATED),
    ("case.taken_over", "take_over", State.DELIBERATING),
    ("case.handed_up", "hand_up", State.ESCALATED),
    ("case.handed_back", "hand_back", State.DELIBERATING),
    ("case.withdrawn", "withdraw", State.WITHDRAWN),
)
STOPS = (1, 2, 2, 3, 3, 3, 4, 5, 8)


def build(count: int, now: dt.datetime) -> Iterator[int]:
    """Make so many cases; yields how many there are so far. `manage.py verify` stays clean."""
    dice = random.Random(417)
    courtyards = list(Area.objects.filter(level=Level.COURTYARD, bodies__isnull=False))
    bodies = {body.area.path: body for body in Body.objects.select_related("area")}
    users = list(User.objects.filter(residences__state="verified")[:50])
    year = calendar.local_date(now).year
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        first = _reserve(year, size)
        cases, histories = [], {}
        for n in range(first, first + size):
            case, events = _case(dice, f"{year}-{n:04}", dice.choice(courtyards), bodies, dice.choice(users), now)
            cases.append(case)
            histories[case.chain] = events
        _store(cases, histories, dice)
        yield start + size


def _reserve(year: int, size: int) -> int:
    counter, _new = Counter.objects.get_or_create(year=year)
    Counter.objects.filter(pk=year).update(last=counter.last + size)
    return counter.last + 1


def _case(
    dice: random.Random, number: str, area: Area, bodies: dict[str, Body], proposer: User, now: dt.datetime
) -> tuple[Proposal, list[Draft]]:
    at = now - dt.timedelta(days=dice.randint(5, 300), minutes=dice.randint(0, 1439))
    owner = bodies[area.path]
    upper = bodies[area.path[: -Area.steplen]]
    title = f"{dice.randint(1, 12)} 栋{dice.choice(THINGS)}{dice.choice(TROUBLES)}"
    case = Proposal(
        number=number,
        area=area,
        level=area.level,
        owner=owner,
        proposer=proposer,
        title=title,
        created_at=at,
        problem=f"{title}，影响出入的住户，已经{dice.randint(2, 12)}个月了。",
        wish=dice.choice(WISHES),
        place=f"{dice.randint(1, 12)} 栋旁",
        submitted_at=at,
        state_since=at,
        owner_since=at,
        endorsements_needed=5,
    )
    events = []
    for kind, verb, state in itertools.islice(PATH, dice.choice(STOPS)):
        holder = upper if state == State.ESCALATED or verb == "take_over" else owner
        events.append(_event(case, kind, verb, state, holder, at, proposer))
        _arrive(case, state, holder, at, dice)
        at = min(at + dt.timedelta(days=dice.randint(1, 6)), now)
    return case, events


def _event(case: Proposal, kind: str, verb: str, state: State, owner: Body, at: dt.datetime, proposer: User) -> Draft:
    payload: dict[str, Any] = {"verb": verb, "to": str(state), "owner": owner.pk, "level": owner.area.level}
    texts = {"title": case.title, "problem": case.problem, "wish": case.wish} if verb == "submit" else {}
    seen = Visibility.PARTIES if verb == "submit" else Visibility.PUBLIC
    return Draft(kind, ("proposals.proposal", case.chain), SYSTEM.REF, at, payload, seen, texts)


def _arrive(case: Proposal, state: State, owner: Body, at: dt.datetime, dice: random.Random) -> None:
    ended = state in ENDED
    case.left_state = State.DELIBERATING if state == State.ESCALATED else ""
    case.left_owner = case.owner if state == State.ESCALATED else None
    case.state, case.owner, case.level, case.state_since = state, owner, owner.area.level, at
    case.due_at = None if ended else calendar.add_workdays(at, dice.choice((3, 10, 30, 60))).at
    case.closed_at, case.outcome = (at if ended else None), ""


def _store(cases: list[Proposal], histories: dict[str, list[Draft]], dice: random.Random) -> None:
    Proposal.objects.bulk_create(cases, batch_size=200)
    keys = {case.chain: str(case.pk) for case in cases}
    for chain, drafts in histories.items():
        for draft in drafts:
            draft.subject = (draft.subject[0], keys[chain])
    bulk.write(histories)
    Endorsement.objects.bulk_create(
        [
            Endorsement(proposal=case, household=f"{n:064x}", at=case.created_at)
            for case in cases
            if case.state != State.SUBMITTED
            for n in range(dice.randint(0, 9))
        ],
        batch_size=1000,
    )
