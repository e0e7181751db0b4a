"""Making a record: its number is reserved, it is printed outside any transaction, and kept together with its event."""

import hashlib
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db import transaction

from adapters.printing import Pdf
from areas.models import Body
from ledger.actors import SYSTEM
from ledger.models import Chain, Event, Visibility
from ledger.recording import record as write_event
from proposals.models import Proposal

from . import case_files, letters, numbering, papers
from .models import Kind, Record, Series, storage
from .papers import Paper

TITLES: dict[str, Callable[[Proposal], str]] = {Kind.DECISION: letters.title, Kind.CASE_FILE: case_files.title}
COMPOSERS: dict[str, Callable[[Record], Paper]] = {Kind.DECISION: letters.compose, Kind.CASE_FILE: case_files.compose}


def make(kind: Kind, event: Event) -> Record:
    """The one record of this kind for this event. Safe to repeat, also after a death at any point."""
    record = reserve(kind, event)
    return record if record.is_made else keep(record, papers.pdf(COMPOSERS[kind](record)))


@transaction.atomic
def reserve(kind: Kind, event: Event) -> Record:
    """Number, version and code, fixed before printing because they stand on the paper."""
    _lock(event.chain_id)
    if kept := Record.objects.filter(event=event, kind=kind).first():
        return kept
    earlier = Record.objects.filter(chain=event.chain_id, kind=kind).order_by("version").last()
    return Record.objects.create(
        chain=event.chain_id,
        event=event,
        kind=kind,
        number=_number(kind, event, earlier),
        version=earlier.version + 1 if earlier else 1,
        title=TITLES[kind](Proposal.objects.get(chain=event.chain_id)),
        visibility=event.visibility,
    )


def keep(record: Record, pdf: Pdf) -> Record:
    """Store the bytes, then row and event in one step. Whoever comes second keeps what the first one made."""
    sha256 = hashlib.sha256(pdf.content).hexdigest()
    name = _store(pdf.content, sha256)
    with transaction.atomic():
        _lock(record.chain)
        record.refresh_from_db()
        if record.is_made:
            return record
        record.file.name, record.sha256 = name, sha256
        record.size, record.pages, record.made_at = len(pdf.content), pdf.pages, record.event.at
        record.save()
        _supersede(record)
        write_event(
            "record.made",
            chain=record.chain,
            subject=record,
            by=SYSTEM,
            at=record.made_at,
            visibility=Visibility(record.visibility),
            **record.facts(),
        )
    return record


def _lock(chain: str) -> None:
    """One maker at a time for one case."""
    Chain.objects.select_for_update().get(pk=chain)


def _number(kind: Kind, event: Event, earlier: Record | None) -> str:
    """A new version by the same organ keeps the number; the organ is the one that had the case at the event."""
    word = numbering.word(Body.objects.select_related("area").get(pk=event.payload["owner"]).area, kind)
    if earlier and earlier.number.startswith(f"{word}〔"):
        return earlier.number
    return Series.next_number(word, event.at.astimezone(papers.SHANGHAI).year)


def _supersede(record: Record) -> None:
    """All versions of this paper point to the newest, in whatever order they were made."""
    made = Record.objects.made().filter(chain=record.chain, kind=record.kind)
    newest = made.latest("version")
    made.exclude(pk=newest.pk).update(superseded_by=newest)


def _store(content: bytes, sha256: str) -> str:
    """Content-addressed: the same bytes lie once. A file that a dying process left incomplete is written anew."""
    name, disk = f"{sha256[:2]}/{sha256}.pdf", storage()
    if disk.exists(name):
        with disk.open(name) as kept:
            if hashlib.file_digest(kept, "sha256").hexdigest() == sha256:
                return name
        disk.delete(name)
    return disk.save(name, ContentFile(content))
