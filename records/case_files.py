"""The case file (全卷): everything public of a closed case in one paper, up to the event that closed it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.utils import translation

from ledger.models import Event
from proposals.models import Photo, Proposal

from . import chapters, headings, papers
from .chapters import Chapter
from .models import Record
from .papers import Paper

TITLE_LENGTH = 17
CHAPTERS: tuple[Callable[[Proposal, Event], Chapter | None], ...] = (
    chapters.proposal,
    chapters.endorsements,
    chapters.talk,
    chapters.ballots,
    chapters.answers,
    chapters.steps,
    chapters.judgements,
    chapters.ledger,
)


@dataclass(frozen=True, kw_only=True)
class CaseFile(Paper):
    """ledger: chain, last number and its hash, from which a reader checks the whole history."""

    template: ClassVar[str] = "records/papers/case_file.html"
    heading: list[str]
    cover: list[tuple[str, str]]
    chapters: list[Chapter]
    ledger: Event


def title(proposal: Proposal) -> str:
    return f"{proposal.title}（全卷）"


@translation.override("zh-hans")
def compose(record: Record) -> CaseFile:
    case = Proposal.objects.select_related("area", "proposer", "owner").get(chain=record.chain)
    return CaseFile(
        title=record.title,
        organ=case.owner.name if case.owner else "",
        at=record.event.at,
        imprint=papers.imprint(record),
        public=record.is_public,
        files={chapters.picture(photo): _read(photo) for photo in case.photos.all()},
        heading=headings.lines([case.title], TITLE_LENGTH),
        cover=_cover(case, record),
        chapters=[chapter for make in CHAPTERS if (chapter := make(case, record.event))],
        ledger=record.event,
    )


def _read(photo: Photo) -> bytes:
    with photo.thumbnail.open("rb") as kept:
        return bytes(kept.read())


def _cover(case: Proposal, record: Record) -> list[tuple[str, str]]:
    facts = [
        ("提案编号", case.number or ""),
        ("提案地点", "　".join(area.name for area in case.area.lineage())),
        ("提 案 人", case.proposer_name),
        ("承办单位", case.owner.name if case.owner else ""),
        ("提出日期", papers.date(case.submitted_at) if case.submitted_at else ""),
        ("办结日期", papers.date(record.event.at)),
        ("办理结果", str(case.status)),
        ("文　　号", record.number + (f"（第 {record.version} 版）" if record.version > 1 else "")),
    ]
    return [(label, value) for label, value in facts if value]
