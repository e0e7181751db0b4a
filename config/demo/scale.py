"""Many generated cases in many states, with true histories: for looking at full pages and for measuring."""

import datetime as dt
import functools
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
from proposals import deadlines, limits
from proposals.models import Counter, Endorsement, Proposal
from proposals.states import DETOURS, ENDED, State

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
Path = tuple[tuple[str, str, State], ...]
PATH: Path = (
    ("case.submitted", "submit", State.SUBMITTED),
    ("case.accepted", "accept", State.ENDORSING),
    ("case.qualified", "qualify", State.SCREENING),
    ("case.opened", "open", State.DELIBERATING),
    ("case.handed_up", "hand_up", State.ESCALATED),
    ("case.taken_over", "take_over", State.DELIBERATING),
)
WITHDRAWN = (*PATH[:2], ("case.withdrawn", "withdraw", State.WITHDRAWN))
OPEN: tuple[Path, ...] = (PATH[:1], PATH[:2], PATH[:2], PATH[:3], PATH[:4], PATH[:4], PATH[:4], PATH[:5], PATH)
PATHS = (*OPEN, WITHDRAWN)


def build(count: int, now: dt.datetime, paths: tuple[Path, ...] = PATHS) -> Iterator[int]:
    """Make so many cases; yields how many there are so far. `manage.py verify` stays clean.

    Less than half of each clock's time is over: no sweep has anything to say today.
    """
    dice = random.Random(417)
    period = functools.cache(limits.period)
    courtyards = list(Area.objects.filter(level=Level.COURTYARD, bodies__isnull=False))
    bodies = {body.area.path: body for body in Body.objects.select_related("area")}
    users = list(User.objects.filter(residences__state="verified")[:50])
    year = calendar.local_date(now).year
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        first = _reserve(year, size)
        cases: list[Proposal] = []
        histories: dict[str, list[Draft]] = {}
        for n in range(first, first + size):
            area, path = dice.choice(courtyards), dice.choice(paths)
            owner, upper = bodies[area.path], bodies[area.path[: -Area.steplen]]
            times = _times(dice, path, period(owner.area, path[-1][2]) if path[-1][2] not in ENDED else None, now)
            case = _case(dice, f"{year}-{n:04}", area, owner, dice.choice(users), times[0])
            cases.append(case)
            histories[case.chain] = []
            for (kind, verb, state), at in zip(path, times, strict=True):
                before, holder = str(case.state), upper if verb in ("hand_up", "take_over") else owner
                _arrive(case, state, holder, at, period(holder.area, state) if state not in ENDED else None)
                histories[case.chain].append(_event(case, kind, verb, before, at))
        _store(cases, histories, dice)
        yield start + size


def _reserve(year: int, size: int) -> int:
    counter, _new = Counter.objects.get_or_create(year=year)
    Counter.objects.filter(pk=year).update(last=counter.last + size)
    return counter.last + 1


def _times(dice: random.Random, path: Path, period: dict[str, Any] | None, now: dt.datetime) -> list[dt.datetime]:
    """When each step was: the last one before half of its time was over, those before it within a day and a half."""
    days = dice.random() * (period["n"] - 1) / 2 if period else dice.randint(5, 300)
    times = [now - dt.timedelta(days=days)]
    for _earlier in path[1:]:
        times.append(times[-1] - dt.timedelta(hours=dice.randint(2, 36)))
    return times[::-1]


def _case(dice: random.Random, number: str, area: Area, owner: Body, proposer: User, at: dt.datetime) -> Proposal:
    title = f"{dice.randint(1, 12)} 栋{dice.choice(THINGS)}{dice.choice(TROUBLES)}"
    return Proposal(
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


def _event(case: Proposal, kind: str, verb: str, before: str, at: dt.datetime) -> Draft:
    """With how the case stands after it, as proposals.lifecycle.record_standing tells it."""
    payload: dict[str, Any] = {
        "verb": verb,
        "from": before,
        "to": str(case.state),
        "owner": case.owner_id,
        "level": int(case.level),
        "due": case.due_at.isoformat() if case.due_at else None,
        "stage": 0,
    }
    texts = {"title": case.title, "problem": case.problem, "wish": case.wish} if verb == "submit" else {}
    seen = Visibility.PARTIES if verb == "submit" else Visibility.PUBLIC
    return Draft(kind, ("proposals.proposal", case.chain), SYSTEM.REF, at, payload, seen, texts)


def _arrive(case: Proposal, state: State, owner: Body, at: dt.datetime, period: dict[str, Any] | None) -> None:
    held = deadlines.stop(case, at) if state in DETOURS else {}
    for name, value in deadlines.start(owner.area, state, at, period).items():
        setattr(case, name, value)
    case.held, case.left_state = held, case.state if state in DETOURS else ""
    case.left_owner = case.owner if state in DETOURS else None
    if case.owner != owner:
        case.owner, case.level, case.owner_since = owner, owner.area.level, at
    case.state, case.state_since = state, at
    case.closed_at = at if state in ENDED else None


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
