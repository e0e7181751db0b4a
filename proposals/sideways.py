"""The ways beside the main road: appeal, time, levels, review, deferral, supervision, and what is left out of rates."""

from django.utils.translation import gettext_lazy as _

from people.roles import Right

from . import arrivals, conditions, consequences, reasons
from .move import Move
from .policies import Impartial, extender, heir, proposer, second_supervisor, supervisor, system
from .road import BODY, EXAMINER, RECEIVER, WORKER
from .states import ENDED, State

S = State
WITH_A_BODY = (S.SCREENING, S.DELIBERATING, S.RESOLVED, S.DECIDING, S.DECIDED, S.IMPLEMENTING, S.RECTIFYING)
UP = (S.SCREENING, S.DELIBERATING, S.NO_QUORUM, S.NOT_PASSED, S.RESOLVED, S.DECIDING)
OWNED = tuple(state for state in S if state not in (S.DRAFT, S.RETURNED, *ENDED))
WAITING_FOR_OFFICE = (S.SUBMITTED, S.APPEALED, S.ARBITRATING, S.ESCALATED, S.HANDED_DOWN, S.REVIEWING, S.DEFERRING,
                      S.DEFERRED, *WITH_A_BODY)  # fmt: skip
TIME = (conditions.is_in_time,)

# fmt: off
SIDEWAYS = (
    # appeal against a refusal; what was withdrawn goes on under another name
    Move("appeal", (S.REJECTED, S.REFERRED), arrivals.appealed, proposer, "case.appealed", _("Appeal"),
         _("Appealed: another body decides"), text=_("Why the refusal is wrong"),
         conditions=(conditions.not_appealed, conditions.can_be_appealed), also=(consequences.mark_appealed,),
         icon="scale", tone="pause"),
    Move("uphold", (S.APPEALED,), arrivals.back, Impartial(Right.STEER), "case.upheld", _("Uphold the refusal"),
         _("Appeal dismissed: the refusal stands"), text=_("Why the refusal is right"), icon="circle-x"),
    Move("overturn", (S.APPEALED,), arrivals.accepted_after_all, Impartial(Right.STEER), "case.overturned",
         _("Accept it after all"), _("Appeal granted: accepted"), text=_("Why it is to be accepted"),
         also=(consequences.set_threshold,), icon="inbox", tone="open"),
    Move("adopt", (S.WITHDRAWN,), S.ENDORSING, heir, "case.adopted", _("Take it over as proposer"),
         _("Taken over by one of those who endorsed"), conditions=(conditions.can_be_appealed,),
         also=(consequences.change_proposer,), then=(consequences.subscribe_proposer,), icon="hand", tone="open"),
    # time
    Move("extend", (S.ENDORSING, *WITH_A_BODY), arrivals.stay, extender,
         "case.extended", _("Extend the time"), _("Time extended"), reasons.EXTEND, _("Why more time is needed"),
         asks=("days",), conditions=(*TIME, conditions.not_extended), also=(consequences.extend,), icon="timer",
         tone="pause"),
    Move("suspend", WITH_A_BODY, arrivals.suspended, BODY, "case.suspended", _("Suspend, stop the clock"),
         _("Suspended: the clock stands still"), reasons.SUSPEND, _("What is awaited, and from whom"),
         conditions=(*TIME, conditions.not_paused), icon="circle-pause", tone="pause"),
    Move("resume", (S.SUSPENDED,), arrivals.back, RECEIVER, "case.resumed", _("Go on"),
         _("Goes on; the clock runs again"), icon="play", tone="duty"),
    # levels
    Move("hand_up", UP, arrivals.one_up, BODY, "case.handed_up", _("Hand up one level"), _("Handed up"),
         reasons.HAND_UP, _("What was done here, and what the next level is asked to do"),
         conditions=(conditions.below_district, conditions.not_assigned), icon="arrow-up-from-line", tone="duty"),
    Move("climb", (S.SUBMITTED, *UP), arrivals.one_up, system, "case.handed_up", _("Up by rule"),
         _("Handed up by rule"), reasons.CLIMB, conditions=(conditions.below_district, conditions.not_assigned),
         icon="arrow-up-from-line", tone="duty"),
    Move("hand_down", (S.SCREENING, S.DELIBERATING, S.RESOLVED, S.DECIDING), arrivals.one_down, BODY,
         "case.handed_down", _("Hand down one level"), _("Handed down"), reasons.HAND_DOWN,
         _("What the lower level can settle itself, and with whose help"),
         conditions=(conditions.above_home, conditions.not_assigned), icon="arrow-down-to-line", tone="duty"),
    Move("take_over", (S.ESCALATED, S.HANDED_DOWN), arrivals.taken_over, RECEIVER, "case.taken_over",
         _("Take it over"), _("Taken over"), then=(consequences.open_thread_to_deliberate,), icon="handshake",
         tone="duty", bulk=True),
    Move("hand_back", (S.ESCALATED, S.HANDED_DOWN), arrivals.handed_back, BODY, "case.handed_back",
         _("Hand it back"), _("Handed back"), reasons.HAND_BACK,
         _("Why this level does not take it, and who is to act"), also=(consequences.count_hand_back,), icon="undo-2",
         tone="pause"),
    Move("assign", (S.ARBITRATING,), arrivals.assigned, BODY, "case.assigned", _("Assign it, finally"),
         _("Assigned by the district's joint meeting, finally"), text=_("Why this body is competent"), asks=("body",),
         also=(consequences.mark_assigned,), then=(consequences.open_thread_to_deliberate,), icon="scale", tone="duty"),
    Move("succeed", OWNED, arrivals.succeeded, system, "case.succeeded", _("Body no longer sits"),
         _("The body no longer sits; the competent one has it now"), conditions=(conditions.is_orphaned,),
         icon="landmark", tone="duty"),
    Move("classify", OWNED, arrivals.stay, EXAMINER, "case.classified", _("Choose the category"),
         _("Category chosen"), asks=("category",), also=(consequences.set_category,), icon="bookmark", tone="end"),
    # review and deferral
    Move("ask_review", (S.DECIDED, S.EVALUATING), arrivals.reviewed, proposer, "case.review_asked",
         _("Ask for a review"), _("Review asked for: another body looks at the answer"),
         text=_("What is wrong with the answer"), conditions=(conditions.not_reviewed, conditions.can_be_reviewed),
         also=(consequences.mark_reviewed,), icon="history", tone="pause"),
    Move("confirm", (S.REVIEWING,), arrivals.back, BODY, "case.confirmed", _("The answer stands"),
         _("Reviewed: the answer stands"), text=_("Why the answer stands"), icon="file-check", tone="done"),
    Move("revise", (S.REVIEWING,), arrivals.answered_anew, BODY, "case.revised", _("The answer must be made anew"),
         _("Reviewed: the answer must be made anew"), text=_("What the new answer has to heed"),
         also=(consequences.judge_anew,), icon="rotate-ccw", tone="alarm"),
    Move("ask_deferral", (S.DECIDING, S.DECIDED, S.IMPLEMENTING, S.DEFERRED), arrivals.asked_to_defer, BODY,
         "case.deferral_asked", _("Ask to defer it"), _("Deferral asked for: another body must agree"), reasons.DEFER,
         _("Why it cannot be done now, with the evidence"), asks=("interim", "recheck_on"),
         also=(consequences.set_recheck,), icon="hourglass", tone="pause"),
    Move("defer", (S.DEFERRING,), arrivals.deferred, BODY, "case.deferred", _("Allow the deferral"),
         _("Deferred; counts as not solved"), text=_("Why the deferral is allowed"), icon="hourglass", tone="pause"),
    Move("refuse_deferral", (S.DEFERRING,), arrivals.back, BODY, "case.deferral_refused", _("Refuse the deferral"),
         _("Deferral refused: it is to be done now"), text=_("Why it can be done now"), icon="undo-2", tone="duty"),
    Move("take_back", (S.DEFERRED,), arrivals.back, BODY, "case.taken_back", _("Take it up again"),
         _("Taken up again after the deferral"), text=_("What is possible now"), icon="play", tone="duty"),
    # supervision
    Move("urge", WAITING_FOR_OFFICE, arrivals.stay, supervisor, "case.urged", _("Urge"), _("Urged by the supervision"),
         text=_("What is to be done, until when"), icon="bell-ring", tone="alarm", bulk=True),
    Move("criticise", WAITING_FOR_OFFICE, arrivals.stay, supervisor, "case.criticised", _("Criticise in public"),
         _("Criticised in public"), text=_("What was not done, and by whom"), icon="megaphone", tone="alarm"),
    Move("reassign", (S.SUBMITTED, *WITH_A_BODY), arrivals.reassigned, supervisor, "case.reassigned",
         _("Give it to another body"), _("Given to another body; the clock runs on"), reasons.REASSIGN,
         _("Why, and what is expected"), asks=("body",), icon="user-check", tone="duty"),
    Move("reopen_case", (S.CLOSED,), arrivals.reopened_anew, supervisor, "case.reopened_by_supervision",
         _("Reopen"), _("Reopened: it has to be put right"), reasons.REOPEN, _("What was found"),
         conditions=(conditions.can_be_reopened,), also=(consequences.judge_anew,), icon="rotate-ccw", tone="alarm"),
    # what does not count in an office's rates
    Move("ask_exclusion", (S.DECIDED, S.IMPLEMENTING, S.EVALUATING, S.RECTIFYING, S.CLOSED), arrivals.stay, WORKER,
         "case.exclusion_asked", _("Ask to leave it out of the rates"), _("Asked to be left out of the rates"),
         reasons.EXCLUDE, _("Why, with the evidence"), conditions=(conditions.counts,),
         also=(consequences.ask_exclusion,), icon="circle-minus", tone="end"),
    Move("exclude", (S.DECIDED, S.IMPLEMENTING, S.EVALUATING, S.RECTIFYING, S.CLOSED), arrivals.stay,
         second_supervisor, "case.excluded", _("Leave it out of the rates"), _("Left out of the rates"),
         text=_("Why this is right"), conditions=(conditions.exclusion_is_asked,), also=(consequences.exclude,),
         icon="circle-minus", tone="end"),
    Move("keep_counting", (S.DECIDED, S.IMPLEMENTING, S.EVALUATING, S.RECTIFYING, S.CLOSED), arrivals.stay,
         second_supervisor, "case.kept_counting", _("It counts"), _("It counts in the rates"),
         text=_("Why it counts"), conditions=(conditions.exclusion_is_asked,), also=(consequences.keep_counting,),
         icon="undo-2", tone="end"),
)
# fmt: on
