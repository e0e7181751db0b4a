"""The words a ballot is described with: its kind, its state, what may be chosen and how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    SECRET = "secret", _("Secret")


class State(models.TextChoices):
    """STOPPED: at the close the record did not add up, so nothing was counted."""

    ANNOUNCED = "announced", _("Voting opens soon")
    OPEN = "open", _("Voting is open")
    CLOSED = "closed", _("Voting has ended")
    STOPPED = "stopped", _("Count stopped")


class Choice(models.TextChoices):
    YES = "yes", _("Yes, in favour")
    NO = "no", _("No, against")
    ABSTAIN = "abstain", _("Abstain")


class Result(models.TextChoices):
    PASSED = "passed", _("Passed")
    NOT_PASSED = "not_passed", _("Not passed")
    NO_QUORUM = "no_quorum", _("Too few took part")


class Channel(models.TextChoices):
    WEB = "web", _("Phone or web page")


class Basis(models.TextChoices):
    """Where a ballot's rule comes from; the rule of a ballot keeps the code."""

    HOUSE = "house", _("This platform's rule for residents' ballots; it does not replace a statutory meeting.")
