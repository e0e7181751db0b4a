"""Objections to a result, and the rulings on them: each on record, each answered by another body than the caller's."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from ledger import canonical
from ledger.actors import SYSTEM, Actor
from ledger.models import Event
from ledger.recording import record
from notifications import inbox
from people.models import User
from people.verdict import Refused, no

from . import corrections, counting, limits, objection_policies
from .corrections import require
from .models import Ballot, Objection, RollEntry
from .states import Remedy, Ruling, State

OVERDUE = "objection.overdue"
NO_REASON = no(_("Please write the reasons for this ruling."))
NO_REMEDY = no(_("Please choose what follows from it."))


@transaction.atomic
def make(ballot: Ballot, *, grounds: str, by: User, at: dt.datetime) -> Objection:
    held = corrections.lock(ballot.pk)
    require(objection_policies.may_object(by, held, at))
    due_at = limits.until(held.area, limits.RULING, at)
    made = Objection.objects.create(ballot=held, by=by, grounds=grounds, made_at=at, due_at=due_at)
    _tell("objection.made", made, by=by, at=at, texts={"grounds": grounds}, due=canonical.instant(due_at))
    return made


@transaction.atomic
def accept(objection: Objection, remedy: Remedy, *, reason: str, by: User, at: dt.datetime) -> None:
    """It is right: the papers are counted again, the vote is annulled, or the fault is only kept on record."""
    asked = _held(objection)
    require(objection_policies.may_rule(by, asked, at))
    if remedy not in Remedy.values:
        raise Refused(NO_REMEDY)
    _rule(asked, Ruling.ACCEPTED, remedy, reason, by=by, at=at)
    if remedy == Remedy.RECOUNT:
        counting.recount(asked.ballot, by=by, at=at)
    elif remedy == Remedy.ANNUL:
        counting.annul(asked.ballot, reason=reason, by=by, at=at)
        _settle_others(asked.ballot, at)


@transaction.atomic
def refuse(objection: Objection, *, reason: str, by: User, at: dt.datetime) -> None:
    asked = _held(objection)
    require(objection_policies.may_rule(by, asked, at))
    _rule(asked, Ruling.REFUSED, "", reason, by=by, at=at)


def remind(pk: int, *, at: dt.datetime) -> bool:
    """Tell those who supervise, once, that a ruling is overdue. The objection stays open until somebody rules."""
    with transaction.atomic():
        late = Objection.objects.select_for_update(of=("self",)).select_related("ballot").get(pk=pk)
        if not overdue(at).filter(pk=pk).exists():
            return False
        _tell(OVERDUE, late, by=SYSTEM, at=at)
        return True


def overdue(at: dt.datetime) -> QuerySet[Objection]:
    """Those whose time is over and of which nobody was told yet."""
    told = Event.objects.filter(kind=OVERDUE, subject_id=Cast(OuterRef("pk"), CharField()))
    waiting = Objection.objects.filter(ruling=Ruling.OPEN, ballot__state=State.CLOSED, due_at__lte=at)
    return waiting.filter(~Exists(told)).order_by("due_at", "pk")


def listed() -> QuerySet[Objection]:
    """With how each objector is called in public: as on the roll, masked. One query."""
    names = RollEntry.objects.filter(ballot=OuterRef("ballot"), voter=OuterRef("by")).values("label")
    return Objection.objects.annotate(who=Subquery(names[:1])).order_by("made_at", "pk")


def act_key(objection: int) -> str:
    """The key of the notices that ask for a ruling."""
    return f"objection:{objection}"


def _rule(asked: Objection, ruling: Ruling, remedy: str, reason: str, *, by: User, at: dt.datetime) -> None:
    if not reason.strip():
        raise Refused(NO_REASON)
    asked.ruling, asked.remedy, asked.reason = ruling, remedy, reason
    asked.ruled_by, asked.ruled_at = by, at
    asked.save()
    inbox.settle(act_key(asked.pk), at=at)
    texts = {"reason": reason}
    _tell("objection.ruled", asked, by=by, at=at, texts=texts, ruling=str(ruling), remedy=str(remedy))


def _settle_others(ballot: Ballot, at: dt.datetime) -> None:
    """An annulled vote leaves nothing to rule on."""
    for pk in ballot.objections.filter(ruling=Ruling.OPEN).values_list("pk", flat=True):
        inbox.settle(act_key(pk), at=at)


def _tell(kind: str, objection: Objection, *, by: Actor, at: dt.datetime, **facts: Any) -> None:
    codes: dict[str, Any] = {"ballot": objection.ballot_id, "objection": objection.pk}
    record(kind, chain=objection.ballot.chain, subject=objection, by=by, at=at, **codes, **facts)


def _held(objection: Objection) -> Objection:
    """As it stands, with its ballot held alone."""
    ballot = corrections.lock(objection.ballot_id)
    found = Objection.objects.select_related("by").get(pk=objection.pk)
    found.ballot = ballot
    return found
