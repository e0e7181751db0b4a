"""The tally file of a counted ballot: made from what is kept, the same bytes each time, its last value on record."""

import json
from collections.abc import Iterable, Iterator

from django.utils import translation

from ledger.models import Event

from . import corrections, hands, paper, statutes, tallyfile
from .models import Ballot
from .tallyfile import Basis, Correction, Hands, NamedPaper, Right, TallyFacts

COUNTED = ("ballot.closed", "ballot.recounted")
PUBLISHED = "ballot.published"


def lines(ballot: Ballot) -> Iterator[bytes]:
    """Of a ballot that has been counted; in constant memory. ValueError for one of version 0.2 and before."""
    if ballot.is_old:
        raise ValueError("Ballots of version 0.2 and before kept too little for a tally file.")
    facts, rights, made, invalid = _facts(ballot), _rights(ballot), _corrections(ballot), paper.invalid(ballot)
    if ballot.is_named:
        return tallyfile.named(facts, rights=rights, corrections=made, papers=_papers(ballot), invalid=invalid)
    if ballot.is_show:
        return tallyfile.show(facts, rights=rights, corrections=made, hands=_hands(ballot))
    receipts = ballot.receipts.order_by("code").values_list("code", flat=True).iterator()
    choices = ballot.papers.order_by("pk").values_list("content", flat=True).iterator()
    return tallyfile.secret(facts, rights=rights, corrections=made, receipts=receipts, choices=choices, invalid=invalid)


def last_value(written: Iterable[bytes]) -> str:
    """The chain value of the last line: whoever knows it can tell whether a file is this one."""
    last = b""
    for line in written:
        last = line
    return str(json.loads(last)["chain"])


def published(ballot: Ballot) -> str:
    """The last chain value as the ledger has it; empty when there is no file."""
    mine = Event.objects.filter(chain_id=ballot.chain, kind=PUBLISHED, payload__ballot=ballot.pk)
    event = mine.order_by("-number").first()
    return event.payload["value"] if event else ""


def _facts(ballot: Ballot) -> TallyFacts:
    rights = ballot.entries.values_list("units", "frozen").iterator()
    frozen = [units for units in (now if then is None else then for now, then in rights) if units]
    return TallyFacts(
        ballot=ballot.pk,
        case=ballot.chain,
        area=ballot.area.code,
        question=ballot.question,
        plan=ballot.plan,
        called_at=ballot.called_at,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        terms=ballot.rule.data(),
        basis=_basis(ballot.rule.basis),
        labels=ballot.options,
        roll_heads=len(frozen),
        roll_area=sum(area for units in frozen for _label, area in units),
        roll_hash=ballot.roll_hash,
        channels=paper.channels(ballot),
        result=ballot.tally,
        root=_count_event(ballot).hash,
    )


def _count_event(ballot: Ballot) -> Event:
    mine = Event.objects.filter(chain_id=ballot.chain, kind__in=COUNTED, payload__ballot=ballot.pk)
    event: Event = mine.latest("number")
    return event


def _basis(code: str) -> Basis:
    """In Chinese, whatever the language of the one who asks for the file: it is the same for all."""
    with translation.override("zh-hans"):
        statute = statutes.get(code)
        return Basis(code, str(statute.title), str(statute.basis))


def _rights(ballot: Ballot) -> Iterator[Right]:
    rows = ballot.entries.order_by("token").values_list("token", "label", "units", "frozen").iterator()
    for token, label, units, frozen in rows:
        yield Right(token, label, units, frozen)


def _corrections(ballot: Ballot) -> Iterator[Correction]:
    for token, made in corrections.made(ballot):
        assert made.made_at is not None and made.made_by is not None
        by = (made.asked_by.actor_ref(ballot.chain), made.made_by.actor_ref(ballot.chain))
        yield Correction(token, made.reason, made.made_at, by)


def _hands(ballot: Ballot) -> Hands | None:
    if (count := hands.counted(ballot)) is None:
        return None
    return Hands(count.present, count.counts, ballot.place, count.minutes_hash, hands.officers(ballot))


def _papers(ballot: Ballot) -> Iterator[NamedPaper]:
    papers = ballot.papers.effective().order_by("entry__token")
    for row in papers.values_list("entry__token", "channel", "receipt", "content").iterator():
        yield NamedPaper(*row)
