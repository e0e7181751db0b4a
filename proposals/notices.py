"""Whom a case's events concern, what is asked of them, and in which words they are told."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.models import Event
from notifications import kinds, subscriptions
from notifications.kinds import Act, Group, NoticeKind
from people.models import Appointment
from people.roles import Right, holding

from .models import Endorsement, Proposal, ProposalQuerySet
from .states import State

Recipients = Callable[[Event], Iterable[int]]
YOUR_CASE = _("You are told this because you filed, endorsed or follow this matter.")
YOUR_OFFICE = _("You are told this because your office is responsible for this matter.")


def case_url(event: Event) -> str:
    return Proposal.objects.get(chain=event.chain_id).get_absolute_url()


def where_an_answer_is_due(event: Event) -> Iterable[int]:
    return office(Right.DECIDE)(event) if event.payload["to"] == State.DECIDING else ()


def page(name: str) -> Callable[[Event], str]:
    """The address of one of the case's own pages."""
    return lambda event: reverse(f"proposals:{name}", args=[Proposal.objects.get(chain=event.chain_id).number])


def following(event: Event) -> Iterable[int]:
    return subscriptions.of(event.chain_id)


def proposer(event: Event) -> Iterable[int]:
    return _standing_so(event).filter(proposer__isnull=False).values_list("proposer", flat=True)


def judges(event: Event) -> Iterable[int]:
    """The proposer and those who endorsed, as long as the result is still to be judged."""
    cases = _standing_so(event)
    endorsers = Endorsement.objects.filter(proposal__in=cases, user__isnull=False).values_list("user", flat=True)
    return [*proposer(event), *endorsers]


def office(*rights: Right) -> Recipients:
    """Those with one of these rights in the body that has the case now, as long as it still waits for them."""
    roles = {role for right in rights for role in holding(right)}

    def holders(event: Event) -> Iterable[int]:
        bodies = _standing_so(event).values("owner")
        return (
            Appointment.objects.current(event.at).filter(body__in=bodies, role__in=roles).values_list("user", flat=True)
        )

    return holders


def act_key(chain: str, state: str) -> str:
    """What a state asks of people; settled when the case leaves the state."""
    return f"{chain}:{state}"


def _standing_so(event: Event) -> ProposalQuerySet:
    """The case, if it still is as this event left it: nobody is asked for an act that is already done."""
    return Proposal.objects.filter(chain=event.chain_id, state=event.payload["to"], state_since=event.at)


def _act(label: str | Promise) -> Act:
    return Act(label, lambda event: act_key(event.chain_id, event.payload["to"]), _due)


def _due(event: Event) -> dt.datetime | None:
    return dt.datetime.fromisoformat(event.payload["due"]) if event.payload.get("due") else None


def _asked(
    event: str, who: Recipients, label: str | Promise, act: str | Promise, url: Callable[[Event], str], icon: str
) -> NoticeKind:
    """A notice that asks for an act: of residents for their own matter, of officials for their office's."""
    own = who in (proposer, judges)
    return NoticeKind(
        key=f"{event}:act",
        event_kind=event,
        group=Group.ACT if own else Group.DESK,
        label=label,
        why=YOUR_CASE if own else YOUR_OFFICE,
        recipients=who,
        url=url,
        template=f"proposals/notices/{event.removeprefix('case.')}.txt",
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
        template=f"proposals/notices/{event.removeprefix('case.')}.txt",
        icon=icon,
        tone=tone,
    )


# event, who is asked, label, what to do, where, icon
# fmt: off
ASKED = (
    ("case.submitted", office(Right.SCREEN), _("A matter waits for screening"), _("Screen it"), case_url, "inbox"),
    ("case.returned", proposer, _("Your matter is to be completed"), _("Complete it"), page("complete"), "pencil"),
    ("case.handed_up", office(Right.STEER), _("A matter was handed up to you"), _("Take it over or hand it back"),
     case_url, "arrow-up-from-line"),
    ("case.handed_back", office(Right.STEER), _("A matter came back to you"), _("Look at it"), case_url, "undo-2"),
    ("case.taken_over", where_an_answer_is_due, _("A matter waits for your answer"), _("Write the answer"), case_url,
     "landmark"),
    ("case.taken_up", where_an_answer_is_due, _("A matter waits for your answer"), _("Write the answer"), case_url,
     "landmark"),
    ("case.qualified", office(Right.STEER), _("A matter is to be deliberated"), _("Lead the discussion"), case_url,
     "messages-square"),
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
    ("case.accepted", _("A matter was accepted"), "inbox", "open", case_url),
    ("case.qualified", _("A matter is now deliberated"), "messages-square", "open", case_url),
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
# fmt: on


def register() -> None:
    """Who is asked comes first: of two notices of one event a person gets the one that asks."""
    kinds.register(*(_asked(*row) for row in ASKED), *(_news(*row) for row in NEWS))
