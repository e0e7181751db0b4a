"""A courtyard that votes by show of hands: a meeting, its minutes, and two officers who answer for the count."""

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from people.models import User
from tests import build
from tests.voting import estate, urn
from voting import clock, hands, show
from voting.models import Ballot, HandCount
from voting.tally import Rule

MEETS = urn.AT + dt.timedelta(days=2)
LATER = urn.CLOSES + dt.timedelta(hours=3)  # the count may still be entered
TOO_LATE = urn.CLOSES + dt.timedelta(hours=24)
PLACE = "二栋楼下凉亭"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"
GATES = Rule(method="options", options=("a", "b"))
WORDS = {"a": "东门", "b": "西门"}


def call(count: int = 5, **facts: Any) -> Ballot:
    """On a roll of so many; the meeting has begun."""
    urn.neighbours(count)
    ballot = urn.call(**{"place": PLACE, "opens_at": MEETS} | facts)
    clock.sweep(MEETS)
    return Ballot.objects.select_related("area").get(pk=ballot.pk)


def officers() -> tuple[User, User]:
    """A clerk and the chair of the courtyard."""
    found = estate.clerk(build.courtyard()), estate.chair(build.courtyard())
    for officer in found:
        officer.second_factor = True
    return found


def minutes(data: bytes = PDF) -> ContentFile[bytes]:
    return ContentFile(data, name="minutes.pdf")


def enter(ballot: Ballot, by: User, present: int, yes: int, no: int, *, at: dt.datetime = MEETS) -> HandCount:
    raised = {"yes": yes, "no": no}
    return show.enter(ballot, present=present, raised=raised, minutes=minutes(), by=by, at=at)


def confirm(ballot: Ballot, by: User, *, at: dt.datetime = MEETS) -> HandCount:
    return show.confirm(ballot, seen=hands.seal(HandCount.objects.get(ballot=ballot)), by=by, at=at)


def counted(present: int, yes: int, no: int, **facts: Any) -> Ballot:
    """Entered by the clerk and confirmed by the chair, in the meeting."""
    ballot, (clerk, chair) = call(**facts), officers()
    enter(ballot, clerk, present, yes, no)
    confirm(ballot, chair)
    return ballot
