"""One case through all doors of the domain, as short as the rules allow: what the papers are made of."""

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from deliberation import discussion
from deliberation.models import Thread
from ledger import following
from ledger.models import Event
from people.models import User
from people.roles import RoleKey
from proposals import decision, endorsement, evaluation, lifecycle, photos, screening
from proposals.models import Proposal
from tests import build
from voting import casting
from voting import clock as voting_clock
from voting.models import Ballot

AT, DAY = build.AT, dt.timedelta(days=1)
TITLE = "东门外路口增设过街信号灯"
PROBLEM = "放学时段车速快，老人过街要等三四分钟。今年以来同一位置已发生3起剐蹭。"
REASONS = """（一）关于“放学时段车速快”。采纳。11月10日至12日实测，16:00—18:00平均车速41公里/小时，确实偏快。
（二）关于“立即安装信号灯”。暂不采纳。该路口距抚琴路口信号灯96米，间距过近会互相影响，须联动改造。
实地测量由璟珹洺邨四处院落的居民见证。"""
ANSWER: dict[str, Any] = {
    "result": "partly",
    "summary": "年底前装减速带和提示桩；信号灯列入2027年计划。",
    "points": [
        {"wish": "装好以前先装减速带。", "result": "adopted", "reason": "车速确实偏快，12月20日前装好。"},
        {"wish": "在东门外路口装过街信号灯", "result": "declined", "reason": "间距不足，须联动改造。"},
    ],
    "reasons": REASONS,
    "arguments": "有居民主张先装减速带：采纳。有居民主张立即装灯：列入明年计划。",
    "evidence": "11月10日至12日实测记录；3起剐蹭的报警记录。",
    "options": "减速带、信号灯、岗亭三种办法：减速带最快，信号灯要联动改造，岗亭无人值守。",
    "basis": "街道权责清单第31项",
    "actions": "由街道城市管理办公室负责，12月20日前完成。",
    "cost": "2.6万元，街道小修经费",
    "review_on": dt.date(2027, 6, 1),
    "contact": "顾南枝，028-0000-0188",
}
SCREENING = {
    "cause": "路口无减速设施。",
    "affected": "过街的老人和学生。",
    "obstacles": "信号灯间距不足。",
    "units": "街道城市管理办公室。",
}
PARTIES = [screening.Party("过街居民", "gains", "过街安全"), screening.Party("司机", "bears", "要减速")]


@dataclass
class Cast:
    """Who takes part, and where the case stands."""

    case: Proposal
    neighbours: list[User]
    chair: User
    decider: User
    moderator: User


def submitted(*, title: str = TITLE, courtyard: str = "槐荫里", pictures: int = 0) -> Cast:
    home = build.courtyard(courtyard)
    neighbours = [build.person(f"居民{n}", home) for n in range(1, 6)]
    neighbours[0].name = "老槐树下"
    neighbours[0].save()
    body = build.body(home)
    case = Proposal.objects.create(
        area=home,
        level=home.level,
        proposer=neighbours[0],
        title=title,
        problem=PROBLEM,
        wish="在东门外路口装过街信号灯，装好以前先装减速带。",
        place="东门外路口",
        created_at=AT,
        state_since=AT,
    )
    for number in range(pictures):
        _photo(case, number)
    moderator = build.staff("平小满", body, RoleKey.MODERATOR)
    chair, decider = build.staff("白露", body, RoleKey.CHAIR), build.staff("乔明远", body, RoleKey.DECIDER)
    cast = Cast(case, neighbours, chair, decider, moderator)
    lifecycle.move(case, "submit", by=neighbours[0], at=AT)
    lifecycle.move(case, "accept", by=moderator, at=AT)
    return cast


def discussed(cast: Cast, *, posts: int = 2) -> Thread:
    for neighbour in cast.neighbours:
        endorsement.endorse(cast.case, by=neighbour, at=AT + DAY)
    cast.case.refresh_from_db()
    screening.write(cast.case, by=cast.moderator, at=AT + DAY, parties=PARTIES, **SCREENING)
    lifecycle.move(cast.case, "open", by=cast.moderator, at=AT + DAY)
    thread = Thread.objects.get(chain=cast.case.chain)
    first = None
    for number in range(posts):
        who, when = cast.neighbours[number % 5], AT + 2 * DAY + number * dt.timedelta(minutes=7)
        text = f"第{number + 1}条意见：放学时车确实快，我觉得先装减速带，再看信号灯。"
        post = discussion.say(thread, by=who, text=text, at=when, reply_to=first if number % 3 == 2 else None)
        first = first or post
    return thread


def decided(cast: Cast, *, reasons: str = REASONS) -> Event:
    """Voted, resolved and answered; the event is the one that the letter follows."""
    case = cast.case
    question = {"text": "是否同意先装减速带？", "plan": "12月20日前装减速带2道。"}
    lifecycle.move(case, "call_vote", by=cast.chair, at=AT + 3 * DAY, texts=question)
    voting_clock.sweep(AT + 3 * DAY)
    ballot = Ballot.objects.get(chain=case.chain)
    for number, neighbour in enumerate(cast.neighbours[:4]):
        casting.cast(ballot, by=neighbour, choice="yes" if number else "no", at=AT + 4 * DAY)
    voting_clock.sweep(ballot.closes_at)
    _deliver("proposals.ballot_final", ballot.closes_at)
    case.refresh_from_db()
    lifecycle.move(case, "take_up", by=cast.chair, at=AT + 12 * DAY)
    return answered(cast, at=AT + 13 * DAY, reasons=reasons)


def answered(cast: Cast, *, at: dt.datetime, reasons: str = REASONS) -> Event:
    decision.publish(cast.case, by=cast.decider, at=at, **ANSWER | {"reasons": reasons})
    return Event.objects.filter(chain_id=cast.case.chain, kind="case.decided").latest("number")


def corrected(cast: Cast, *, at: dt.datetime, **changes: Any) -> Event:
    correction = {"correction": "费用写错了：是2.8万元，不是2.6万元。", "cost": "2.8万元，街道小修经费"}
    decision.correct(cast.case, by=cast.decider, at=at, **ANSWER | correction | changes)
    return Event.objects.filter(chain_id=cast.case.chain, kind="case.corrected").latest("number")


def closed(cast: Cast) -> Event:
    case, (proposer, neighbour, *_) = cast.case, cast.neighbours
    plan, done = {"text": "城管办12月1日进场。"}, {"text": "减速带2道、提示桩6根已装好。"}
    lifecycle.move(case, "start", by=cast.chair, at=AT + 14 * DAY, texts=plan)
    lifecycle.move(case, "complete", by=cast.chair, at=AT + 20 * DAY, texts=done)
    evaluation.judge(case, by=neighbour, at=AT + 21 * DAY, solved="partly", manner=4, comment="还想要信号灯。")
    evaluation.judge(case, by=proposer, at=AT + 22 * DAY, solved="yes", manner=5)
    return Event.objects.get(chain_id=case.chain, kind="case.closed")


def whole(*, posts: int = 2, pictures: int = 0, **place: str) -> Event:
    """A closed case; nothing of it has been delivered to records yet."""
    cast = submitted(pictures=pictures, **place)
    discussed(cast, posts=posts)
    decided(cast)
    return closed(cast)


def _deliver(follower: str, at: dt.datetime) -> None:
    while following.deliver(at, only=follower):
        pass


def _photo(case: Proposal, number: int) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (480, 360), (90 + 20 * number, 140, 160)).save(picture, "JPEG")
    photos.add(case, SimpleUploadedFile("photo.jpg", picture.getvalue()), at=AT)
