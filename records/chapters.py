"""The chapters of a case file, each gathered from its own room. None: there is nothing of this kind in the case."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from deliberation.models import Post
from ledger.models import Event, Visibility
from proposals import timeline
from proposals.models import Decision, Judgement, Photo, Proposal
from proposals.moves import MOVES
from proposals.sideways import SIDEWAYS
from voting.models import Ballot
from voting.outcomes import Measure, Outcome
from voting.states import Result
from voting.tally import Check
from voting.templatetags import ballots as words

from . import letters, papers
from .papers import Paragraph

STEPS = (
    *(move.verb for move in SIDEWAYS if move.verb not in ("classify", "succeed")),
    *("reopen", "start", "report", "complete", "conclude", "rectify", "succeed"),
)
BALLOT_RESULTS = {
    Result.PASSED: "通过",
    Result.NOT_PASSED: "未通过",
    Result.NO_QUORUM: "参与人数不足",
    Result.TIED: "票数相同，另行决选",
}
SOLVED = {Judgement.Solved.YES: "已解决", Judgement.Solved.PARTLY: "部分解决", Judgement.Solved.NO: "未解决"}
INSTANT = dt.timedelta(microseconds=1)
EVENTS = {
    "ballot.called": "发出表决公告",
    "ballot.opened": "开始投票",
    "ballot.closed": "计票",
    "ballot.stopped": "停止计票",
    "ballot.extended": "投票延期一次",
    "ballot.reminded": "提醒尚未投票的人",
    "ballot.slips_printed": "印发纸质票",
    "hands.entered": "录入举手计数",
    "hands.confirmed": "核对举手计数",
    "ballot.recounted": "重新计票",
    "ballot.annulled": "表决作废",
    "ballot.final": "表决结果生效",
    "objection.made": "提出异议",
    "objection.ruled": "异议处理",
    "roll.corrected": "更正名册",
    "case.judged": "评议",
    "post.added": "发言",
    "record.made": "制成文书",
    "text.erased": "依法删除文字",
}


@dataclass(frozen=True)
class Chapter:
    """anchor: also the name of its template. dated: the day or days it is about."""

    anchor: str
    title: str
    dated: str
    rows: Sequence[Any] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return f"records/papers/case_file/{self.anchor}.html"


@dataclass(frozen=True)
class Said:
    number: int
    name: str
    official: bool
    when: str
    text: str
    reply_to: int | None


@dataclass(frozen=True)
class Share:
    """One line of the two tallies: by heads, or by floor area in m²."""

    by: str
    roll: str
    papers: str
    needed: str
    yes: str
    no: str
    abstain: str
    yes_needed: str


@dataclass(frozen=True)
class Tally:
    question: str
    plan: list[Paragraph]
    opened: str
    closed: str
    result: str
    shares: list[Share]
    options: list[tuple[str, str, bool]]
    roll_hash: str


@dataclass(frozen=True)
class Answer:
    organ: str
    date: str
    version: int
    body: list[Paragraph]
    signed_as: str
    contact: str


@dataclass(frozen=True)
class Step:
    when: str
    title: str
    owner: str
    reason: str
    words: list[Paragraph]
    notes: list[str]


@dataclass(frozen=True)
class Given:
    who: str
    solved: str
    manner: int
    comment: str
    date: str
    round: int


@dataclass(frozen=True)
class Entry:
    number: int
    when: str
    title: str
    hash: str


def proposal(case: Proposal, event: Event) -> Chapter:
    pictures = [picture(photo) for photo in case.photos.all()]
    texts = [("现状", case.problem), ("希望怎样解决", case.wish)]
    told = [(label, papers.paragraphs(text)) for label, text in texts if text]
    return Chapter(
        "proposal",
        "提案",
        papers.date(case.submitted_at or event.at),
        told,
        {"place": case.place, "pictures": pictures},
    )


def picture(photo: Photo) -> str:
    """Under which name a photo's thumbnail is handed to the printer."""
    return f"photo-{photo.pk}"


def endorsements(case: Proposal, event: Event) -> Chapter | None:
    given = list(case.endorsements.filter(at__lte=event.at).order_by("at").values_list("at", flat=True))
    facts = {"count": len(given), "needed": case.endorsements_needed}
    return Chapter("endorsements", "附议情况", _span(given[0], given[-1]), facts=facts) if given else None


def talk(case: Proposal, event: Event) -> Chapter | None:
    """Every post of a public thread; where the words were erased, the number and the gap stay visible."""
    public = Post.objects.for_reading().filter(thread__chain=case.chain, thread__visibility=Visibility.PUBLIC)
    posts = list(public.filter(at__lte=event.at).order_by("number"))
    return Chapter("talk", "议事发言", _span(posts[0].at, posts[-1].at), [_said(p) for p in posts]) if posts else None


def ballots(case: Proposal, event: Event) -> Chapter | None:
    ended = list(Ballot.objects.ended().filter(chain=case.chain, closes_at__lte=event.at).order_by("closes_at"))
    when = _span(ended[0].opens_at, ended[-1].closes_at - INSTANT) if ended else ""
    return Chapter("ballots", "表决", when, [_tally(ballot) for ballot in ended]) if ended else None


def answers(case: Proposal, event: Event) -> Chapter | None:
    found = list(case.decisions.select_related("body").prefetch_related("points").filter(at__lte=event.at))
    return Chapter("answers", "答复", _span(found[0].at, found[-1].at), [_answer(d) for d in found]) if found else None


def steps(case: Proposal, event: Event) -> Chapter | None:
    """Hand-ups and what was done, in the words of those who did it."""
    kinds = {MOVES[verb].event for verb in STEPS}
    taken = [e for e in reversed(timeline.of(case)) if e.kind in kinds and e.number <= event.number]
    when = _span(taken[0].at, taken[-1].at) if taken else ""
    return Chapter("steps", "提级、交接与办理", when, [_step(entry) for entry in taken]) if taken else None


def judgements(case: Proposal, event: Event) -> Chapter | None:
    given = list(case.judgements.filter(at__lte=event.at))
    solved = sum(judgement.solved == Judgement.Solved.YES for judgement in given)
    when = _span(given[0].at, given[-1].at) if given else ""
    return Chapter("judgements", "评议", when, [_given(j) for j in given], {"solved": solved}) if given else None


def ledger(case: Proposal, event: Event) -> Chapter:
    """All events without a gap: what is not public shows that it happened, and its hash."""
    told = list(Event.objects.filter(chain_id=case.chain, number__lte=event.number).order_by("number"))
    rows = [Entry(e.number, papers.moment(e.at), _label(e), e.hash[: papers.HASH_HEAD]) for e in told]
    return Chapter("ledger", "全部经过", _span(told[0].at, event.at), rows)


def _said(post: Post) -> Said:
    return Said(
        number=post.number,
        name=post.speaker,
        official=bool(post.office),
        when=papers.moment(post.at),
        text=post.text,
        reply_to=post.reply_to.number if post.reply_to else None,
    )


def _tally(ballot: Ballot) -> Tally:
    return Tally(
        question=ballot.question,
        plan=papers.paragraphs(ballot.plan),
        opened=papers.moment(ballot.opens_at),
        closed=papers.deadline(ballot.closes_at),
        result=BALLOT_RESULTS[Result(ballot.result)] if ballot.result else "记录对不上，没有计票",
        shares=_shares(ballot.outcome) if ballot.outcome else [],
        options=_options(ballot) if ballot.outcome and ballot.options else [],
        roll_hash=ballot.roll_hash[: papers.HASH_HEAD],
    )


def _shares(outcome: Outcome) -> list[Share]:
    if outcome.method != "yes_no":
        return [_share(check, None) for check in outcome.participation]
    return [_share(check, one) for check, one in zip(outcome.participation, outcome.measures, strict=True)]


def _share(check: Check, counted: Measure | None) -> Share:
    by_area = counted is not None and counted.by_area
    figure = words.square if by_area else str
    plain = {"by": "按面积" if by_area else "按人数", "roll": figure(check.whole), "needed": figure(check.needed)}
    taking_part = f"{figure(check.part)}（{check.percent}%）"
    if counted is None:
        return Share(**plain, papers=taking_part, yes="—", no="—", abstain="—", yes_needed="—")
    yes = f"{figure(counted.yes)}（{counted.approval.percent}%）"
    rest = {"no": figure(counted.no), "abstain": figure(counted.abstain)}
    return Share(**plain, papers=taking_part, yes=yes, **rest, yes_needed=figure(counted.approval.needed))


def _options(ballot: Ballot) -> list[tuple[str, str, bool]]:
    """Each option, what was counted for it, and whether it was chosen."""
    return [(one["text"], _counted(one), one["won"]) for one in words.counted_options(ballot)]


def _counted(option: dict[str, Any]) -> str:
    if "measures" in option:
        return "；".join(f"同意 {words.amount(one.yes, one)}" for one in option["measures"])
    if "row" in option:
        return "、".join("—" if n is None else str(n) for n in option["row"])
    return str(option["count"])


def _answer(decision: Decision) -> Answer:
    return Answer(
        organ=decision.body.name,
        date=papers.date(decision.at),
        version=decision.version,
        body=letters.body(decision),
        signed_as=decision.signed_as,
        contact=decision.contact,
    )


def _step(entry: timeline.Entry) -> Step:
    return Step(
        when=papers.moment(entry.at),
        title=str(entry.title),
        owner=entry.owner,
        reason=str(entry.reason.label) if entry.reason else "",
        words=[paragraph for text in entry.words for paragraph in papers.paragraphs(text)],
        notes=[str(note) for note in entry.notes],
    )


def _given(judgement: Judgement) -> Given:
    return Given(
        who="提案人" if judgement.is_proposer else "附议居民",
        solved=SOLVED[Judgement.Solved(judgement.solved)],
        manner=judgement.manner,
        comment=judgement.comment,
        date=papers.date(judgement.at),
        round=judgement.round + 1,
    )


def _label(event: Event) -> str:
    if event.visibility != Visibility.PUBLIC and event.kind != "case.submitted":
        return "（不公开）"
    move = MOVES.get(event.payload.get("verb", ""))
    other, *_look = timeline.OTHERS.get(event.kind, (event.kind,))
    label = str(move.done) if move else EVENTS.get(event.kind, str(other))
    return f"{label} #{event.payload['number']}" if event.kind == "post.added" else label


def _span(first: dt.datetime, last: dt.datetime) -> str:
    begin, end = papers.date(first), papers.date(last)
    year = begin.partition("年")[0] + "年"
    return begin if begin == end else f"{begin}—{end.removeprefix(year)}"
