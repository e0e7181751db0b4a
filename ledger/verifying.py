"""Checking the whole record: chains, commitments, seals, and what each app above adds of its own."""

import itertools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from . import canonical
from .models import Chain, Event, Seal, Text
from .sealing import root_of

log = logging.getLogger(__name__)

CHUNK = 1000


@dataclass(frozen=True)
class Problem:
    """row: where to look, as app.model #key or chain#number; what: the finding in a sentence."""

    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.row}: {self.what}"


Check = Callable[[], Iterator[Problem]]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register an app's own check, run by `manage.py verify` after the ledger's."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all checks see one instant of the database while others go on writing; nobody is locked out."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # transaction.atomic() would take the lock of the writers
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def verify(chain: str | None = None) -> Iterator[Problem]:
    """Every problem, in order; empty when all is as it was written. Memory stays bounded."""
    yield from _to_the_end("ledger.event", chains(chain))
    yield from _to_the_end("ledger.chain", loose_ends(chain))
    if chain is None:
        yield from _to_the_end("ledger.seal", seals())
        for name, function in CHECKS.items():
            yield from _to_the_end(name, function())


def chains(only: str | None = None) -> Iterator[Problem]:
    """Walk along every chain, reading each event once together with its texts and its chain's head."""
    events = Event.objects.filter(chain_id=only) if only else Event.objects.all()
    texts = Prefetch("texts", Text.objects.prefetch_related("erased_by"), to_attr="words")
    rows = events.select_related("chain").prefetch_related(texts).order_by("chain_id", "number")
    for _, mine in itertools.groupby(rows.iterator(chunk_size=CHUNK), key=attrgetter("chain_id")):
        walk = Walk()
        for event in mine:
            yield from walk.step(event)
        yield from walk.end(event.chain)


def loose_ends(only: str | None = None) -> Iterator[Problem]:
    """Chains of which no event is left, and events whose chain is gone: no walk comes by them."""
    heads = Chain.objects.exclude(number=0, hash=canonical.GENESIS)
    events = Event.objects.filter(chain_id=only) if only else Event.objects.all()
    heads = heads.filter(~Exists(Event.objects.filter(chain_id=OuterRef("pk"))))
    events = events.filter(~Exists(Chain.objects.filter(pk=OuterRef("chain_id"))))
    for head in (heads.filter(pk=only) if only else heads).order_by("pk"):
        yield Problem(f"ledger.chain {head.pk}", "all its events are gone")
    for chain in events.order_by("chain_id").values_list("chain_id", flat=True).distinct():
        yield Problem(f"ledger.chain {chain}", "is gone, although there are events of it")


def seals() -> Iterator[Problem]:
    prev = canonical.GENESIS
    for seal in Seal.objects.order_by("pk").iterator():
        kept = Event.objects.filter(chain_id=OuterRef("chain_id"), number=OuterRef("number"), hash=OuterRef("hash"))
        heads = list(seal.heads.values_list("chain_id", "number", "hash", Exists(kept)))
        if seal.prev != prev:
            yield Problem(str(seal), "does not follow from the seal before it")
        if seal.root != root_of(seal.at, seal.prev, [head[:3] for head in heads]):
            yield Problem(str(seal), "does not fit what it sealed")
        for chain, number, _, is_kept in heads:
            if not is_kept:
                yield Problem(f"{chain}#{number}", f"is not as {seal} has it")
        prev = seal.root


@dataclass
class Walk:
    """Along one chain, event by event: where it stands, and which texts it saw marked as erased."""

    number: int = 0
    hash: str = canonical.GENESIS
    erased: set[tuple[int, str, int]] = field(default_factory=set)
    named: dict[int, set[tuple[int, str]]] = field(default_factory=dict)

    def step(self, event: Event) -> Iterator[Problem]:
        if event.number > self.number + 1:
            yield from _gap(event.chain_id, self.number + 1, event.number - 1)
        elif event.prev != self.hash:
            yield Problem(str(event), "does not follow from the event before it")
        if not _is_intact(event):
            yield Problem(str(event), "was altered after it was written")
        yield from self._texts(event)
        yield from self._erasures(event)
        self.number, self.hash = event.number, event.hash

    def end(self, head: Chain) -> Iterator[Problem]:
        if (head.number, head.hash) != (self.number, self.hash):
            yield Problem(f"ledger.chain {head.pk}", "its head is not its last event: events were cut off or added")

    def _texts(self, event: Event) -> Iterator[Problem]:
        promised = dict(event.commitments) if isinstance(event.commitments, dict) else {}
        for text in event.words:
            if what := self._finding(event, text, promised.pop(text.field, None)):
                yield Problem(_name(event, text.field), what)
            if text.erased_by_id:
                self.erased.add((event.number, text.field, text.erased_by_id))
        for gone in promised:
            yield Problem(_name(event, gone), "its row is gone: erasing would have left it, empty")

    def _erasures(self, event: Event) -> Iterator[Problem]:
        for number, name in sorted(named_by(event)):
            if (number, name, event.pk) not in self.erased:
                yield Problem(f"{event.chain_id}#{number} “{name}”", f"was erased by {event}, but is not marked so")

    def _finding(self, event: Event, text: Text, promised: Any) -> str:
        """Erased is fine when the event that did it says so, and then nothing is left of the words."""
        if promised is None:
            return "was added: the event made no commitment to it"
        if text.erased_by_id is None:
            return "" if _is_kept(text, promised) else "the text was altered after it was written"
        eraser = text.erased_by
        if eraser is None or eraser.chain_id != event.chain_id or (event.number, text.field) not in self._named(eraser):
            return "is marked as erased by an event that does not name it"
        return f"was erased by {eraser}, but there are words again" if text.text or text.salt else ""

    def _named(self, eraser: Event) -> set[tuple[int, str]]:
        if eraser.pk not in self.named:
            self.named[eraser.pk] = named_by(eraser)
        return self.named[eraser.pk]


def erased(chain: str | None = None) -> QuerySet[Text]:
    """The texts that are marked as erased."""
    texts = Text.objects.exclude(erased_by=None).order_by("event__chain_id", "event__number", "field")
    return texts.filter(event__chain_id=chain) if chain else texts


def erasures(chain: str | None = None) -> list[tuple[str, int]]:
    """Which event erased how many texts."""
    rows = erased(chain).order_by("erased_by__chain_id", "erased_by__number")
    counted = rows.values_list("erased_by__chain_id", "erased_by__number").annotate(texts=Count("pk"))
    return [(f"{eraser}#{number}", texts) for eraser, number, texts in counted]


def named_by(event: Event) -> set[tuple[int, str]]:
    """The texts, as (number of the event, field), that this event erased."""
    if event.kind != "text.erased":
        return set()
    try:
        return {(int(number), str(name)) for number, name in event.payload["erased"]}
    except (TypeError, ValueError, KeyError):
        return set()


def _is_intact(event: Event) -> bool:
    try:
        return event.fingerprint() == event.hash
    except (TypeError, ValueError, AttributeError, RecursionError):  # altered into what has no byte form
        return False


def _is_kept(text: Text, promised: Any) -> bool:
    try:
        return bool(canonical.commitment(text.salt, text.text) == promised)
    except ValueError:  # altered into what is no salt
        return False


def _gap(chain: str, first: int, last: int) -> Iterator[Problem]:
    if first == last:
        yield Problem(f"{chain}#{first}", "is missing")
    else:
        yield Problem(f"{chain}#{first} to #{last}", "are missing")


def _name(event: Event, text: str) -> str:
    return f"{event} “{text}”"


def _to_the_end(name: str, problems: Iterator[Problem]) -> Iterator[Problem]:
    """What a check trips over is itself a problem, and the checks after it still run."""
    try:
        yield from problems
    except Exception as error:
        log.exception("The check of %s broke off", name)
        yield Problem(name, f"could not be checked to the end: {type(error).__name__}: {error}")
