"""The proposer and the endorsers judge the result; silence is “not evaluated”, never “satisfied” (domain.md §6)."""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from areas import policy
from ledger.actors import SYSTEM
from ledger.recording import record
from notifications import inbox
from people.models import User
from people.verdict import Refused, no

from . import lifecycle, notices
from .models import Judgement, Proposal
from .policies import may_judge
from .states import Outcome

Solved = Judgement.Solved


@transaction.atomic
def judge(proposal: Proposal, *, by: User, at: dt.datetime, solved: str, manner: int, comment: str = "") -> Judgement:
    """Record one judgement. The proposer's ends the round: solved closes the case, anything else has it put right.

    manner: 1–5, for the answer and the way people were treated; it never changes whether the matter is solved. Who says
    “partly” or “not” must say what is missing, so that it can be put right.
    """
    case = Proposal.objects.select_for_update(of=("self",)).select_related("area", "owner__area").get(pk=proposal.pk)
    verdict = may_judge(by, case, at)
    if not verdict:
        raise Refused(verdict)
    if solved != Solved.YES and not comment.strip():
        raise Refused(no(_("Please write what is still missing, so that it can be put right.")))
    judgement = Judgement.objects.create(
        proposal=case,
        round=case.rectified,
        user=by,
        is_proposer=case.proposer_id == by.pk,
        solved=solved,
        manner=manner,
        comment=comment,
        at=at,
    )
    record(
        "case.judged",
        chain=case.chain,
        subject=judgement,
        by=by,
        at=at,
        texts={"text": comment} if comment else None,
        solved=solved,
        manner=manner,
        round=case.rectified,
        proposer=judgement.is_proposer,
    )
    inbox.settle(notices.act_key(case.chain, case.state), at=at, user=by)
    if judgement.is_proposer:
        _end_round(case, _is_solved(case, by_proposer=solved), at)
    return judgement


def end_by_time(case: Proposal, at: dt.datetime) -> None:
    """The time to judge is over and the proposer kept silent: what the endorsers said decides, if anybody did."""
    if case.judgements.filter(round=case.rectified).exists():
        _end_round(case, _is_solved(case), at)
    else:
        lifecycle.move(case, "close", by=SYSTEM, at=at, outcome=str(Outcome.NOT_EVALUATED))


def _is_solved(case: Proposal, by_proposer: str = "") -> bool:
    """The proposer's “not” is enough; their “solved” is not, against more than half of all who judged."""
    if by_proposer and by_proposer != Solved.YES:
        return False
    said = Counter(case.judgements.filter(round=case.rectified).values_list("solved", flat=True))
    return said[Solved.YES] * 2 >= said.total() if by_proposer else said[Solved.YES] * 2 > said.total()


def _end_round(case: Proposal, solved: bool, at: dt.datetime) -> None:
    if solved:
        lifecycle.move(case, "close", by=SYSTEM, at=at, outcome=str(Outcome.SOLVED))
    elif case.rectified < policy.value(case.area, "case.rounds"):
        lifecycle.move(case, "rectify", by=SYSTEM, at=at)
    else:
        lifecycle.move(case, "close", by=SYSTEM, at=at, outcome=str(Outcome.NOT_SOLVED))
