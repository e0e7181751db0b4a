"""A vote by show of hands: what was counted in the meeting is entered by one officer and confirmed by another.

Both hold the ballot alone, as the close does. The close waits for them as long as for paper ballots to be keyed in;
after that it counts nobody.
"""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.models import Visibility
from ledger.recording import record
from people.models import User
from people.verdict import YES, Refused, Verdict, no

from . import corrections, hands, paper, roll_policies
from .models import Ballot, HandCount, RollEntry

PAPERS = no(gettext_lazy("In this vote people cast papers. Hands are not counted."))
NOT_BEGUN = no(gettext_lazy("The meeting has not begun. Hands are counted there first, then entered here."))
OVER = no(gettext_lazy("The time to enter what was counted is over."))
DONE = no(gettext_lazy("Two people answer for this count. It can no longer be changed."))
NONE = no(gettext_lazy("Nothing has been entered yet."))
OWN = no(gettext_lazy("Two people answer for a count: you entered this one, so somebody else confirms it."))
CHANGED = no(gettext_lazy("This count was entered anew since you looked. Please compare it with the minutes again."))


def may_enter(user: Any, ballot: Ballot, at: dt.datetime) -> Verdict:
    """Whoever may correct the roll. Again too, until a second officer has confirmed it."""
    if not ballot.is_show:
        return PAPERS
    if not (verdict := roll_policies.may_correct(user, ballot, at)):
        return verdict
    if hands.counted(ballot):
        return DONE
    if at < ballot.opens_at:
        return NOT_BEGUN
    return YES if paper.may_be_keyed_in(ballot, at) else OVER


def may_confirm(user: Any, ballot: Ballot, at: dt.datetime) -> Verdict:
    if not (verdict := may_enter(user, ballot, at)):
        return verdict
    count = HandCount.objects.filter(ballot=ballot).first()
    if count is None:
        return NONE
    return OWN if count.entered_by_id == user.pk else YES


def may_see(user: Any, count: HandCount, at: dt.datetime) -> bool:
    """Until the end these two, and while one of them is missing whoever may be the second."""
    if user.pk in (count.entered_by_id, count.confirmed_by_id):
        return True
    is_shown = count.ballot.is_counted or not count.is_confirmed
    return is_shown and bool(roll_policies.may_correct(user, count.ballot, at))


def may_read_minutes(user: Any, count: HandCount, at: dt.datetime) -> bool:
    """They may show names and faces: after the count those on the roll and whoever keeps it, never the public."""
    if roll_policies.may_correct(user, count.ballot, at):
        return may_see(user, count, at)
    return count.ballot.is_counted and RollEntry.objects.filter(ballot=count.ballot, voter=user.pk).exists()


@transaction.atomic
def enter(
    ballot: Ballot,
    *,
    present: int,
    raised: Mapping[str, Any],
    minutes: ContentFile[bytes],
    by: User,
    at: dt.datetime,
) -> HandCount:
    """raised: hands for yes and for no, or these for each option. minutes: as voting.minutes read them."""
    held = corrections.lock(ballot.pk)
    corrections.require(may_enter(by, held, at))
    count = HandCount.objects.filter(ballot=held).first() or HandCount(ballot=held)
    count.present, count.counts = present, _complete(held, present, raised)
    count.entered_by, count.entered_at = by, at
    _keep(count, minutes)
    _tell(hands.ENTERED, count, by=by, at=at)
    return count


@transaction.atomic
def confirm(ballot: Ballot, *, seen: str, by: User, at: dt.datetime) -> HandCount:
    """seen: the seal of the count that was compared with the minutes."""
    held = corrections.lock(ballot.pk)
    corrections.require(may_confirm(by, held, at))
    count = HandCount.objects.get(ballot=held)
    if hands.seal(count) != seen:
        raise Refused(CHANGED)
    corrections.require(_fits(held, count.present))
    count.confirmed_by, count.confirmed_at = by, at
    count.save()
    _tell(hands.CONFIRMED, count, by=by, at=at)
    return count


def _complete(ballot: Ballot, present: int, raised: Mapping[str, Any]) -> dict[str, Any]:
    """With the abstentions. Refused when there are more hands than people, or more people than on the roll."""
    corrections.require(_fits(ballot, present))
    if not ballot.rule.options:
        return _with_abstentions(present, raised)
    return {key: _with_abstentions(present, raised[key]) for key in ballot.rule.options}


def _fits(ballot: Ballot, present: int) -> Verdict:
    if present <= ballot.roll_size:
        return YES
    why = _("%(present)s people cannot have taken part: only %(roll)s are on the roll. Guests do not vote.")
    return no(why % {"present": present, "roll": ballot.roll_size})


def _with_abstentions(present: int, raised: Mapping[str, int]) -> dict[str, int]:
    yes, against = raised["yes"], raised["no"]
    if yes + against > present:
        why = _("%(hands)s hands are more than the %(present)s people who were present.")
        raise Refused(no(why % {"hands": yes + against, "present": present}))
    return {"yes": yes, "no": against, "abstain": present - yes - against}


def _keep(count: HandCount, minutes: ContentFile[bytes]) -> None:
    """The minutes that came before go when these are kept for good."""
    if before := count.minutes.name:
        transaction.on_commit(partial(count.minutes.storage.delete, before))
    count.minutes_hash = hands.digest(minutes.read())
    minutes.seek(0)
    count.minutes.save(str(minutes.name), minutes, save=False)
    count.save()


def _tell(kind: str, count: HandCount, *, by: User, at: dt.datetime) -> None:
    ballot = count.ballot
    facts: dict[str, Any] = {"ballot": ballot.pk, "seal": hands.seal(count)}
    record(kind, chain=ballot.chain, subject=ballot, by=by, at=at, visibility=Visibility.STAFF, **facts)
