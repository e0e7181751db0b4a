"""Does what lies in the database add up? Asked before counting, and again whenever the whole record is verified."""

from collections.abc import Iterator

from ledger.models import Event
from ledger.verifying import Problem

from . import envelopes, rolls, tally
from .models import Ballot
from .tally import Outcome


def faults(ballot: Ballot) -> Iterator[Problem]:
    """What was changed behind the application's back: the call, the roll, the marks or a paper."""
    yield from _call(ballot)
    yield from _roll(ballot)
    yield from _numbers(ballot)
    yield from _papers(ballot)


def check() -> Iterator[Problem]:
    """Every ballot that has ended: is all as it was, and do the papers still give the result that was recorded?"""
    for ballot in Ballot.objects.ended().select_related("area").order_by("pk").iterator():
        found = list(faults(ballot))
        yield from found
        if ballot.is_stopped:
            yield Problem(_row(ballot), "was not counted: it did not add up when voting ended")
        else:
            yield from _result(ballot, recount=not found)


def _call(ballot: Ballot) -> Iterator[Problem]:
    event = _event(ballot, "ballot.called")
    if event is None:
        yield Problem(_row(ballot), "nothing in the ledger says that it was called")
        return
    if event.payload != ballot.facts():
        yield Problem(_row(ballot), f"its area, roll, rule or times are not those of {event}")
    for text in event.texts.filter(erased_by=None):
        if text.text != getattr(ballot, text.field):
            yield Problem(_row(ballot), f"its {text.field} is not that of {event}")


def _roll(ballot: Ballot) -> Iterator[Problem]:
    if rolls.digest(ballot.pk, ballot.entries.values_list("voter_id", flat=True).iterator()) != ballot.roll_hash:
        yield Problem(_row(ballot), "the roll is no longer as it was frozen")


def _numbers(ballot: Ballot) -> Iterator[Problem]:
    marks, papers, codes = ballot.turnout, ballot.papers.count(), ballot.receipts.count()
    if not marks == papers == codes:
        yield Problem(_row(ballot), f"{marks} marks on the roll, but {papers} papers and {codes} receipts")


def _papers(ballot: Ballot) -> Iterator[Problem]:
    for pk, envelope, choice in ballot.papers.order_by("pk").values_list("pk", "envelope", "choice").iterator():
        sealed = envelopes.unseal(ballot.pk, pk, envelope)
        if sealed is None:
            yield Problem(f"voting.ballotpaper {pk}", "is not a paper that was cast in this ballot")
        elif choice != (sealed.value if ballot.is_closed else ""):
            yield Problem(f"voting.ballotpaper {pk}", "does not say what was cast")


def _result(ballot: Ballot, *, recount: bool) -> Iterator[Problem]:
    event, shown = _event(ballot, "ballot.closed"), ballot.outcome
    if event is None or shown is None or event.payload != {"ballot": ballot.pk} | shown.data():
        yield Problem(_row(ballot), "the numbers shown are not those that the ledger recorded")
    elif ballot.result != shown.result:
        yield Problem(_row(ballot), "the result shown does not follow from the numbers")
    if recount and shown != _recounted(ballot):
        yield Problem(_row(ballot), "the papers do not give the numbers shown")


def _recounted(ballot: Ballot) -> Outcome:
    choices = ballot.papers.values_list("choice", flat=True).iterator()
    return tally.count(choices, ballot.roll_size, ballot.rule)


def _event(ballot: Ballot, kind: str) -> Event | None:
    mine = Event.objects.filter(subject_type=ballot._meta.label_lower, subject_id=str(ballot.pk))
    return mine.filter(chain_id=ballot.chain, kind=kind).first()


def _row(ballot: Ballot) -> str:
    return f"voting.ballot #{ballot.pk}"
