"""The history of a case as people read it: the ledger's own events, with the words that were written and the names."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from areas import calendar
from areas.models import Body
from ledger.models import Event, Visibility
from people import naming

from .deadlines import STAGES
from .models import Decision, Judgement, Proposal
from .moves import MOVES
from .reasons import Reason

CHANGES_HANDS = {
    "submit", "hand_up", "climb", "hand_down", "hand_back", "assign", "reassign", "succeed", "appeal", "overturn",
    "ask_review", "ask_deferral", "rectify",
}  # fmt: skip
UNNAMED = {"objection.made"}  # that it was made is public; who made it, the ruling body knows
SPOKEN = {"summary", "text", "plan", "question", "interim", "correction"}
CLOCK: dict[str, tuple[str | Promise, str, str]] = dict(
    zip(
        (stage.event for stage in STAGES),
        (
            (_("Half of the time is over"), "timer", "end"),
            (_("Four fifths of the time are over"), "hourglass", "pause"),
            (_("The time is over: overdue"), "circle-alert", "alarm"),
            (_("Reminder to the office"), "bell-ring", "alarm"),
            (_("Noticed in public for being late"), "megaphone", "alarm"),
            (_("Under supervision"), "siren", "alarm"),
        ),
        strict=True,
    )
)
OTHERS: dict[str, tuple[str | Promise, str, str]] = {
    "case.judged": (_("Judged"), "star", "doing"),
    "ballot.closed": (_("Votes counted"), "scale", "open"),
    "ballot.stopped": (_("Counting stopped: the papers do not agree with the roll"), "circle-alert", "alarm"),
    "ballot.extended": (_("Too few had voted: the vote goes on once more"), "hourglass", "pause"),
    "ballot.recounted": (_("Votes counted again"), "scale", "open"),
    "ballot.annulled": (_("The vote was annulled"), "circle-x", "alarm"),
    "ballot.final": (_("The result of the vote is final"), "scale", "done"),
    "objection.made": (_("Objection against the result of the vote"), "circle-alert", "alarm"),
    "objection.ruled": (_("Objection ruled on"), "scale", "open"),
    "roll.corrected": (_("The roll was corrected"), "list-checks", "duty"),
    "record.made": (_("Paper made"), "file-text", "end"),
    "case.screened": (_("Examination written"), "clipboard-list", "duty"),
} | CLOCK


@dataclass
class Entry:
    """One line of the timeline. words: what somebody wrote; notes: what follows from codes, already in words."""

    number: int
    at: dt.datetime
    kind: str
    title: str | Promise
    icon: str
    tone: str
    who: str
    owner: str = ""
    reason: Reason | None = None
    words: list[str] = field(default_factory=list)
    notes: list[str | Promise] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    hash: str = ""


def of(case: Proposal, *, inside: bool = False, limit: int | None = None) -> list[Entry]:
    """Newest first. inside: the reader is a party or serves in the owner body and sees what is not public."""
    events = Event.objects.filter(chain_id=case.chain, kind__in=_shown()).order_by("-number").prefetch_related("texts")
    found = list(events[:limit] if limit else events)
    if not inside:
        found = [event for event in found if event.visibility == Visibility.PUBLIC or event.kind == "case.submitted"]
    names = naming.names({event.actor for event in found})
    owners = dict(
        Body.objects.filter(pk__in={e.payload.get("owner") for e in found} - {None}).values_list("pk", "name")
    )
    entries = [_entry(event, names.get(event.actor, ""), owners, inside) for event in found]
    if not (inside or case.text_is_public):
        _close_words_of_proposer(entries)
    return entries


def _close_words_of_proposer(entries: Iterable[Entry]) -> None:
    """An appeal tells once more what is kept back."""
    for entry in entries:
        if entry.kind == "case.appealed":
            entry.words = []


def _shown() -> list[str]:
    return sorted({move.event for move in MOVES.values()} | set(OTHERS))


def _entry(event: Event, who: str, owners: dict[int, str], inside: bool) -> Entry:
    payload = event.payload
    move = MOVES.get(payload.get("verb", ""))
    title, icon, tone = (move.done, move.icon, move.tone) if move else OTHERS[event.kind]
    may_read = inside or event.visibility == Visibility.PUBLIC
    return Entry(
        number=event.number,
        at=event.at,
        kind=event.kind,
        title=title,
        icon=icon,
        tone=tone,
        who="" if event.kind in UNNAMED and not inside else who,
        owner=owners.get(payload.get("owner"), "") if payload.get("verb") in CHANGES_HANDS else "",
        reason=move.reasons.get(payload.get("reason", "")) if move else None,
        words=[t.text for t in event.texts.all() if t.field in SPOKEN and t.text] if may_read else [],
        notes=list(_notes(payload)),
        facts=payload,
        hash=event.hash,
    )


def _date(instant: str) -> str:
    """The last day of a term that ends at this instant."""
    return date_format(calendar.local_date(dt.datetime.fromisoformat(instant) - dt.timedelta(microseconds=1)))


def _notes(payload: dict[str, Any]) -> Iterable[str | Promise]:
    if payload.get("passed"):
        yield _("No body sits at the level in between, so the next one has it.")
    if payload.get("off_list"):
        yield _("By the competence list the level in between has no such matters, so the next one has it.")
    if payload.get("was") and payload.get("due"):
        yield _("From %(was)s to %(due)s") % {"was": _date(payload["was"]), "due": _date(payload["due"])}
    if payload.get("timer"):
        yield _("By itself, because the time was over.")
    if payload.get("result") in Decision.Result.values:
        yield Decision.Result(payload["result"]).label
    if payload.get("solved") in Judgement.Solved.values:
        yield Judgement.Solved(payload["solved"]).label
    if "households" in payload:
        yield _("%(count)s households") % {"count": payload["households"]}
