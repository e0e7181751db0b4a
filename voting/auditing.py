"""Does what lies in the database add up? Asked before counting, and again whenever the whole record is verified."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery

from ledger import canonical
from ledger.models import Event
from ledger.verifying import Problem

from . import course, hands, paper, proceedings, publishing, rolls, slip_checks, urn
from .models import WAITING, Ballot, BallotPaper, RollEntry


def faults(ballot: Ballot) -> Iterator[Problem]:
    """What was changed behind the application's back: the call, the roll, the marks or a paper."""
    yield from _call(ballot)
    yield from _roll(ballot)
    yield from _numbers(ballot)
    yield from _papers(ballot)
    yield from slip_checks.faults(ballot)
    yield from course.faults(ballot)
    yield from proceedings.faults(ballot)
    yield from hands.faults(ballot)


def check() -> Iterator[Problem]:
    """Every ballot that has ended: is all as it was, and do the papers still give the result that was recorded?

    Of one that has not, only what was called and what time did to it: its marks and papers are still coming in.
    """
    for ballot in Ballot.objects.filter(state__in=WAITING).select_related("area").order_by("pk").iterator():
        yield from _call(ballot)
        yield from course.times(ballot)
    for ballot in Ballot.objects.ended().select_related("area").order_by("pk").iterator():
        found = list(faults(ballot))
        yield from found
        if ballot.is_stopped:
            yield Problem(_row(ballot), "was not counted: it did not add up when voting ended")
        else:
            yield from _result(ballot, recount=not found)
            yield from _file(ballot)


def _call(ballot: Ballot) -> Iterator[Problem]:
    event = _event(ballot, "ballot.called")
    if event is None:
        yield Problem(_row(ballot), "nothing in the ledger says that it was called")
        return
    told = (event.payload, event.actor, event.at)
    if told != (ballot.facts() | _as_called(ballot), ballot.called_by, ballot.called_at):
        yield Problem(_row(ballot), f"its caller, area, roll, rule or times are not those of {event}")
    for text in event.texts.filter(erased_by=None):
        if text.text != _words(ballot, text.field):
            yield Problem(_row(ballot), f"its {text.field} is not that of {event}")


def _words(ballot: Ballot, field: str) -> Any:
    kind, _mark, key = field.partition("_")
    return ballot.options.get(key) if kind == "option" else getattr(ballot, field)


def _as_called(ballot: Ballot) -> dict[str, int]:
    """The sums of the roll at the notice; corrections moved the ballot's own since."""
    if ballot.is_old:
        return {}
    rights = list(_frozen(ballot))
    return {"roll": len(rights), "roll_area": sum(area for _token, units in rights for _label, area in units)}


def _roll(ballot: Ballot) -> Iterator[Problem]:
    if _digest(ballot) != ballot.roll_hash:
        yield Problem(_row(ballot), "the roll is no longer as it was frozen")
    if ballot.is_old:
        return
    known, size, total = _corrected(ballot), 0, 0
    for entry in ballot.entries.order_by("pk").iterator():
        size, total = size + bool(entry.units), total + entry.floor_area
        if fault := _right_fault(ballot, entry, known.pop(entry.token, None)):
            yield Problem(f"voting.rollentry #{entry.pk}", fault)
    if known or (size, total) != (ballot.roll_size, ballot.roll_area):
        yield Problem(_row(ballot), "the size of its roll is not that of the rights on it")


def _right_fault(ballot: Ballot, entry: RollEntry, recorded: list[Any] | None) -> str:
    whose, pk = ("owner", entry.owner_id) if entry.owner_id else ("resident", entry.voter_id)
    if entry.token != rolls.token_of(ballot, whose, pk or 0):
        return "is no longer the right of whom it was given to"
    if entry.floor_area != sum(floor for _label, floor in entry.units):
        return "its floor area is not that of its units"
    if recorded != (None if entry.frozen is None else [entry.floor_area, canonical.digest(entry.units)]):
        return "was changed without a correction, or is not as it was corrected"
    return ""


def _corrected(ballot: Ballot) -> dict[str, list[Any]]:
    """What the ledger says last of each right that was corrected: its floor area, and the hash of its units."""
    mine = Event.objects.filter(subject_type=ballot._meta.label_lower, subject_id=str(ballot.pk))
    events = mine.filter(chain_id=ballot.chain, kind="roll.corrected").order_by("number")
    return {token: said for event in events for token, *said in event.payload["rights"]}


def _digest(ballot: Ballot) -> str:
    if ballot.is_old:
        return rolls.digest_of_people(ballot.pk, ballot.entries.values_list("voter_id", flat=True).iterator())
    return rolls.digest(_frozen(ballot))


def _frozen(ballot: Ballot) -> Iterator[tuple[str, Any]]:
    """Each right that was on the roll at the notice, with its units as they were then."""
    rights = ballot.entries.order_by("token").values_list("token", "units", "frozen").iterator()
    as_frozen = ((token, units if frozen is None else frozen) for token, units, frozen in rights)
    return ((token, units) for token, units in as_frozen if units)


def _numbers(ballot: Ballot) -> Iterator[Problem]:
    """The mark of a secret slip was made when its voter came, also where the slip then did not count."""
    marks, papers = ballot.turnout, ballot.papers.effective().count()
    codes = papers if ballot.is_named else ballot.receipts.count()
    aside = 0 if ballot.is_named else paper.not_in_the_urn(ballot)
    if not marks - aside == papers == codes:
        beside = f" and {aside} slips that do not count" if aside else ""
        yield Problem(_row(ballot), f"{marks} marks on the roll, but {papers} papers and {codes} receipts{beside}")
    strays = ballot.papers.effective().exclude(entry__ballot=ballot, entry__voted=True, entry__channel=F("channel"))
    if ballot.is_named and (stray := strays.count()):
        yield Problem(_row(ballot), f"{stray} papers of rights that are not on its roll or were not used")
    if not ballot.is_named and not paper.is_even(ballot):
        yield Problem(_row(ballot), "the channels of the marks on its roll do not fit its slips")


def _papers(ballot: Ballot) -> Iterator[Problem]:
    rows = ballot.papers.order_by("pk").values_list("content", "superseded", *urn.SEALED).iterator()
    for content, superseded, *sealed in rows:
        said = urn.unsealed(ballot.pk, *sealed)
        if said is None:
            yield Problem(f"voting.ballotpaper {sealed[0]}", "is not a paper that was cast in this ballot")
        elif content != (said if ballot.is_counted and not superseded else None):
            yield Problem(f"voting.ballotpaper {sealed[0]}", "does not say what was cast")
    if ballot.is_named:
        yield from _order(ballot)


def _order(ballot: Ballot) -> Iterator[Problem]:
    """Of a voter who changed their mind the last paper counts, and those before are all there."""
    mine = BallotPaper.objects.filter(entry=OuterRef("entry")).order_by().values("entry")
    counted = ballot.papers.effective().annotate(of=Subquery(mine.annotate(n=Count("pk")).values("n")))
    for pk, entry, of in counted.order_by("pk").values_list("pk", "entry", "of").iterator():
        if pk != urn.number_of(entry, of):
            yield Problem(f"voting.ballotpaper {pk}", "is not the last paper of its right")


def _result(ballot: Ballot, *, recount: bool) -> Iterator[Problem]:
    shown = ballot.tally
    if shown is None or course.recorded(ballot) != shown:
        yield Problem(_row(ballot), "the numbers shown are not those that the ledger recorded")
    elif ballot.result != shown["result"]:
        yield Problem(_row(ballot), "the result shown does not follow from the numbers")
    if recount and shown is not None and shown != _recounted(ballot, shown):
        yield Problem(_row(ballot), "the papers do not give the numbers shown")


def _recounted(ballot: Ballot, shown: dict[str, Any]) -> dict[str, Any]:
    """In the form of the tally shown: version 0.2 and before told heads only."""
    found = urn.tally(ballot)
    if "method" in shown:
        return found
    heads = {name: found[name][0] for name in ("roll", "papers", "yes", "no", "abstain")}
    return {"result": found["result"], **heads}


def _file(ballot: Ballot) -> Iterator[Problem]:
    if ballot.is_old or ballot.tally is None:
        return
    try:
        value = publishing.last_value(publishing.lines(ballot))
    except (ValueError, Event.DoesNotExist):
        value = None
    if value != publishing.published(ballot):
        yield Problem(_row(ballot), "its tally file is not the one that was published")


def _event(ballot: Ballot, kind: str) -> Event | None:
    mine = Event.objects.filter(subject_type=ballot._meta.label_lower, subject_id=str(ballot.pk))
    return mine.filter(chain_id=ballot.chain, kind=kind).first()


def _row(ballot: Ballot) -> str:
    return f"voting.ballot #{ballot.pk}"
