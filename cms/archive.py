"""The archive: every ended case with how it ended, and one case's whole file with its proof."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Avg, Count, Q
from django.http import Http404, QueryDict

from adapters import clock
from ledger.models import Chain
from proposals import listing, timeline
from proposals.models import Judgement, Proposal
from proposals.states import ENDED, Outcome, State

ENDINGS: dict[str, dict[str, Any]] = {
    "solved": {"outcome": Outcome.SOLVED},
    "unsolved": {"outcome__in": [Outcome.NOT_SOLVED, Outcome.NOT_EVALUATED, Outcome.NOT_CARRIED]},
    "rejected": {"state": State.REJECTED},
    "failed": {"state": State.ENDORSEMENT_FAILED},
    "withdrawn": {"state": State.WITHDRAWN},
}
PER_PAGE = 20


def _wanted(data: QueryDict) -> Any:
    ended = Proposal.objects.public().filter(state__in=ENDED)
    if data.get("ending") in ENDINGS:
        ended = ended.filter(**ENDINGS[data["ending"]])
    if data.get("q", "").strip():
        ended = ended.filter(pk__in=listing.matching(data["q"].strip()[:80]))
    return ended.for_cards().order_by("-closed_at", "-pk")


def index(data: QueryDict) -> dict[str, Any]:
    page = Paginator(_wanted(data), PER_PAGE).get_page(data.get("page"))
    return {
        "nav": "archive",
        "page_of_cases": page,
        "cards": listing.cards(list(page.object_list), clock.now()),
        "ending": data.get("ending", ""),
        "query": data.get("q", "").strip()[:80],
        "endings": [(name, listing.GROUPS[name][0]) for name in ("solved", "unsolved", "rejected", "withdrawn")],
    }


def file(number: str) -> dict[str, Any]:
    """One ended case; 404 for a case that still runs or is not public."""
    cases = Proposal.objects.public().filter(state__in=ENDED).select_related("area", "owner__area", "proposer")
    case = cases.filter(number=number).first()
    if case is None:
        raise Http404
    entries = timeline.of(case)
    return {
        "nav": "archive",
        "here": case.area,
        "case": case,
        "photos": case.photos.all(),
        "decision": case.decisions.last(),
        "judged": judged(case),
        "endorsed": case.endorsements.count(),
        "entries": [entry for entry in entries if entry.kind != "record.made"],
        "records": [entry for entry in entries if entry.kind == "record.made"],
        "head": Chain.objects.get(pk=case.chain),
    }


def judged(case: Proposal) -> dict[str, Any]:
    """What was said in the last round: how many solved, of how many, and the mean for answer and manner."""
    return case.judgements.filter(round=case.rectified).aggregate(
        all=Count("pk"), solved=Count("pk", filter=Q(solved=Judgement.Solved.YES)), manner=Avg("manner")
    )
