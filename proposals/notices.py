"""What people are told of a case's events and what is asked of them: the tables, and the words' templates."""

import datetime as dt
from collections.abc import Callable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.models import Event
from notifications import kinds
from notifications.kinds import Act, Group, NoticeKind
from people.roles import Right

from .deadlines import STAGES
from .models import Proposal
from .recipients import (
    Recipients,
    both,
    following,
    home_office,
    judges,
    office,
    proposer,
    receiving,
    supervisors,
    upper_office,
    waiting_residents,
    where_an_answer_is_due,
    where_no_answer_is_due,
    whose_turn,
)

YOUR_CASE = _("You are told this because you filed, endorsed or follow this matter.")
YOUR_OFFICE = _("You are told this because your office is responsible for this matter.")


def case_url(event: Event) -> str:
    return Proposal.objects.get(chain=event.chain_id).get_absolute_url()


def page(name: str) -> Callable[[Event], str]:
    """The address of one of the case's own pages."""
    return lambda event: reverse(f"proposals:{name}", args=[Proposal.objects.get(chain=event.chain_id).number])


def act_key(chain: str, state: str) -> str:
    """What a state asks of people; settled when the case leaves the state."""
    return f"{chain}:{state}"


def _act(label: str | Promise) -> Act:
    return Act(label, lambda event: act_key(event.chain_id, event.payload["to"]), _due)


def _due(event: Event) -> dt.datetime | None:
    """Until when; what is overdue already has no such limit: it waits until it is done."""
    due = dt.datetime.fromisoformat(event.payload["due"]) if event.payload.get("due") else None
    return due if due and due > event.at else None


KEYS: dict[Recipients, str] = {waiting_residents: "own", where_no_answer_is_due: "turn"}  # where one event asks two


def _asked(
    event: str, who: Recipients, label: str | Promise, act: str | Promise, url: Callable[[Event], str], icon: str
) -> NoticeKind:
    """A notice that asks for an act: of residents for their own matter, of officials for their office's."""
    own = who in (proposer, judges, waiting_residents)
    return NoticeKind(
        key=f"{event}:{KEYS.get(who, 'act')}",
        event_kind=event,
        group=Group.ACT if own else Group.DESK,
        label=label,
        why=YOUR_CASE if own else YOUR_OFFICE,
        recipients=who,
        url=url,
        template=_template(event),
        act=_act(act),
        must=own,
        icon=icon,
    )


def _news(event: str, label: str | Promise, icon: str, tone: str, url: Callable[[Event], str]) -> NoticeKind:
    return NoticeKind(
        key=event,
        event_kind=event,
        group=Group.CASES,
        label=label,
        why=YOUR_CASE,
        recipients=following,
        url=url,
        template=_template(event),
        icon=icon,
        tone=tone,
    )


def _told(event: str, who: Recipients, label: str | Promise, icon: str, tone: str) -> NoticeKind:
    """What an office is told without being asked for an act of its own."""
    return NoticeKind(
        key=f"{event}:office",
        event_kind=event,
        group=Group.DESK,
        label=label,
        why=YOUR_OFFICE,
        recipients=who,
        url=case_url,
        template=_template(event),
        icon=icon,
        tone=tone,
    )


def _template(event: str) -> str:
    return f"proposals/notices/{event.removeprefix('case.')}.txt"


# event, who is asked, label, what to do, where, icon
# fmt: off
ASKED = (
    ("case.submitted", office(Right.SCREEN), _("A matter waits for screening"), _("Screen it"), case_url, "inbox"),
    ("case.returned", proposer, _("Your matter is to be completed"), _("Complete it"), page("complete"), "pencil"),
    ("case.handed_up", receiving, _("A matter was handed up to you"), _("Take it over or hand it back"),
     case_url, "arrow-up-from-line"),
    ("case.handed_back", office(Right.STEER), _("A matter came back to you"), _("Look at it"), case_url, "undo-2"),
    ("case.taken_over", where_no_answer_is_due, _("A matter is with you now"), _("Go on with it"), case_url,
     "handshake"),
    ("case.taken_over", where_an_answer_is_due, _("A matter waits for your answer"), _("Write the answer"), case_url,
     "landmark"),
    ("case.taken_up", where_an_answer_is_due, _("A matter waits for your answer"), _("Write the answer"), case_url,
     "landmark"),
    ("case.qualified", office(Right.SCREEN, Right.STEER), _("A matter is to be examined"),
     _("Examine it and open the deliberation"), page("screening"), "clipboard-list"),
    ("case.called_up", office(Right.SCREEN, Right.STEER), _("A matter is to be examined"),
     _("Examine it and open the deliberation"), page("screening"), "clipboard-list"),
    ("case.opened", office(Right.STEER), _("A matter is deliberated"), _("Lead the discussion"), case_url,
     "messages-square"),
    ("case.appealed", office(Right.STEER), _("An appeal waits for you"), _("Decide the appeal"), case_url, "scale"),
    ("case.handed_down", office(Right.STEER), _("A matter was handed down to you"), _("Take it over or hand it back"),
     case_url, "arrow-down-to-line"),
    ("case.assigned", office(Right.STEER, Right.DECIDE), _("A matter was assigned to you, finally"), _("Deal with it"),
     case_url, "scale"),
    ("case.reassigned", whose_turn, _("A matter was given to you by the supervision"), _("Deal with it"), case_url,
     "user-check"),
    ("case.succeeded", whose_turn, _("A matter of a body that no longer sits is yours now"), _("Deal with it"),
     case_url, "landmark"),
    ("case.review_asked", office(Right.STEER), _("An answer is to be reviewed"), _("Review the answer"), case_url,
     "history"),
    ("case.revised", office(Right.DECIDE), _("An answer must be made anew"), _("Write the answer"), case_url,
     "rotate-ccw"),
    ("case.deferral_asked", office(Right.STEER), _("A deferral waits for your word"), _("Allow or refuse it"),
     case_url, "hourglass"),
    ("case.deferral_refused", whose_turn, _("A deferral was refused"), _("Deal with it now"), case_url, "undo-2"),
    ("case.resumed", whose_turn, _("A suspended matter goes on"), _("Deal with it"), case_url, "play"),
    ("case.reopened_by_supervision", office(Right.HANDLE, Right.STEER), _("A closed matter was reopened"),
     _("Put it right"), case_url, "rotate-ccw"),
    ("case.urged", whose_turn, _("The supervision urges you"), _("Deal with it"), case_url, "bell-ring"),
    ("case.half_time", waiting_residents, _("Half of your time is over"), _("Look at it"), case_url, "timer"),
    ("case.time_short", waiting_residents, _("Little of your time is left"), _("Look at it"), case_url, "hourglass"),
    *((stage.event, whose_turn, label, _("Deal with it"), case_url, icon) for stage, label, icon in zip(
        STAGES,
        (_("Half of the time is over"), _("Little time is left"), _("The time is over"),
         _("Reminder: the time is over"), _("Public notice: the time is long over"),
         _("Supervision: the time is long over")),
        ("timer", "hourglass", "circle-alert", "bell-ring", "megaphone", "siren"),
        strict=True,
    )),
    ("case.resolved", office(Right.STEER), _("A resolution waits for action"), _("Act on it"), case_url, "scale"),
    ("case.decided", office(Right.HANDLE), _("A matter waits to be carried out"), _("Start the work"), case_url,
     "hammer"),
    ("case.completed", judges, _("A result is to be judged"), _("Judge it"), page("judge"), "star"),
    ("case.concluded", judges, _("An answer is to be judged"), _("Judge it"), page("judge"), "star"),
    ("case.rectified", office(Right.HANDLE, Right.STEER), _("A result must be put right"), _("Put it right"), case_url,
     "rotate-ccw"),
)
# event, label, icon, tone, and where if not at the case itself
NEWS = (
    ("case.rejected", _("A matter was not accepted"), "circle-x", "end", case_url),
    ("case.referred", _("A matter was referred to another procedure"), "corner-up-right", "end", case_url),
    ("case.appealed", _("A refusal is under appeal"), "scale", "pause", case_url),
    ("case.upheld", _("An appeal was dismissed"), "circle-x", "end", case_url),
    ("case.overturned", _("An appeal was granted"), "inbox", "open", case_url),
    ("case.adopted", _("A withdrawn matter goes on"), "hand", "open", case_url),
    ("case.accepted", _("A matter was accepted"), "inbox", "open", case_url),
    ("case.qualified", _("A matter found enough support"), "hand", "open", case_url),
    ("case.called_up", _("A matter is examined without waiting"), "clipboard-list", "duty", case_url),
    ("case.opened", _("A matter is now deliberated"), "messages-square", "open", case_url),
    ("case.extended", _("A time was extended"), "timer", "pause", case_url),
    ("case.suspended", _("A matter is suspended"), "circle-pause", "pause", case_url),
    ("case.resumed", _("A suspended matter goes on"), "play", "duty", case_url),
    ("case.handed_down", _("A matter was handed down"), "arrow-down-to-line", "duty", case_url),
    ("case.assigned", _("A matter was assigned by the district"), "scale", "duty", case_url),
    ("case.reassigned", _("A matter was given to another body"), "user-check", "duty", case_url),
    ("case.succeeded", _("Another body has a matter now"), "landmark", "duty", case_url),
    ("case.corrected", _("An answer was corrected"), "file-check", "done", page("answer")),
    ("case.review_asked", _("An answer is under review"), "history", "pause", case_url),
    ("case.confirmed", _("A reviewed answer stands"), "file-check", "done", page("answer")),
    ("case.revised", _("An answer must be made anew"), "rotate-ccw", "alarm", case_url),
    ("case.deferral_asked", _("A deferral was asked for"), "hourglass", "pause", case_url),
    ("case.deferred", _("A matter was deferred"), "hourglass", "pause", case_url),
    ("case.deferral_refused", _("A deferral was refused"), "undo-2", "duty", case_url),
    ("case.taken_back", _("A deferred matter was taken up again"), "play", "duty", case_url),
    ("case.overdue", _("An office is late"), "circle-alert", "alarm", case_url),
    ("case.noticed", _("An office is noticed in public for being late"), "megaphone", "alarm", case_url),
    ("case.supervised", _("A late matter is under supervision"), "siren", "alarm", case_url),
    ("case.criticised", _("The supervision criticised an office"), "megaphone", "alarm", case_url),
    ("case.reopened_by_supervision", _("A closed matter was reopened"), "rotate-ccw", "alarm", case_url),
    ("case.excluded", _("A matter is left out of the rates"), "circle-minus", "end", case_url),
    ("case.lapsed", _("A matter found too few endorsements"), "circle-minus", "end", case_url),
    ("case.resolved", _("A vote passed"), "scale", "done", case_url),
    ("case.not_passed", _("A vote did not pass"), "circle-x", "end", case_url),
    ("case.no_quorum", _("Too few took part in a vote"), "circle-minus", "end", case_url),
    ("case.reopened", _("A matter is deliberated again"), "messages-square", "open", case_url),
    ("case.handed_up", _("A matter was handed up"), "arrow-up-from-line", "duty", case_url),
    ("case.taken_over", _("A matter was taken over"), "handshake", "duty", case_url),
    ("case.handed_back", _("A matter was handed back"), "undo-2", "pause", case_url),
    ("case.taken_up", _("A matter is taken up for an answer"), "landmark", "duty", case_url),
    ("case.decided", _("A matter was answered"), "file-check", "done", page("answer")),
    ("case.started", _("The work has started"), "hammer", "doing", case_url),
    ("case.progress", _("There is progress"), "hammer", "doing", case_url),
    ("case.completed", _("The work is reported as done"), "star", "doing", case_url),
    ("case.rectified", _("A result must be put right"), "rotate-ccw", "alarm", case_url),
    ("case.closed", _("A matter was closed"), "circle-check", "done", case_url),
    ("case.withdrawn", _("A matter was withdrawn"), "undo-2", "end", case_url),
)
# event, which other offices are told, label, icon, tone
TOLD = (
    ("case.reminded", upper_office, _("A body below you is late"), "bell-ring", "alarm"),
    ("case.noticed", both(upper_office, supervisors), _("A body below you is noticed for being late"), "megaphone",
     "alarm"),
    ("case.supervised", both(supervisors, upper_office), _("A late matter is under your supervision"), "siren",
     "alarm"),
    ("case.rectified", supervisors, _("A result was judged as not solved"), "rotate-ccw", "alarm"),
    ("case.criticised", whose_turn, _("Your office was criticised in public"), "megaphone", "alarm"),
    ("case.upheld", office(Right.SCREEN), _("Your refusal was upheld"), "scale", "end"),
    ("case.overturned", office(Right.SCREEN), _("Your refusal was overturned"), "scale", "open"),
    ("case.confirmed", office(Right.DECIDE, Right.STEER), _("Your answer stands"), "file-check", "done"),
    ("case.deferred", office(Right.STEER), _("Your deferral was allowed"), "hourglass", "pause"),
    ("case.exclusion_asked", supervisors, _("A matter is to be left out of the rates"), "circle-minus", "end"),
    ("case.handed_up", home_office, _("A matter of your area is with the next level"), "arrow-up-from-line", "duty"),
    ("case.taken_over", home_office, _("A matter of your area was taken over"), "handshake", "duty"),
    ("case.assigned", home_office, _("A matter of your area was assigned"), "scale", "duty"),
    ("case.decided", home_office, _("A matter of your area was answered"), "file-check", "done"),
    ("case.completed", home_office, _("The work on a matter of your area is reported as done"), "star", "doing"),
)
# fmt: on


def register() -> None:
    """Who is asked comes first: of several notices of one event a person gets the one that asks."""
    kinds.register(*(_asked(*row) for row in ASKED), *(_told(*row) for row in TOLD), *(_news(*row) for row in NEWS))
