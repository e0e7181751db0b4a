"""One move for many cases: chosen on a desk, confirmed, then made case by case, each in its own transaction."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.models import Event
from people.models import User
from people.verdict import YES, Refused, Verdict, no

from . import lifecycle, policies
from .converters import CaseNumber
from .models import Proposal
from .move import Move
from .moves import MOVES

MOST = 50
CHANGED = no(_("It has changed since you chose it, so nothing was done. Please look at it again."))
TOO_MANY = no(_("At most 50 matters at once. Please choose fewer."))
NONE_CHOSEN = no(_("Please choose at least one matter."))


def mark(case: Proposal) -> str:
    """What tells one standing of a case from the next; the revision, because not every move changes the state."""
    return f"{case.state} {case.state_since.isoformat()} {case.revision}"


@dataclass(frozen=True)
class Pick:
    """A case as it was when it was chosen."""

    case: Proposal
    mark: str

    @property
    def value(self) -> str:
        return f"{self.case.number} {self.mark}"


@dataclass(frozen=True)
class Outcome:
    """reason: why it is not done; empty when it is."""

    pick: Pick
    reason: str | Promise = ""


class WordsForm(forms.Form):
    """What is written once for all of them."""

    text = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move.text:
            self.fields["text"].label = str(move.text)
        else:
            del self.fields["text"]


@dataclass
class Choice:
    """Which move for which cases. since: when the list was shown from which they were chosen."""

    move: Move
    picks: list[Pick]
    since: str

    @property
    def verdict(self) -> Verdict:
        if not self.picks:
            return NONE_CHOSEN
        return TOO_MANY if len(self.picks) > MOST else YES

    @classmethod
    def read(cls, data: QueryDict, user: User, now: dt.datetime) -> "Choice | None":
        """None when no such move is made for many at once."""
        move = MOVES.get(data.get("verb", ""))
        if move is None or not move.bulk:
            return None
        marks = dict(value.partition(" ")[::2] for value in data.getlist("case"))
        return cls(move, list(_picks(marks, user, now)), data.get("since", ""))


def _picks(marks: dict[str, str], user: User, now: dt.datetime) -> Iterable[Pick]:
    """In the order of the list; what this person may not see does not exist."""
    numbers = [number for number in marks if re.fullmatch(CaseNumber.regex, number)][: MOST + 1]
    rows = Proposal.objects.filter(number__in=numbers).select_related("area", "owner__area", "left_owner__area")
    found = {case.number: case for case in rows if policies.may_see(user, case, now)}
    return (Pick(found[number], marks[number]) for number in numbers if number in found)


def preview(choice: Choice, by: User, at: dt.datetime) -> list[Outcome]:
    """What would happen now."""
    return [Outcome(pick, _verdict(pick, choice.move, by, at).reason) for pick in choice.picks]


def make(choice: Choice, *, by: User, at: dt.datetime, texts: dict[str, str]) -> list[Outcome]:
    """Make the moves. One that is refused, or that somebody else made first, stops none of the others."""
    return [Outcome(pick, _make(pick, choice, by, at, texts)) for pick in choice.picks]


def _make(pick: Pick, choice: Choice, by: User, at: dt.datetime, texts: dict[str, str]) -> str | Promise:
    verdict = _verdict(pick, choice.move, by, at)
    try:
        if verdict:
            lifecycle.move(pick.case, choice.move.verb, by=by, at=at, texts=texts)
    except Refused as refused:
        verdict = refused.verdict
    return "" if verdict or _is_done(pick, choice, by) else verdict.reason


def _verdict(pick: Pick, move: Move, by: User, at: dt.datetime) -> Verdict:
    verdict = lifecycle.may(by, pick.case, move.verb, at)
    return CHANGED if verdict and pick.mark != mark(pick.case) else verdict


def _is_done(pick: Pick, choice: Choice, by: User) -> bool:
    """A second tap finds what the first one did."""
    since = parse_datetime(choice.since)
    actor = by.actor_ref(pick.case.chain)
    events = Event.objects.filter(chain_id=pick.case.chain, kind=choice.move.event, actor=actor)
    return bool(since and since.tzinfo and events.filter(at__gte=since).exists())
