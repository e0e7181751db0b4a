"""One search over cases and pages: each kind is asked of its index, and both are shown together, best first."""

import datetime as dt
import html
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from proposals import listing
from proposals.listing import Card
from proposals.models import Proposal
from search import highlighting

from . import figures

PER_PAGE = 10
MOST = 500  # of each kind; whoever has to look further adds a word
KINDS = ("cases", "pages")


@dataclass(frozen=True)
class Hit:
    """A result in words, the words of the query marked; `card` when it is a case."""

    title: SafeString
    text: SafeString
    page: Page | None = None
    card: Card | None = None


def find(query: str, kind: str, number: str, now: dt.datetime) -> dict[str, Any]:
    """kind: "cases", "pages" or "" for both. An empty query finds nothing and says so on the page."""
    found = {"cases": _cases(query), "pages": _pages(query)}
    shown = [row for name in KINDS if kind in (name, "") for row in found[name]]
    page = Paginator(sorted(shown, key=lambda row: -row.score), PER_PAGE).get_page(number)
    counts = {name: len(rows) for name, rows in found.items()}
    return {
        "here": figures.district(),
        "kind": kind,
        "counts": counts | {"all": sum(counts.values())},
        "many": MOST if MOST in counts.values() else 0,
        "page": page,
        "hits": _hits(list(page.object_list), query, now),
    }


def _cases(query: str) -> list[Any]:
    """Keys and scores only; a number in full finds that case alone."""
    cases = Proposal.objects.public().only("pk")
    numbered = list(cases.filter(number=query))
    for case in numbered:
        case.score = 0.0
    return numbered or _ask(query, cases)


def _pages(query: str) -> list[Any]:
    return _ask(query, Page.objects.live().public().filter(depth__gt=2).only("pk"))


def _ask(query: str, rows: Any) -> list[Any]:
    return list(get_search_backend().search(query, rows).annotate_score("score")[:MOST]) if query else []


def _hits(rows: list[Any], query: str, now: dt.datetime) -> list[Hit]:
    """The rows of one page, read in full: as many queries for ten as for one."""
    cases = Proposal.objects.public().for_cards().filter(pk__in=[row.pk for row in rows if isinstance(row, Proposal)])
    pages = Page.objects.live().public().filter(pk__in=[row.pk for row in rows if isinstance(row, Page)]).specific()
    ready = {(Proposal, card.case.pk): _case_hit(card, query) for card in listing.cards(list(cases), now)}
    ready |= {(Page, page.pk): _page_hit(page, query) for page in pages}
    keys = [(type(row), row.pk) for row in rows]
    return [ready[key] for key in keys if key in ready]


def _case_hit(card: Card, query: str) -> Hit:
    text = card.case.searchable_text()
    return Hit(highlighting.marked(card.case.title, query), highlighting.excerpt(text, query), card=card)


def _page_hit(page: Page, query: str) -> Hit:
    words = " ".join(strip_tags(getattr(page, name, "")) for name in ("summary", "intro", "body"))
    return Hit(highlighting.marked(page.title, query), highlighting.excerpt(html.unescape(words), query), page=page)
