"""What was put into the urn.

A secret ballot keeps three tables that no column joins: who has voted (RollEntry), what was chosen (BallotPaper) and
which receipt codes were handed out (Receipt). None of them keeps a time or an order. A database still shows its owner
in which order, and in which transaction, it wrote its rows. So a choice lies in a sealed envelope while the ballot is
open, and at the close all papers and receipts are written anew, under new random numbers, in the order of those.
What remains: whoever holds the database *and* the key can connect the rows until the close, and after it as long as an
old backup or log of the database exists.

In a named ballot the paper belongs to its voting right and carries its receipt code; the envelope keeps the choice from
everybody until the close.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from ..states import Channel
from .ballot import Ballot, RollEntry


class BallotPaperQuerySet(models.QuerySet["BallotPaper"]):
    def effective(self) -> "BallotPaperQuerySet":
        """What is counted: of a voter who changed their mind the last paper."""
        return self.filter(superseded=False)


class BallotPaper(models.Model):
    """One paper in the urn. `content` stays empty until the close; before it only the envelope knows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="papers")
    envelope = models.TextField()
    content: Any = models.JSONField(null=True, blank=True)
    entry = models.ForeignKey(RollEntry, on_delete=models.PROTECT, related_name="papers", null=True, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    receipt = models.CharField(max_length=12, blank=True)
    superseded = models.BooleanField(default=False)

    objects = BallotPaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(superseded=False, entry__isnull=False), name="voting_one_paper_each"
            ),
            models.CheckConstraint(
                condition=Q(entry=None, channel="", receipt="", superseded=False)
                | Q(entry__isnull=False) & ~Q(channel="") & ~Q(receipt=""),
                name="voting_secret_paper_knows_nobody",
            ),
        ]

    def __str__(self) -> str:
        return _("A paper of ballot %(ballot)s") % {"ballot": self.ballot_id}


class Receipt(models.Model):
    """A code that one voter of a secret ballot was shown. It proves that a vote arrived, never what it said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="receipts")
    code = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "code"], name="voting_receipt_once")]

    def __str__(self) -> str:
        return self.code
