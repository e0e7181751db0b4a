"""Support by households: one door counts once; reaching the threshold makes deliberation a duty."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from ledger.actors import SYSTEM
from notifications import subscriptions
from people.models import Residence, User
from people.verdict import Refused, no

from . import lifecycle
from .models import Endorsement, Proposal
from .policies import may_endorse
from .states import State


@transaction.atomic
def endorse(proposal: Proposal, *, by: User, at: dt.datetime) -> bool:
    """Count this person's household once; True when it was not counted before. Raises Refused with the reason."""
    case = Proposal.objects.select_for_update(of=("self",)).select_related("area", "owner__area").get(pk=proposal.pk)
    verdict = may_endorse(by, case, at)
    if not verdict:
        raise Refused(verdict)
    household = Residence.objects.verified().get(user=by).household
    if case.endorsements.filter(household=household).exists():
        return False
    Endorsement.objects.create(proposal=case, user=by, household=household, at=at)
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
    if case.state == State.ENDORSING and case.endorsements.count() >= case.endorsements_needed:
        lifecycle.move(case, "qualify", by=SYSTEM, at=at, households=case.endorsements.count())
