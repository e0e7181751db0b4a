"""The official answer: complete or refused, signed by a named officer, published with its move, corrected anew."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from areas import calendar
from deliberation.models import Thread
from people.models import Appointment, User
from people.roles import Right
from people.verdict import Refused, Verdict, no

from . import answer_rules, lifecycle
from .answer_rules import TEXTS, Draft, PointDraft, Points
from .models import Decision, Point, Proposal


@transaction.atomic
def publish(
    proposal: Proposal,
    *,
    by: User,
    at: dt.datetime,
    result: str,
    points: Points,
    review_on: dt.date | None,
    **texts: str,
) -> Decision:
    """Store the answer and move the case to “answered”. `texts` are the fields named in answer_rules.TEXTS.

    Raises Refused with everything that is missing, or lifecycle.Stale when somebody was first.
    """
    _lock(proposal)
    _allow(lifecycle.may(by, proposal, "decide", at))
    answer = answer_rules.draft(result, points, review_on, texts)
    _allow(answer_rules.verdict(answer, heard=heard(proposal), today=calendar.local_date(at)))
    return _sign(proposal, "decide", answer, by=by, at=at)


@transaction.atomic
def correct(
    proposal: Proposal,
    *,
    by: User,
    at: dt.datetime,
    correction: str,
    result: str,
    points: Points,
    review_on: dt.date | None,
    **texts: str,
) -> Decision:
    """A new version of the whole answer, which must differ. `correction`: what was corrected and why."""
    _lock(proposal)
    _allow(lifecycle.may(by, proposal, "correct", at))
    answer = answer_rules.draft(result, points, review_on, texts, correction)
    _allow(answer_rules.verdict(answer, heard=heard(proposal), today=calendar.local_date(at)))
    if replace(answer, correction=None) == drafted(proposal.decisions.latest("version")):
        raise Refused(no(_("Nothing differs from the version before. Please change what is wrong in it.")))
    return _sign(proposal, "correct", answer, by=by, at=at)


def drafted(decision: Decision) -> Draft:
    """What a signed answer said, to be compared or written on."""
    points = [PointDraft(point.wish, point.result, point.reason) for point in decision.points.all()]
    return answer_rules.draft(
        decision.result, points, decision.review_on, {name: getattr(decision, name) for name in TEXTS}
    )


def heard(proposal: Proposal) -> bool:
    """Has anybody spoken in the thread of the case?"""
    return Thread.objects.filter(chain=proposal.chain, last_number__gt=0).exists()


def signature(by: User, proposal: Proposal, at: dt.datetime) -> str:
    """Title and name under which the officer signs; whoever holds the office themself does not sign as a deputy."""
    offices = Appointment.objects.current(at).with_right(Right.DECIDE).filter(user=by, body=proposal.owner)
    office = offices.order_by(F("acting_for_id").asc(nulls_first=True), "pk").first()
    return " ".join(part for part in (office.signing_title if office else "", by.name) if part)


def facts(decision: Decision) -> dict[str, Any]:
    """What the event of an answer says in codes."""
    return {
        "decision": decision.pk,
        "version": decision.version,
        "result": str(decision.result),
        "points": [str(point.result) for point in decision.points.all()],
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
    }


def words(decision: Decision) -> dict[str, str]:
    """What the event of an answer commits to: every word of it."""
    said = {name: getattr(decision, name) for name in TEXTS}
    for point in decision.points.all():
        said |= {f"point.{point.number}.wish": point.wish, f"point.{point.number}.reason": point.reason}
    return said | ({"correction": decision.correction} if decision.correction else {})


def _lock(proposal: Proposal) -> None:
    """Of two who sign at once the second waits here, and finds that the case has moved on."""
    rows = Proposal.objects.select_for_update().filter(pk=proposal.pk)
    if rows.values_list("revision", flat=True).get() != proposal.revision:
        raise lifecycle.Stale


def _allow(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict)


def _sign(proposal: Proposal, verb: str, answer: Draft, *, by: User, at: dt.datetime) -> Decision:
    decision = _store(proposal, answer, by=by, at=at)
    lifecycle.move(proposal, verb, by=by, at=at, texts=words(decision), **facts(decision))
    return decision


def _store(proposal: Proposal, answer: Draft, *, by: User, at: dt.datetime) -> Decision:
    assert proposal.owner is not None
    fields: Mapping[str, str] = {**answer.texts, "correction": answer.correction or ""}
    decision = Decision.objects.create(
        proposal=proposal,
        version=proposal.decisions.count() + 1,
        result=answer.result,
        review_on=answer.review_on,
        body=proposal.owner,
        signer=by,
        signed_as=signature(by, proposal, at),
        at=at,
        **fields,
    )
    Point.objects.bulk_create(
        Point(decision=decision, number=n, wish=point.wish, result=point.result, reason=point.reason)
        for n, point in enumerate(answer.points, 1)
    )
    return decision
