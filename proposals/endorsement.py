"""Support by households: one door counts once; reaching the threshold makes deliberation a duty."""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from areas import policy
from areas.models import Area, Level
from ledger.actors import SYSTEM
from notifications import subscriptions
from people.models import Residence, User
from people.verdict import Refused, no

from . import lifecycle, limits
from .models import Call, Endorsement, Proposal
from .policies import may_call, may_endorse
from .states import State


@transaction.atomic
def endorse(proposal: Proposal, *, by: User, at: dt.datetime) -> bool:
    """Count this person's household once; True when it was not counted before. Raises Refused with the reason."""
    case = Proposal.objects.select_for_update(of=("self",)).select_related("area", "owner__area").get(pk=proposal.pk)
    verdict = may_endorse(by, case, at)
    if not verdict:
        raise Refused(verdict)
    home = Residence.objects.verified().get(user=by)
    if case.endorsements.filter(household=home.household).exists():
        return False
    Endorsement.objects.create(proposal=case, user=by, household=home.household, courtyard=home.courtyard, at=at)
    subscriptions.add(by, case.chain)
    qualify_if_met(case, at)
    return True


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User, at: dt.datetime) -> None:
    """Take one's endorsement back while endorsements are still being collected."""
    case = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if case.state != State.ENDORSING:
        raise Refused(no(_("Endorsements are not being collected now, so yours stays.")))
    Endorsement.objects.filter(proposal=case, user=by).delete()


def qualify_if_met(case: Proposal, at: dt.datetime) -> None:
    if case.state != State.ENDORSING:
        return
    count = case.endorsements.count()
    if count >= case.endorsements_needed or (case.area.level == Level.DISTRICT and _communities_met(case)):
        lifecycle.move(case, "qualify", by=SYSTEM, at=at, households=count)


def _communities_met(case: Proposal) -> bool:
    """A district's matter also qualifies when so many communities each reach a community's own threshold."""
    depth = Area.steplen * Level.COMMUNITY
    paths = case.endorsements.filter(courtyard__isnull=False).values_list("courtyard__path", flat=True)
    counted = Counter(path[:depth] for path in paths)
    communities = {area.path: area for area in Area.objects.filter(path__in=counted)}
    met = sum(n >= limits.households(communities[path]) for path, n in counted.items() if path in communities)
    return met >= int(policy.value(case.area, "case.communities"))


@transaction.atomic
def call_up(proposal: Proposal, *, by: User, at: dt.datetime) -> bool:
    """This household's voice that the next level takes the case; enough of them hand it up. True when it is new."""
    case = Proposal.objects.select_for_update(of=("self",)).select_related("area", "owner__area").get(pk=proposal.pk)
    verdict = may_call(by, case, at)
    if not verdict:
        raise Refused(verdict)
    home = Residence.objects.verified().get(user=by)
    mine = {"proposal": case, "household": home.household, "level": case.level, "turn": case.hand_backs}
    if Call.objects.filter(**mine).exists():
        return False
    Call.objects.create(**mine, user=by, at=at)
    if callers(case) >= policy.value(case.area, "case.callers"):
        lifecycle.move(case, "climb", by=SYSTEM, at=at, reason="appeal", households=callers(case))
    return True


def callers(case: Proposal) -> int:
    """How many households appeal from the present level."""
    return case.calls.filter(level=case.level, turn=case.hand_backs).count()
