"""Chinese words joined by <wbr>: a heading may break between words, never inside one."""

import re
from functools import lru_cache

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_MARKUP = re.compile(r"(<[^>]+>|&#?\w+;)")
_CLOSING = "，。：、？！；）”’》】…"
_OPENING = "（“‘《【"


def phrases(text: str) -> SafeString:
    """The text as HTML (escaped unless it is safe already) with a break allowed between its words."""
    return mark_safe(_joined(str(conditional_escape(text))))  # noqa: S308 - escaped here


@lru_cache(maxsize=4096)
def _joined(html: str) -> str:
    import rjieba

    out = ""
    for chunk in filter(None, _MARKUP.split(html)):
        for word in [chunk] if _MARKUP.fullmatch(chunk) else rjieba.cut(chunk, True):
            out += word if _stays_with(out, word) else f"<wbr>{word}"
    return out


def _stays_with(before: str, word: str) -> bool:
    """Nothing breaks at a line's start or end, at markup, before closing or after opening punctuation, in numbers."""
    return (
        not before
        or before[-1] in f" >;{_OPENING}"
        or word[0] in f" <&{_CLOSING}"
        or (word.isascii() and before[-1].isascii())
        or word.isdigit()
    )
