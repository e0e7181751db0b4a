"""What was found, shown: the words of a query marked in a text, and the part of a long text that has most of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .whoosh import words

LEAD = 14
ELLIPSIS = "…"


@dataclass(frozen=True, order=True)
class Span:
    start: int
    end: int
    word: str


def marked(text: str, query: str) -> SafeString:
    """The whole text as safe HTML with <mark> around what the query asks for."""
    plain = " ".join(text.split())
    return _html(plain, _spans(plain, query))


def excerpt(text: str, query: str, length: int = 90) -> SafeString:
    """About `length` characters around the place where most of the query's words stand together, as safe HTML."""
    plain = " ".join(text.split())
    spans = _spans(plain, query)
    start = _best_start(spans, length)
    end = min(len(plain), start + length)
    start = max(0, end - length)
    within = [
        Span(span.start - start, span.end - start, span.word) for span in spans if start <= span.start < span.end <= end
    ]
    return format_html(
        "{}{}{}", ELLIPSIS if start else "", _html(plain[start:end], within), ELLIPSIS if end < len(plain) else ""
    )


def _best_start(spans: list[Span], length: int) -> int:
    """A little before the span from which a window holds the most different words."""

    def richness(span: Span) -> int:
        return len(
            {other.word for other in spans if span.start <= other.start and other.end <= span.start + length - LEAD}
        )

    best = max(spans, key=richness, default=None)
    return max(0, best.start - LEAD) if best else 0


def _spans(text: str, query: str) -> list[Span]:
    """Places of the query's words, or of its pairs of characters where there is no whole word; they do not overlap."""
    folded, origins = _folded(text)
    found = _places(folded, words.query_words(query)) or _places(folded, words.pairs(query))
    spans: list[Span] = []
    for start, end, word in sorted(found):
        place = Span(origins[start], origins[end - 1] + 1, word)
        if not spans or place.start >= spans[-1].end:
            spans.append(place)
    return spans


def _places(folded: str, wanted: Iterable[str]) -> list[tuple[int, int, str]]:
    return [(*match.span(), word) for word in wanted for match in re.finditer(words.pattern(word), folded)]


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the text that it comes from."""
    parts = [words.fold(character) for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def _html(text: str, spans: list[Span]) -> SafeString:
    parts: list[SafeString] = []
    end = 0
    for hit_start, hit_end in _joined(spans):
        parts.append(format_html("{}<mark>{}</mark>", text[end:hit_start], text[hit_start:hit_end]))
        end = hit_end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[end:]]))


def _joined(spans: list[Span]) -> list[tuple[int, int]]:
    """Spans that touch, as one."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        if joined and joined[-1][1] == span.start:
            joined[-1] = (joined[-1][0], span.end)
        else:
            joined.append((span.start, span.end))
    return joined
