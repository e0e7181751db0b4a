"""One search over cases and pages: each kind by its own query to the index, shown together."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from proposals import listing
from proposals.models import Proposal

PER_PAGE = 10
MOST = 500


def find(query: str, what: str, page: str, now: dt.datetime) -> dict[str, Any]:
    """what: "cases", "pages" or "" for both. An empty query finds nothing and says so on the page."""
    cases = _cases(query) if query else []
    pages = _pages(query) if query else []
    shown: list[Any] = [*(cases if what != "pages" else []), *(pages if what != "cases" else [])]
    chunk = Paginator(shown, PER_PAGE).get_page(page)
    here = list(chunk.object_list)
    cards = {card.case.pk: card for card in listing.cards([o for o in here if isinstance(o, Proposal)], now)}
    return {
        "what": what,
        "counts": {"cases": len(cases), "pages": len(pages), "all": len(cases) + len(pages)},
        "page": chunk,
        "hits": [(cards.get(o.pk) if isinstance(o, Proposal) else None, o) for o in here],
    }


def _cases(query: str) -> list[Proposal]:
    numbered = list(Proposal.objects.public().for_cards().filter(number=query))
    if numbered:
        return numbered
    return list(get_search_backend().search(query, Proposal.objects.public().for_cards())[:MOST])


def _pages(query: str) -> list[Page]:
    found = get_search_backend().search(query, Page.objects.live().public().filter(depth__gt=2))
    return [page.specific for page in found[:50]]
