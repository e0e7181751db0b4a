"""The decision letter (答复函): a body's official answer, laid out after GB/T 9704-2012 without red head or seal."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils import translation

from ledger.models import Event
from proposals.models import Decision, Proposal

from . import headings, papers
from .models import Record
from .papers import Paper, Paragraph

TITLE_LENGTH = 20
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
        opening=f"你们提出的“{proposal.title}”提案（编号：{proposal.number}）收悉。经研究，现答复如下。",
        body=body(decision),
        signed_as=decision.signed_as,
        contact=decision.contact,
    )


def answered(event: Event) -> Decision:
    """The answer that an event `case.decided` published."""
    found = Decision.objects.select_related("proposal__proposer", "body__area")
    return found.get(pk=event.payload["decision"], proposal__chain=event.chain_id)


def _addressee(proposal: Proposal) -> str:
    households = proposal.endorsements.count()
    return f"{proposal.proposer_name}及{households}户附议居民" if households else str(proposal.proposer_name)


def body(decision: Decision) -> list[Paragraph]:
    """The parts of the answer, each led by its name; a part without words is left out.

    The parts bear no numerals: those that the officer wrote are the only ones.
    """
    parts = {
        "答复意见": _conclusion(decision),
        "理由": decision.reasons,
        "办理安排": decision.actions,
        "依据": decision.basis,
    }
    return [paragraph for name, text in parts.items() for paragraph in _part(name, papers.paragraphs(text))]


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
