"""The main road of a proposal: from the draft to the judged result (docs/lifecycle.md)."""

from django.utils.translation import gettext_lazy as _

from people.roles import Right

from . import arrivals, conditions, consequences, reasons
from .move import Move
from .policies import Answerer, AnyOf, Holder, proposer_or_timer, submitting_proposer, system
from .states import State

S = State
SCREENER, BODY, ANSWERER = Holder(Right.SCREEN), Holder(Right.STEER), Holder(Right.DECIDE)
EXAMINER = AnyOf(SCREENER, BODY)
RECEIVER = Holder(Right.STEER, timer=True)
WORKER = Holder(Right.HANDLE, Right.STEER)

# fmt: off
ROAD = (
    Move("submit", (S.DRAFT,), arrivals.at_home, submitting_proposer, "case.submitted", _("Submit"), _("Submitted"),
         also=(consequences.number,), then=(consequences.subscribe_proposer,), icon="inbox", by_form=False),
    Move("resubmit", (S.RETURNED,), arrivals.at_home, submitting_proposer, "case.submitted", _("Submit again"),
         _("Completed and submitted again"), icon="inbox", by_form=False),
    Move("return", (S.SUBMITTED,), S.RETURNED, SCREENER, "case.returned", _("Return for completion"),
         _("Returned for completion"), reasons.RETURN, _("What is missing"), icon="corner-up-right", tone="pause"),
    Move("reject", (S.SUBMITTED,), S.REJECTED, SCREENER, "case.rejected", _("Do not accept"), _("Not accepted"),
         reasons.REJECT, _("Why, and where the proposer can turn to"), also=(consequences.remember_refuser,),
         icon="circle-x"),
    Move("refer", (S.SUBMITTED,), S.REFERRED, SCREENER, "case.referred", _("Refer to another procedure"),
         _("Referred to another procedure"), reasons.REFER, _("Where the proposer can turn to, with address or number"),
         also=(consequences.remember_refuser,), icon="corner-up-right"),
    Move("accept", (S.SUBMITTED,), S.ENDORSING, SCREENER, "case.accepted", _("Accept"), _("Accepted"),
         asks=("category",), also=(consequences.set_category, consequences.set_threshold), icon="inbox", tone="open",
         bulk=True),
    Move("call_up", (S.SUBMITTED, S.ENDORSING), S.SCREENING, BODY, "case.called_up", _("Examine it without waiting"),
         _("Taken up for examination by the body's own decision"), reasons.CALL_UP, _("Why it does not wait"),
         asks=("category",), also=(consequences.set_category, consequences.set_threshold), icon="clipboard-list",
         tone="duty"),
    Move("qualify", (S.ENDORSING,), S.SCREENING, system, "case.qualified", _("Threshold reached"),
         _("Enough households endorsed: deliberation is now a duty"), icon="hand", tone="open"),
    Move("lapse", (S.ENDORSING,), S.ENDORSEMENT_FAILED, system, "case.lapsed", _("Time for endorsements over"),
         _("Too few households endorsed in time"), icon="circle-minus"),
    Move("open", (S.SCREENING,), S.DELIBERATING, EXAMINER, "case.opened", _("Open the deliberation"),
         _("Examined; the deliberation is open"), conditions=(conditions.is_screened,),
         then=(consequences.open_thread,), icon="messages-square", tone="open"),
    Move("call_vote", (S.DELIBERATING,), arrivals.put_to_vote, BODY, "case.vote_called", _("Call a vote"),
         _("Vote called"), text=_("The question"),
         asks=("plan", "statute", "method", "options", "budget", "part", "place", "meets_at"),
         then=(consequences.call_ballot,), icon="vote", tone="open"),
    Move("prolong", (S.VOTING,), arrivals.stay, system, "case.vote_prolonged", _("The vote takes longer"),
         _("The vote takes longer: its case waits for it"), also=(consequences.prolong,), icon="timer", tone="pause"),
    Move("annul", (S.VOTING,), S.DELIBERATING, system, "case.vote_annulled", _("Vote annulled"),
         _("Vote annulled: deliberated again"), icon="gavel", tone="alarm"),
    Move("tie", (S.VOTING,), S.DELIBERATING, system, "case.vote_tied", _("Vote tied"),
         _("Vote tied: a run-off decides"), icon="scale", tone="pause"),
    Move("resolve", (S.VOTING,), S.RESOLVED, system, "case.resolved", _("Vote passed"), _("Vote passed: resolved"),
         icon="scale", tone="done"),
    Move("fail", (S.VOTING,), S.NOT_PASSED, system, "case.not_passed", _("Vote not passed"), _("Vote not passed"),
         icon="circle-x"),
    Move("miss_quorum", (S.VOTING,), S.NO_QUORUM, system, "case.no_quorum", _("Too few took part"),
         _("Too few took part in the vote"), icon="circle-minus"),
    Move("reopen", (S.NO_QUORUM, S.NOT_PASSED), S.DELIBERATING, BODY, "case.reopened", _("Deliberate again"),
         _("Deliberation opened again"), text=_("What is different this time"), icon="messages-square", tone="open"),
    Move("expire", (S.NO_QUORUM, S.NOT_PASSED), S.CLOSED, system, "case.closed", _("Time to try again over"),
         _("Closed: the vote did not carry it"),
         also=(consequences.not_carried,), then=(consequences.close_thread,), icon="circle-minus"),
    Move("take_up", (S.SCREENING, S.DELIBERATING, S.RESOLVED), S.DECIDING, Answerer(Right.STEER), "case.taken_up",
         _("Answer at this level"), _("Taken up for an answer"), icon="landmark", tone="duty"),
    Move("decide", (S.DECIDING,), S.DECIDED, ANSWERER, "case.decided", _("Write the answer"), _("Answered"),
         icon="file-check", tone="done", by_form=False),
    Move("correct", (S.DECIDED, S.IMPLEMENTING, S.EVALUATING), arrivals.stay, ANSWERER, "case.corrected",
         _("Correct the answer"), _("Answer corrected: a new version"), icon="file-check", tone="done", by_form=False),
    Move("start", (S.DECIDED,), S.IMPLEMENTING, WORKER, "case.started", _("Start the work"), _("Work started"),
         text=_("Who does what, until when"), icon="hammer", tone="doing"),
    Move("report", (S.IMPLEMENTING, S.RECTIFYING), arrivals.stay, WORKER, "case.progress", _("Report progress"),
         _("Progress"), text=_("What has been done since"), icon="hammer", tone="doing"),
    Move("conclude", (S.DECIDED,), S.EVALUATING, BODY, "case.concluded", _("Nothing to carry out: ask for judgement"),
         _("Put to judgement"), icon="star", tone="doing"),
    Move("complete", (S.IMPLEMENTING, S.RECTIFYING), S.EVALUATING, WORKER, "case.completed", _("Report as done"),
         _("Reported as done; the residents judge"), text=_("What was done, where it can be seen"), icon="star",
         tone="doing"),
    Move("rectify", (S.EVALUATING,), arrivals.put_right, system, "case.rectified", _("Not solved"),
         _("Judged as not solved: it has to be put right"), also=(consequences.count_round,), icon="rotate-ccw",
         tone="alarm"),
    Move("close", (S.EVALUATING,), S.CLOSED, system, "case.closed", _("Close the case"), _("Closed"),
         then=(consequences.close_thread,), icon="circle-check", tone="done"),
    Move("withdraw", (S.SUBMITTED, S.RETURNED, S.ENDORSING), S.WITHDRAWN, proposer_or_timer,
         "case.withdrawn", _("Withdraw"), _("Withdrawn"), then=(consequences.close_thread,), icon="undo-2"),
)
# fmt: on
