"""The decision letter (答复函): a body's official answer, laid out after GB/T 9704-2012 without red head or seal."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils import translation

from ledger.models import Event
from proposals.models import Decision, Point, Proposal

from . import headings, papers
from .models import Record
from .papers import Paper, Paragraph

TITLE_LENGTH = 20
NUMERALS = "一二三四五六七八九十"
RESULTS = {
    Decision.Result.ADOPTED: "采纳",
    Decision.Result.PARTLY: "部分采纳",
    Decision.Result.DECLINED: "不采纳",
}


@dataclass(frozen=True, kw_only=True)
class DecisionLetter(Paper):
    template: ClassVar[str] = "records/papers/decision_letter.html"
    heading: list[str]
    addressee: str
    opening: str
    body: list[Paragraph]
    signed_as: str
    contact: str


def title(proposal: Proposal) -> str:
    return f"关于“{proposal.title}”提案的答复"


@translation.override("zh-hans")
def compose(record: Record) -> DecisionLetter:
    decision = answered(record.event)
    proposal, organ = decision.proposal, decision.body.name
    return DecisionLetter(
        title=record.title,
        organ=organ,
        at=record.event.at,
        imprint=papers.imprint(record),
        public=record.is_public,
        heading=headings.lines([organ, record.title], TITLE_LENGTH),
        addressee=_addressee(proposal),
        opening=_opening(decision),
        body=body(decision),
        signed_as=decision.signed_as,
        contact=decision.contact,
    )


def answered(event: Event) -> Decision:
    """The answer that an event `case.decided` or `case.corrected` published."""
    found = Decision.objects.select_related("proposal__proposer", "body__area").prefetch_related("points")
    return found.get(pk=event.payload["decision"], proposal__chain=event.chain_id)


def _addressee(proposal: Proposal) -> str:
    households = proposal.endorsements.count()
    return f"{proposal.proposer_name}及{households}户附议居民" if households else str(proposal.proposer_name)


def _opening(decision: Decision) -> str:
    proposal = decision.proposal
    named = f"你们提出的“{proposal.title}”提案（编号：{proposal.number}）"
    if decision.correction:
        return f"{named}，原答复有需要更正之处，现重新答复如下，以本次答复为准。"
    return f"{named}收悉。经研究，现答复如下。"


def body(decision: Decision) -> list[Paragraph]:
    """The parts of the answer, each led by its name; a part without words is left out.

    Only the points bear numerals, and those that the officer wrote.
    """
    before = {"更正说明": _ended(decision.correction), "答复意见": _ended(_conclusion(decision))}
    after = {
        "理由": decision.reasons,
        "对主要意见的回应": decision.arguments,
        "事实和证据": decision.evidence,
        "方案比较": decision.options,
        "依据": _ended(decision.basis),
        "办理安排": decision.actions,
        "费用": _ended(decision.cost),
        "复查日期": f"{papers.day(decision.review_on)}。" if decision.review_on else "",
    }
    return [*_parts(before), *_part("逐项答复", _points(decision)), *_parts(after)]


def _parts(texts: dict[str, str]) -> list[Paragraph]:
    return [paragraph for name, text in texts.items() for paragraph in _part(name, papers.paragraphs(text))]


def _points(decision: Decision) -> list[Paragraph]:
    """A single point needs no numeral."""
    points = list(decision.points.all())
    numerals = [f"（{numeral}）" for numeral in NUMERALS] if len(points) > 1 else [""]
    return [_point(numeral, point) for numeral, point in zip(numerals, points, strict=False)]


def _point(numeral: str, point: Point) -> Paragraph:
    lead = f"{numeral}关于“{point.wish.rstrip('。；，、')}”。"
    said = f"{RESULTS[Decision.Result(point.result)]}。{_ended(point.reason)}"
    return Paragraph("two", lead, said) if numeral else Paragraph("", lead + said)


def _ended(text: str) -> str:
    """What was typed as a phrase stands in the letter as a sentence."""
    return text if not text or text[-1] in "。！？；….!?;" else f"{text}。"


def _conclusion(decision: Decision) -> str:
    result = RESULTS[Decision.Result(decision.result)]
    return decision.summary if decision.summary.startswith(result) else f"{result}。{decision.summary}"


def _part(name: str, written: list[Paragraph]) -> list[Paragraph]:
    """The name runs into the first paragraph, unless that one is a heading of its own."""
    if not written:
        return []
    first, *others = written
    if first.level:
        return [Paragraph("head", f"{name}："), first, *others]
    return [Paragraph("lead", f"{name}：", first.lead), *others]
