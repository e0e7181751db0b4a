"""The states of a proposal, how each is shown, and how a case can end (domain.md §6)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PROPOSAL = "proposal", _("Proposal")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting screening")
    RETURNED = "returned", _("Returned for completion")
    REJECTED = "rejected", _("Not accepted")
    REFERRED = "referred", _("Referred to another procedure")
    APPEALED = "appealed", _("Refusal under appeal")
    ENDORSING = "endorsing", _("Collecting endorsements")
    ENDORSEMENT_FAILED = "endorsement_failed", _("Too few endorsements")
    SCREENING = "screening", _("Being examined")
    DELIBERATING = "deliberating", _("Deliberating")
    VOTING = "voting", _("Being voted on")
    NO_QUORUM = "no_quorum", _("Too few took part")
    NOT_PASSED = "not_passed", _("Vote not passed")
    RESOLVED = "resolved", _("Resolved by vote")
    ESCALATED = "escalated", _("Handed up")
    HANDED_DOWN = "handed_down", _("Handed down")
    ARBITRATING = "arbitrating", _("Awaiting the district's assignment")
    DECIDING = "deciding", _("Awaiting an answer")
    DECIDED = "decided", _("Answered")
    REVIEWING = "reviewing", _("Answer under review")
    DEFERRING = "deferring", _("Deferral asked for")
    DEFERRED = "deferred", _("Deferred, not solved")
    SUSPENDED = "suspended", _("Suspended, clock stopped")
    IMPLEMENTING = "implementing", _("Being carried out")
    EVALUATING = "evaluating", _("Please judge the result")
    RECTIFYING = "rectifying", _("Being put right")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Outcome(models.TextChoices):
    """What the proposer and endorsers said at the end; the handler's own claim is never among them."""

    SOLVED = "solved", _("Closed: solved")
    NOT_SOLVED = "not_solved", _("Closed: not solved")
    NOT_EVALUATED = "not_evaluated", _("Closed: not evaluated")
    NOT_CARRIED = "not_carried", _("Closed: vote did not carry")


class Exclusion(models.TextChoices):
    """Whether a case counts in an office's rates; only a second person may take it out, and it is shown."""

    ASKED = "asked", _("Asked to be left out of the rates")
    EXCLUDED = "excluded", _("Left out of the rates")


ENDED = frozenset({State.REJECTED, State.REFERRED, State.ENDORSEMENT_FAILED, State.CLOSED, State.WITHDRAWN})
PUBLIC = frozenset(State) - {State.DRAFT, State.SUBMITTED, State.RETURNED}
# States that a case enters for a while and leaves for the one from which it came.
DETOURS = frozenset(
    {
        State.APPEALED,
        State.ESCALATED,
        State.HANDED_DOWN,
        State.ARBITRATING,
        State.REVIEWING,
        State.DEFERRING,
        State.DEFERRED,
        State.SUSPENDED,
    }
)


@dataclass(frozen=True)
class Look:
    """tone: one of the seven families of the design; icon: its name in the sprite."""

    tone: str
    icon: str


LOOKS: dict[str, Look] = {
    State.DRAFT: Look("end", "pencil"),
    State.SUBMITTED: Look("end", "inbox"),
    State.RETURNED: Look("pause", "corner-up-right"),
    State.REJECTED: Look("end", "circle-x"),
    State.REFERRED: Look("end", "corner-up-right"),
    State.APPEALED: Look("pause", "scale"),
    State.ENDORSING: Look("open", "hand"),
    State.ENDORSEMENT_FAILED: Look("end", "circle-minus"),
    State.SCREENING: Look("duty", "clipboard-list"),
    State.DELIBERATING: Look("open", "messages-square"),
    State.VOTING: Look("open", "vote"),
    State.NO_QUORUM: Look("end", "circle-minus"),
    State.NOT_PASSED: Look("end", "circle-x"),
    State.RESOLVED: Look("duty", "scale"),
    State.ESCALATED: Look("duty", "arrow-up-from-line"),
    State.HANDED_DOWN: Look("duty", "arrow-down-to-line"),
    State.ARBITRATING: Look("alarm", "scale"),
    State.DECIDING: Look("duty", "landmark"),
    State.DECIDED: Look("done", "file-check"),
    State.REVIEWING: Look("duty", "history"),
    State.DEFERRING: Look("pause", "hourglass"),
    State.DEFERRED: Look("pause", "hourglass"),
    State.SUSPENDED: Look("pause", "circle-pause"),
    State.IMPLEMENTING: Look("doing", "hammer"),
    State.EVALUATING: Look("doing", "star"),
    State.RECTIFYING: Look("doing", "rotate-ccw"),
    State.CLOSED: Look("end", "circle-minus"),
    State.WITHDRAWN: Look("end", "undo-2"),
}
OUTCOME_LOOKS: dict[str, Look] = {
    Outcome.SOLVED: Look("done", "circle-check"),
    Outcome.NOT_SOLVED: Look("end", "circle-minus"),
    Outcome.NOT_EVALUATED: Look("end", "circle-help"),
    Outcome.NOT_CARRIED: Look("end", "circle-x"),
}
