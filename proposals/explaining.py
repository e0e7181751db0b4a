"""A case in plain words: where it stands, why, and what can happen next (`manage.py explain`)."""

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from areas import calendar
from people.models import Appointment, User

from . import arrivals, casepage, diagram, lifecycle, timeline
from .deadlines import STAGES
from .models import Proposal
from .move import Move
from .moves import TABLE
from .states import State

LATEST = 5


def explain(case: Proposal, now: dt.datetime) -> Iterator[str]:
    """Lines for a person at a terminal: an operator or an auditor; names of office holders, never a resident's door."""
    yield f"{case.number}  {case.title}"
    yield from _standing(case, now)
    yield ""
    yield _("Why:")
    yield from (f"  {line}" for line in _why(case))
    yield ""
    yield _("What can happen next:")
    yield from (f"  {line}" for line in _next(case, now))


def _standing(case: Proposal, now: dt.datetime) -> Iterator[str]:
    yield _("State: %(state)s, since %(since)s") % {"state": case.status, "since": _day(case.state_since)}
    if case.left_state:
        yield _("It left “%(state)s” and comes back there.") % {"state": case.get_left_state_display()}
    if case.owner:
        facts = {"body": case.owner.name, "level": case.get_level_display()}
        yield _("With: %(body)s (%(level)s)") % facts
    if case.due_at and case.first_due_at:
        yield _clock(case, now)
    if case.supervised_at:
        yield _("Under supervision since %(day)s") % {"day": _day(case.supervised_at)}


def _clock(case: Proposal, now: dt.datetime) -> str:
    assert case.due_at and case.first_due_at
    clock = casepage.clock_of(case, now)
    said = [_("Due: %(due)s, %(left)s") % {"due": _last_day(case.due_at), "left": clock.words if clock else ""}]
    if case.first_due_at != case.due_at:
        said.append(_("first promised: %(day)s") % {"day": _last_day(case.first_due_at)})
    if case.stage:
        said.append(_("last said by the clock: %(what)s") % {"what": timeline.CLOCK[STAGES[case.stage - 1].event][0]})
    return "; ".join(said)


def _why(case: Proposal) -> Iterator[str]:
    for entry in timeline.of(case, inside=True, limit=LATEST):
        reason = f" — {entry.reason.label}" if entry.reason else ""
        owner = f" → {entry.owner}" if entry.owner else ""
        yield f"{_day(entry.at)}  {entry.title}{owner} ({entry.who}){reason}"


def _next(case: Proposal, now: dt.datetime) -> Iterator[str]:
    """Each move from this state, who makes it, and for whom it is open today or why it is not."""
    holders = _office_holders(case, now)
    for move in TABLE:
        if case.state not in move.sources:
            continue
        able = [user.name for user in holders if lifecycle.may(user, case, move.verb, now)]
        who = ", ".join(able) or _why_not(move, case, now)
        way = " | ".join(str(target.label) for target in _targets(move, case))
        yield f"{move.verb}  {move.label} → {way}  [{who}]"


def _why_not(move: Move, case: Proposal, now: dt.datetime) -> str:
    """What the case lacks, else whose move it is: the sentence that a person without any office would read."""
    verdicts = (condition(case, now) for condition in move.conditions)
    nobody = lifecycle.may(AnonymousUser(), case, move.verb, now)
    return str(next((verdict for verdict in verdicts if not verdict), nobody).reason)


def _targets(move: Move, case: Proposal) -> list[State]:
    """Back leads to the one state that the case left; other moves may lead wherever the table says."""
    if move.to is arrivals.back:
        return [State(case.left_state)]
    return [target for source, target in diagram.ways(move) if source == case.state]


def _office_holders(case: Proposal, now: dt.datetime) -> list[User]:
    """Who serves in the body that has it, and who watches it."""
    if case.owner is None:
        return []
    paths = case.owner.area.lineage_paths
    offices = Appointment.objects.current(now).filter(body__area__path__in=paths).select_related("user").order_by("pk")
    return list({office.user_id: office.user for office in offices}.values())


def _day(at: dt.datetime) -> str:
    return calendar.local_date(at).isoformat()


def _last_day(due: dt.datetime) -> str:
    return _day(due - dt.timedelta(microseconds=1))
