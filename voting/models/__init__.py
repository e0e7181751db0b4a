"""Ballots with their frozen rolls, what goes into the urn and how, and the standing register of owners."""

from .ballot import WAITING, Ballot, BallotQuerySet, RollEntry
from .hands import HandCount
from .objection import Objection
from .proxy import Proxy
from .register import Owner, Unit
from .roll_changes import RollClaim, RollCorrection
from .slips import Reading, Slip
from .urn import BallotPaper, Receipt

__all__ = [
    "WAITING",
    "Ballot",
    "BallotPaper",
    "BallotQuerySet",
    "HandCount",
    "Objection",
    "Owner",
    "Proxy",
    "Reading",
    "Receipt",
    "RollClaim",
    "RollCorrection",
    "RollEntry",
    "Slip",
    "Unit",
]
