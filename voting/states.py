"""The words a ballot is described with: its kind, its state, what may be chosen and how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """NAMED: each paper belongs to its voting right, and is published with its masked name. OPEN_SHOW: no papers; hands
    are counted in a meeting."""

    SECRET = "secret", _("Secret")
    NAMED = "named", _("Named")
    OPEN_SHOW = "open_show", _("Show of hands")


class RollKind(models.TextChoices):
    RESIDENTS = "residents", _("Residents' roll")
    OWNERS = "owners", _("Owners' roll")


class Purpose(models.TextChoices):
    """What a unit on an owners' roll is."""

    FLAT = "flat", _("Flat")
    SHOP = "shop", _("Shop")
    PARKING = "parking", _("Parking stall")
    OTHER = "other", _("Other")


class State(models.TextChoices):
    """CLOSED: counted, and open to objections where the ballot has a time for them; FINAL: that time is over.

    STOPPED: at the close the record did not add up, so nothing was counted.
    """

    ANNOUNCED = "announced", _("Voting opens soon")
    OPEN = "open", _("Voting is open")
    CLOSED = "closed", _("Counted; objections are possible")
    FINAL = "final", _("Voting has ended")
    ANNULLED = "annulled", _("Annulled")
    STOPPED = "stopped", _("Count stopped")


COUNTED = [State.CLOSED, State.FINAL, State.ANNULLED]


class Choice(models.TextChoices):
    YES = "yes", _("Yes, in favour")
    NO = "no", _("No, against")
    ABSTAIN = "abstain", _("Abstain")


class Result(models.TextChoices):
    PASSED = "passed", _("Passed")
    NOT_PASSED = "not_passed", _("Not passed")
    NO_QUORUM = "no_quorum", _("Too few took part")
    TIED = "tied", _("Tied: a run-off decides")


class Channel(models.TextChoices):
    WEB = "web", _("Phone or web page")
    PAPER = "paper", _("Paper ballot")
    PROXY = "proxy", _("By proxy")


class Ruling(models.TextChoices):
    """How a claim, a correction or an objection was answered."""

    OPEN = "open", _("Not answered yet")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Remedy(models.TextChoices):
    """What an objection that was right leads to."""

    RECOUNT = "recount", _("The papers are counted again")
    ANNUL = "annul", _("The vote is annulled")
    NOTE = "note", _("The result stands; the fault is on record")


class ChangeKind(models.TextChoices):
    """How a frozen roll is corrected."""

    SALE = "sale", _("Another owner")
    AREA = "area", _("Another floor area")
    ADD = "add", _("A unit that was left out")
    STRIKE = "strike", _("A unit that does not belong on it")


class ProxyState(models.TextChoices):
    GIVEN = "given", _("In force")
    USED = "used", _("Used")
    REVOKED = "revoked", _("Revoked")


class SlipState(models.TextChoices):
    PRINTED = "printed", _("Printed")
    RETURNED = "returned", _("Handed in, to be keyed in")
    DISPUTED = "disputed", _("Two readings differ: a third decides")
    VALID = "valid", _("In the urn")
    INVALID = "invalid", _("Does not count")


class SlipFault(models.TextChoices):
    """Why a paper does not count (domain.md §3)."""

    UNSIGNED = "unsigned", _("Not signed")
    WRONG = "wrong", _("Filled in by somebody who had no right or no letter")
    TWO = "two", _("More than one choice")
    UNREADABLE = "unreadable", _("Unreadable")
    ALTERED = "altered", _("Altered without a signature")
    LATE = "late", _("Too late to be counted")
    DUPLICATE = "duplicate", _("The right had been used already")
