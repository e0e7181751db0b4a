"""The course that a vote took, held against the ledger: its end moved, proxies were used, its result became final."""

from collections.abc import Iterator
from typing import Any

from ledger import canonical
from ledger.models import Event, Text
from ledger.verifying import Problem

from . import extension
from .models import Ballot, Proxy
from .states import Channel, ProxyState, State

_ENDS = {State.FINAL: "ballot.final", State.ANNULLED: "ballot.annulled", State.STOPPED: "ballot.stopped"}
_AROUND = {"ballot", "due", "equal"}  # what the events of a count say beside the numbers


def faults(ballot: Ballot) -> Iterator[Problem]:
    yield from times(ballot)
    if ballot.is_named:
        yield from _proxies(ballot)


def times(ballot: Ballot) -> Iterator[Problem]:
    """Its ends, and its state, are those that the ledger tells."""
    yield from _times(ballot)
    if not ballot.is_old:
        yield from _end(ballot)


def recorded(ballot: Ballot) -> dict[str, Any] | None:
    """The numbers as the ledger has them: those of the last count, at the close or after an objection."""
    event = _events(ballot, "ballot.closed", "ballot.recounted").order_by("-number").first()
    if event is None or event.payload.get("ballot") != ballot.pk:
        return None
    return {name: value for name, value in event.payload.items() if name not in _AROUND}


def _times(ballot: Ballot) -> Iterator[Problem]:
    told = [event.payload for event in _events(ballot, "ballot.extended")]
    stands = [{"ballot": ballot.pk} | extension.times(ballot)] if ballot.extended_from else []
    if told != stands:
        yield Problem(_row(ballot), "its end is not the one that the ledger tells")
    closed = _events(ballot, "ballot.closed").first()
    until = canonical.instant(ballot.objections_until) if ballot.objections_until else None
    if (closed.payload.get("due") if closed else None) != until:
        yield Problem(_row(ballot), "its time for objections is not the one that the ledger tells")


def _proxies(ballot: Ballot) -> Iterator[Problem]:
    """A paper by proxy needs a proxy that was given in time and used, and the other way round."""
    by_proxy = ballot.papers.effective().filter(channel=Channel.PROXY)
    used = Proxy.objects.filter(entry__ballot=ballot, state=ProxyState.USED)
    told = {event.payload["proxy"] for event in _proxy_events(ballot)}
    known = {entry for pk, entry in used.values_list("pk", "entry") if pk in told}
    for entry in sorted(known ^ set(by_proxy.values_list("entry", flat=True))):
        yield Problem(f"voting.rollentry #{entry}", "a paper by proxy and a used proxy do not go together here")
    for pk in sorted(set(used.values_list("pk", flat=True)) - told):
        yield Problem(f"voting.proxy #{pk}", "nothing in the ledger says that it was given before the end, and used")


def _proxy_events(ballot: Ballot) -> list[Event]:
    """Of the uses only those of proxies that were given before the end, by whom they were given to."""
    mine = Event.objects.filter(chain_id=ballot.chain, payload__ballot=ballot.pk)
    given = mine.filter(kind="proxy.given", at__lt=ballot.closes_at)
    holders = dict(Text.objects.filter(event__in=given, field="holder").values_list("event__subject_id", "text"))
    used = mine.filter(kind="proxy.used", subject_id__in=list(holders))
    return [event for event in used if holders[event.subject_id] in (event.actor, "")]


def _end(ballot: Ballot) -> Iterator[Problem]:
    told = set(_events(ballot, "ballot.closed", *_ENDS.values()).values_list("kind", flat=True))
    state = State(ballot.state)
    ends = ({"ballot.closed"} if ballot.is_counted else set()) | ({_ENDS[state]} if state in _ENDS else set())
    if told != ends:
        yield Problem(_row(ballot), "its state is not the one that the ledger tells")


def _events(ballot: Ballot, *kinds: str) -> Any:
    mine = Event.objects.filter(subject_type=ballot._meta.label_lower, subject_id=str(ballot.pk))
    return mine.filter(chain_id=ballot.chain, kind__in=kinds)


def _row(ballot: Ballot) -> str:
    return f"voting.ballot #{ballot.pk}"
