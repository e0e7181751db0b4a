"""The archive: every ended case with how it ended, and one case's whole file with its proof."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Avg, Count, Q
from django.http import Http404, QueryDict

from ledger.models import Chain
from proposals import listing, timeline
from proposals.models import Judgement, Proposal
from proposals.reasons import REFER, REJECT
from proposals.states import ENDED

from . import figures

# Together all ways to end, no case in two of them.
ENDINGS = ("solved", "unsolved", "rejected", "referred", "lapsed", "withdrawn")
PER_PAGE = 20


def index(data: QueryDict, now: dt.datetime) -> dict[str, Any]:
    wanted, ending = listing.Wanted.read(data), data.get("ending", "")
    cases = _ended(wanted)
    endings = _endings(cases)
    shown = cases.filter(_rule(ending)) if ending in ENDINGS else cases
    paginator = Paginator(shown.for_cards().order_by("-closed_at", "-pk"), PER_PAGE)
    paginator.count = sum(n for name, _words, n in endings if ending in (name, "") or ending not in ENDINGS)
    page = paginator.get_page(data.get("page"))
    return {
        "nav": "archive",
        "here": wanted.area or figures.district(),
        "wanted": wanted,
        "ending": ending,
        "endings": endings,
        "page_of_cases": page,
        "cards": listing.cards(list(page.object_list), now),
    }


def file(number: str) -> dict[str, Any]:
    """One ended case; 404 for a case that still runs or is not public."""
    cases = Proposal.objects.public().filter(state__in=ENDED).select_related("area", "owner__area", "proposer")
    case = cases.filter(number=number).first()
    if case is None:
        raise Http404
    entries = timeline.of(case)
    records = [entry for entry in entries if entry.kind == "record.made"]
    return {
        "nav": "archive",
        "here": case.area,
        "case": case,
        "photos": case.photos.all() if case.text_is_public else [],
        "decision": case.decisions.last(),
        "judged": judged(case),
        "endorsed": case.endorsements.count(),
        "entries": [entry for entry in entries if entry.kind != "record.made"],
        "records": records,
        "whole": next((entry for entry in records if entry.facts["kind"] == "case_file"), None),
        "kept_back": "" if case.text_is_public else (REJECT | REFER)[case.refusal].label,
        "head": Chain.objects.get(pk=case.chain),
    }


def judged(case: Proposal) -> dict[str, Any]:
    """What was said in the last round: how many solved, of how many, and the mean for answer and manner."""
    return case.judgements.filter(round=case.rectified).aggregate(
        all=Count("pk"), solved=Count("pk", filter=Q(solved=Judgement.Solved.YES)), manner=Avg("manner")
    )


def _ended(wanted: listing.Wanted) -> Any:
    cases = Proposal.objects.public().filter(state__in=ENDED)
    if wanted.area:
        cases = cases.within(wanted.area)
    return cases.filter(pk__in=listing.matching(wanted.query)) if wanted.query else cases


def _rule(ending: str) -> Q:
    return Q(**listing.GROUPS[ending][1])


def _endings(cases: Any) -> list[tuple[str, Any, int]]:
    """Each way to end: its name, its words, and how many of these cases ended so; one query."""
    counts = cases.order_by().aggregate(**{name: Count("pk", filter=_rule(name)) for name in ENDINGS})
    return [(name, listing.GROUPS[name][0], counts[name]) for name in ENDINGS]
