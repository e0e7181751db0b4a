"""“I should be on this roll”: a claim with a clock, ruled on by somebody who keeps the rolls."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from ledger import canonical
from ledger.actors import SYSTEM, Actor
from ledger.models import Event, Visibility
from ledger.recording import record
from notifications import inbox
from people.models import User
from people.verdict import YES, Refused, Verdict, no

from . import corrections, limits, roll_policies
from .corrections import require
from .models import Ballot, Owner, RollClaim, RollEntry
from .states import RollKind, Ruling

OVERDUE = "roll.claim_overdue"
NOT_AN_OWNER = no(_("Please first say which unit on the register is meant."))
NO_RIGHT = no(_("This owner has no right in this vote. If a unit was left out, ask for a correction of the roll."))
TAKEN = no(_("This right belongs to another account already. Please clear up first which of the two is the owner's."))
USED = no(_("The vote for this right has been cast already, for example on paper. It can be linked after this vote."))
ANOTHER = no(_("This account is linked to another owner here already. One person votes once."))


@transaction.atomic
def claim(ballot: Ballot, *, home: str, text: str, by: User, at: dt.datetime) -> RollClaim:
    held = corrections.lock(ballot.pk)
    require(roll_policies.may_claim(by, held, at))
    due_at = limits.until(held.area, limits.CLAIM, at)
    made = RollClaim.objects.create(ballot=held, by=by, home=home, text=text, made_at=at, due_at=due_at)
    _tell("roll.claimed", made, by=by, at=at, due=canonical.instant(due_at))
    return made


@transaction.atomic
def accept(claim: RollClaim, *, by: User, at: dt.datetime, owner: Owner | None = None, reason: str = "") -> None:
    """On an owners' roll the owner's right is linked to the claimant; a residents' roll gets one more right.

    owner: whose right it is, on an owners' roll.
    """
    asked = _held(claim)
    require(roll_policies.may_rule(by, asked, at) and roll_policies.is_open_to_corrections(asked.ballot, at))
    if asked.ballot.roll_kind == RollKind.OWNERS:
        _link(asked, owner)
    else:
        require(roll_policies.may_be_added(asked, at))
        corrections.add_resident(asked, reason=reason, by=by, at=at)
    _rule(asked, Ruling.ACCEPTED, reason, by=by, at=at)


@transaction.atomic
def refuse(claim: RollClaim, *, reason: str, by: User, at: dt.datetime) -> None:
    """Also after the end of the vote: whoever claims gets an answer."""
    asked = _held(claim)
    require(roll_policies.may_rule(by, asked, at))
    _rule(asked, Ruling.REFUSED, reason, by=by, at=at)


def remind(pk: int, *, at: dt.datetime) -> bool:
    """Tell those who lead the body, once, that a claim is overdue."""
    with transaction.atomic():
        late = RollClaim.objects.select_for_update(of=("self",)).select_related("ballot").get(pk=pk)
        if late.ruling != Ruling.OPEN or late.due_at > at or _told(late):
            return False
        _tell(OVERDUE, late, by=SYSTEM, at=at)
        return True


def overdue(at: dt.datetime) -> QuerySet[RollClaim]:
    """The open claims whose time is over and of which nobody was told yet."""
    told = Event.objects.filter(kind=OVERDUE, subject_id=Cast(OuterRef("pk"), CharField()))
    return RollClaim.objects.filter(~Exists(told), ruling=Ruling.OPEN, due_at__lte=at)


def act_key(claim: int) -> str:
    """The key of the notices that ask for a ruling."""
    return f"claim:{claim}"


def _link(asked: RollClaim, owner: Owner | None) -> None:
    if owner is None or owner.area_id != asked.ballot.area_id:
        raise Refused(NOT_AN_OWNER)
    owner = Owner.objects.select_for_update().get(pk=owner.pk)
    entry = asked.ballot.entries.filter(owner=owner).exclude(units=[]).first()
    if entry is None:
        raise Refused(NO_RIGHT)
    require(_is_free(asked, owner, entry))
    owner.user = entry.voter = asked.by
    owner.save(update_fields=["user"])
    entry.save(update_fields=["voter"])


def _is_free(asked: RollClaim, owner: Owner, entry: RollEntry) -> Verdict:
    if not {owner.user_id, entry.voter_id} <= {None, asked.by_id}:
        return TAKEN
    if entry.voted:
        return USED
    others = Owner.objects.filter(area=owner.area_id, user=asked.by).exclude(pk=owner.pk).exists()
    return ANOTHER if others or asked.ballot.entries.filter(voter=asked.by).exists() else YES


def _rule(asked: RollClaim, ruling: Ruling, reason: str, *, by: User, at: dt.datetime) -> None:
    asked.ruling, asked.reason, asked.ruled_by, asked.ruled_at = ruling, reason, by, at
    asked.save()
    inbox.settle(act_key(asked.pk), at=at)
    _tell("roll.claim_ruled", asked, by=by, at=at, texts={"reason": reason}, ruling=str(ruling))


def _tell(kind: str, asked: RollClaim, *, by: Actor, at: dt.datetime, **facts: Any) -> None:
    """Codes only; what the claimant wrote stays in the claim."""
    codes: dict[str, Any] = {"ballot": asked.ballot_id, "claim": asked.pk}
    chain = asked.ballot.chain
    record(kind, chain=chain, subject=asked, by=by, at=at, visibility=Visibility.STAFF, **codes, **facts)


def _told(late: RollClaim) -> bool:
    return Event.objects.filter(chain_id=late.ballot.chain, kind=OVERDUE, subject_id=str(late.pk)).exists()


def _held(claim: RollClaim) -> RollClaim:
    """As it stands, with its ballot held alone."""
    ballot = corrections.lock(claim.ballot_id)
    found = RollClaim.objects.select_related("by").get(pk=claim.pk)
    found.ballot = ballot
    return found
