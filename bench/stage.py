"""Scenes played inside an installation: `python -m bench.stage <scene> …` prints what a measure has to know."""

import datetime as dt
import json
import os
import secrets
import sys
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from areas.models import Area
    from people.models import User

RESIDENT = "zhuyun@yuanyi.example"
ROUNDS, POSTS = 12, 30
CSRF = "a" * 32
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def case() -> dict[str, Any]:
    """A case with a long history, a vote that missed its quorum and a full discussion; and a resident's session."""
    from adapters import clock
    from areas.calendar import SHANGHAI
    from config.demo.tale import Tale
    from deliberation.models import Thread
    from people.models import User

    keys = {user.email.partition("@")[0]: user for user in User.objects.exclude(email="")}
    tale = Tale(keys, clock.now().astimezone(SHANGHAI))
    _file(tale)
    for n in range(ROUNDS):
        _up_and_down(tale, days_ago=70 - 3 * n)
    _fruitless_vote(tale)
    for n in range(POSTS):
        tale.says(
            ("huai", "lisi", "guo")[n % 3], f"第 {n + 1} 条：{'这件事还要再商量，先把大家的意见记下来。' * 3}", later=n
        )
    thread = Thread.objects.get(chain=tale.case.chain)
    return {"case": tale.case.number, "thread": thread.pk, "session": _session(keys["zhuyun"])}


def queries(session: str, thread: str, *paths: str) -> dict[str, Any]:
    """How many SQL statements each page takes, for a visitor and for whoever holds the session; and a post."""
    visitor, resident = _browser(), _browser(session)
    counted: dict[str, Any] = {path: [_cost(visitor.get, path), _cost(resident.get, path)] for path in paths}
    posts = [{"text": text, "csrfmiddlewaretoken": CSRF} for text in ("我第一次说话。", "我也同意。")]
    return counted | {"post": [_cost(resident.post, f"/talk/{thread}/say/", post) for post in posts][-1]}


def ballot(voters: str) -> dict[str, Any]:
    """A ballot that is open for an hour and the sessions of its voters. The first of them has voted already."""
    from adapters import clock
    from ledger.actors import SYSTEM
    from people.models import User
    from voting import balloting

    place, now = _electorate(int(voters)), clock.now()
    called = balloting.call(
        chain=f"case:{uuid.uuid4().hex}", area=place, question="要不要搭充电棚？", plan="24 个充电位。",
        opens_at=now, closes_at=now + dt.timedelta(hours=1), by=SYSTEM, at=now,
    )  # fmt: skip
    balloting.begin(called.pk, at=now)
    first, *others = sessions(User.objects.filter(residences__courtyard=place).order_by("pk"))
    paper = {"choice": "yes", "mine": "on", "csrfmiddlewaretoken": CSRF}
    cost = _cost(_browser(first).post, f"/ballots/{called.pk}/cast/", paper)
    return {"ballot": called.pk, "sessions": others, "queries": cost}


def count(pk: str) -> dict[str, Any]:
    """What lies in the urn, then the close, then what it counted."""
    from voting import counting
    from voting.models import Ballot

    held = Ballot.objects.get(pk=int(pk))
    laid = {"marks": held.turnout, "papers": held.papers.count(), "receipts": held.receipts.count()}
    counting.close(held.pk, at=held.closes_at)
    held = Ballot.objects.get(pk=held.pk)
    return laid | {choice: held.tally[choice][0] for choice in ("yes", "no", "abstain")}


def _file(tale: Any) -> None:
    tale.at(75).files(
        "huai", "槐荫里", title="把院子中间的空地铺平", place="院子中间", wish="请把空地铺平，装两盏灯，方便老人走路。",
        problem="院子中间的空地坑坑洼洼，下雨积水，老人和孩子都摔过，已经提了三年。",
    )  # fmt: skip
    tale.at(74).moves("huai-mod", "accept")
    tale.at(73).endorsed_by("lisi", "guo", "qing", "tang", "pan", "yue")
    tale.at(72).examined_by(
        "huai-mod", gains="老人：走路不摔", bears="一楼：施工三天", cause="多年没有铺过。", affected="全院四十户。",
        obstacles="没有经费。", units="院落小组、社区。",
    )  # fmt: skip


def _up_and_down(tale: Any, days_ago: int) -> None:
    tale.at(days_ago).moves("huai-chair", "hand_up", "院落没有经费，请社区安排。", reason="beyond_budget")
    tale.at(days_ago, 14).moves("jin-chair", "take_over")
    tale.at(days_ago - 1).moves("jin-chair", "hand_down", "属于院落小修，请先议出方案。", reason="self_rule")
    tale.at(days_ago - 1, 14).moves("huai-chair", "take_over")


def _fruitless_vote(tale: Any) -> None:
    tale.at(34).moves("huai-chair", "call_vote", "是否同意铺平空地？", plan="铺砖 120 平方米，装两盏灯。")
    tale.at(23)
    tale.at(22).moves("huai-chair", "reopen", "这次先上门听一遍意见。")


def _electorate(many: int) -> "Area":
    """A courtyard with so many adults whose homes are confirmed; made once."""
    from adapters import clock
    from areas.models import Area, Level
    from people.models import User

    found: Area | None = Area.objects.filter(code="BENCH").first()
    if found:
        return found
    place: Area = Area.objects.get(name="金鱼街社区").add_child(code="BENCH", name="投票院", level=Level.COURTYARD)
    now = clock.now()
    people = [_adult(n, now) for n in range(many)]
    _house(place, User.objects.bulk_create(people, batch_size=500), now)
    return place


def _adult(n: int, now: dt.datetime) -> "User":
    from people.models import User

    known = {"phone_verified": True, "adult_attested_at": now, "joined_at": now}
    user = User(name=f"住户{n}", phone=f"0001{n:07}", **known)
    user.set_unusable_password()
    return user


def _house(place: "Area", people: "Sequence[User]", now: dt.datetime) -> None:
    from people import homes
    from people.models import Residence, ResidenceState

    confirmed = {"state": ResidenceState.VERIFIED, "claimed_at": now, "checked_at": now}
    doors = [(user, str(user.pk), homes.household(place, "1", str(user.pk))) for user in people]
    rows = (Residence(user=u, courtyard=place, building="1", door=d, household=h, **confirmed) for u, d, h in doors)
    Residence.objects.bulk_create(rows, batch_size=500)


def sessions(people: "Iterable[User]") -> list[str]:
    """The key of a session for each, as if all had signed in."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    until = timezone.now() + dt.timedelta(days=1)
    rows = [
        Session(session_key=secrets.token_hex(16), session_data=_signed_in(each), expire_date=until) for each in people
    ]
    Session.objects.bulk_create(rows, batch_size=500)
    return [row.session_key for row in rows]


def _signed_in(user: "User") -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    facts = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]}
    return SessionStore().encode(facts | {HASH_SESSION_KEY: user.get_session_auth_hash()})


def _session(user: "User") -> str:
    from django.conf import settings

    browser = _browser()
    browser.force_login(user)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def _browser(session: str = "") -> Any:
    from django.conf import settings
    from django.test import Client

    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    browser.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    if session:
        browser.cookies[settings.SESSION_COOKIE_NAME] = session
    return browser


def _cost(ask: Callable[..., Any], path: str, *body: Any) -> int:
    """SQL statements of one request, without those that only begin and end transactions.

    A page is asked before, so that nothing is counted that is read once and kept.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if not body:
        ask(path)
    with CaptureQueriesContext(connection):
        connection.queries_log.clear()
        answer = ask(path, *body)
        made = [entry["sql"] for entry in connection.queries_log]
    assert answer.status_code in (200, 302), (path, answer.status_code)
    return sum(not sql.startswith(CONTROL) for sql in made)


SCENES: dict[str, Callable[..., Any]] = {scene.__name__: scene for scene in (case, queries, ballot, count)}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
