"""The lifecycle as a table: every move there is, from where, to where, and who may make it (docs/lifecycle.md)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.roles import Right
from people.verdict import Verdict

from . import consequences, reasons
from .models import Proposal
from .policies import Answerer, Holder, proposer_or_timer, submitting_proposer, system
from .reasons import Reason
from .states import State

Who = Callable[[Any, Proposal, dt.datetime], Verdict]
Then = Callable[["consequences.Step"], None]


@dataclass(frozen=True)
class Move:
    """target None: the state that the case left when it was handed up (RESOLVED and DECIDING lead to DECIDING).

    reasons: codes of which one must be given. text: what the mover must write, as a label; it goes to the timeline.
    also: further columns of the case that change with the state. then: what the move does to lower rooms in the same
    transaction. by_form: offered as a button of its own.
    """

    verb: str
    sources: tuple[State, ...]
    target: State | None
    who: Who
    event: str
    label: Promise
    done: Promise
    reasons: dict[str, Reason] = field(default_factory=dict)
    text: Promise | None = None
    also: tuple[Then, ...] = ()
    then: tuple[Then, ...] = ()
    icon: str = "chevron-right"
    tone: str = "end"
    by_form: bool = True


S = State
SCREENER, BODY, ANSWERER = Holder(Right.SCREEN), Holder(Right.STEER), Holder(Right.DECIDE)
RECEIVER = Holder(Right.STEER, timer=True)
WORKER = Holder(Right.HANDLE, Right.STEER)

# fmt: off
TABLE = (
    Move("submit", (S.DRAFT,), S.SUBMITTED, submitting_proposer, "case.submitted", _("Submit"), _("Submitted"),
         then=(consequences.subscribe_proposer,), icon="inbox", by_form=False),
    Move("resubmit", (S.RETURNED,), S.SUBMITTED, submitting_proposer, "case.submitted", _("Submit again"),
         _("Completed and submitted again"), icon="inbox", by_form=False),
    Move("return", (S.SUBMITTED,), S.RETURNED, SCREENER, "case.returned", _("Return for completion"),
         _("Returned for completion"), reasons.RETURN, _("What is missing"), icon="corner-up-right", tone="pause"),
    Move("reject", (S.SUBMITTED,), S.REJECTED, SCREENER, "case.rejected", _("Do not accept"), _("Not accepted"),
         reasons.REJECT, _("Why, and where the proposer can turn to"), icon="circle-x"),
    Move("accept", (S.SUBMITTED,), S.ENDORSING, SCREENER, "case.accepted", _("Accept"), _("Accepted"),
         also=(consequences.set_threshold,), icon="inbox", tone="open"),
    Move("qualify", (S.ENDORSING,), S.DELIBERATING, system, "case.qualified", _("Threshold reached"),
         _("Enough households endorsed: deliberation is now a duty"), then=(consequences.open_thread,), icon="hand",
         tone="open"),
    Move("lapse", (S.ENDORSING,), S.ENDORSEMENT_FAILED, system, "case.lapsed", _("Time for endorsements over"),
         _("Too few households endorsed in time"), icon="circle-minus"),
    Move("call_vote", (S.DELIBERATING,), S.VOTING, BODY, "case.vote_called", _("Call a vote"), _("Vote called"),
         text=_("The question, to be answered with yes or no"), then=(consequences.call_ballot,), icon="vote",
         tone="open"),
    Move("resolve", (S.VOTING,), S.RESOLVED, system, "case.resolved", _("Vote passed"), _("Vote passed: resolved"),
         icon="scale", tone="done"),
    Move("fail", (S.VOTING,), S.NOT_PASSED, system, "case.not_passed", _("Vote not passed"), _("Vote not passed"),
         icon="circle-x"),
    Move("miss_quorum", (S.VOTING,), S.NO_QUORUM, system, "case.no_quorum", _("Too few took part"),
         _("Too few took part in the vote"), icon="circle-minus"),
    Move("reopen", (S.NO_QUORUM, S.NOT_PASSED), S.DELIBERATING, BODY, "case.reopened", _("Deliberate again"),
         _("Deliberation opened again"), text=_("What is different this time"), icon="messages-square", tone="open"),
    Move("expire", (S.NO_QUORUM, S.NOT_PASSED), S.CLOSED, system, "case.closed", _("Time to try again over"),
         _("Closed: the vote did not carry it"), then=(consequences.close_thread,), icon="circle-minus"),
    Move("hand_up", (S.DELIBERATING, S.NO_QUORUM, S.NOT_PASSED, S.RESOLVED, S.DECIDING), S.ESCALATED, BODY,
         "case.handed_up", _("Hand up one level"), _("Handed up"), reasons.HAND_UP,
         _("What was done here, and what the next level is asked to do"), icon="arrow-up-from-line", tone="duty"),
    Move("take_over", (S.ESCALATED,), None, RECEIVER, "case.taken_over", _("Take it over"), _("Taken over"),
         icon="handshake", tone="duty"),
    Move("hand_back", (S.ESCALATED,), None, BODY, "case.handed_back", _("Hand it back"), _("Handed back"),
         reasons.HAND_BACK, _("Why this level does not take it, and who is to act"), icon="undo-2", tone="pause"),
    Move("take_up", (S.DELIBERATING, S.RESOLVED), S.DECIDING, Answerer(Right.STEER), "case.taken_up",
         _("Answer at this level"), _("Taken up for an answer"), icon="landmark", tone="duty"),
    Move("decide", (S.DECIDING,), S.DECIDED, ANSWERER, "case.decided", _("Write the answer"), _("Answered"),
         icon="file-check", tone="done", by_form=False),
    Move("start", (S.DECIDED,), S.IMPLEMENTING, WORKER, "case.started", _("Start the work"), _("Work started"),
         text=_("Who does what, until when"), icon="hammer", tone="doing"),
    Move("report", (S.IMPLEMENTING, S.RECTIFYING), S.IMPLEMENTING, WORKER, "case.progress", _("Report progress"),
         _("Progress"), text=_("What has been done since"), icon="hammer", tone="doing"),
    Move("conclude", (S.DECIDED,), S.EVALUATING, BODY, "case.concluded", _("Nothing to carry out: ask for judgement"),
         _("Put to judgement"), icon="star", tone="doing"),
    Move("complete", (S.IMPLEMENTING, S.RECTIFYING), S.EVALUATING, WORKER, "case.completed", _("Report as done"),
         _("Reported as done; the residents judge"), text=_("What was done, where it can be seen"), icon="star",
         tone="doing"),
    Move("rectify", (S.EVALUATING,), S.RECTIFYING, system, "case.rectified", _("Not solved"),
         _("Judged as not solved: it has to be put right"), also=(consequences.count_round,), icon="rotate-ccw",
         tone="alarm"),
    Move("close", (S.EVALUATING,), S.CLOSED, system, "case.closed", _("Close the case"), _("Closed"),
         then=(consequences.close_thread,), icon="circle-check", tone="done"),
    Move("withdraw", (S.SUBMITTED, S.RETURNED, S.ENDORSING), S.WITHDRAWN, proposer_or_timer,
         "case.withdrawn", _("Withdraw"), _("Withdrawn"), then=(consequences.close_thread,), icon="undo-2"),
)
# fmt: on
MOVES: dict[str, Move] = {move.verb: move for move in TABLE}

SETBACKS = frozenset({"return", "reject", "hand_back", "withdraw"})
TIMERS: dict[State, str] = {
    S.RETURNED: "withdraw",
    S.ENDORSING: "lapse",
    S.ESCALATED: "take_over",
    S.NO_QUORUM: "expire",
    S.NOT_PASSED: "expire",
}
