"""The rows of a case: the case itself, its support, its answers."""

from .answer import Decision, Judgement, Point, Screening, Stakeholder
from .case import Counter, Proposal, ProposalQuerySet, new_chain
from .support import Call, Endorsement, Photo

__all__ = [
    "Call",
    "Counter",
    "Decision",
    "Endorsement",
    "Judgement",
    "Photo",
    "Point",
    "Proposal",
    "ProposalQuerySet",
    "Screening",
    "Stakeholder",
    "new_chain",
]
