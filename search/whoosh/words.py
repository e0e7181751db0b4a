"""Text as the index knows it: words, and beside them the pieces that no dictionary has.

Chinese is cut by rjieba, finely for the index and plainly for a query. Because two cuts of the same characters need not
agree, the index also keeps every pair of neighbours (and every single character) that is not a word already, under a
mark. So whatever stands in a text is found by any part of it, and a real word counts for more than a chance neighbour.
"""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import rjieba

MARK = "~"
PIECE = 0.2
SATURATION, EVENNESS, USUAL_LENGTH = 1.2, 0.75, 100
MOST_QUERY_WORDS = 24
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTER = rf"[^\W_{HAN}]"
_RUN = re.compile(rf"[{HAN}]+|{LETTER}+")
_UNIT = re.compile(rf"[{HAN}]|{LETTER}+")
_HAN = re.compile(f"[{HAN}]")
_SAYING_LITTLE = "的了吗呢吧啊呀么着地得和与及或在是就都也还很太被把请有没不我你您他她它这那个上里要想能"
_PARTICLES = frozenset([*_SAYING_LITTLE, "没有", "我们"])


def fold(text: str) -> str:
    """Full width and half width, upper and lower case as one."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_han(text: str) -> bool:
    return bool(_HAN.match(text))


def weighed(text: str) -> dict[str, float]:
    """Every word with a weight that grows with its count and falls with the text's length, as BM25 has it.

    The usual length is taken as given, so that the weight can be reckoned once, here, and not at every search.
    """
    folded = fold(text)
    counts: Counter[str] = Counter()
    for run in _RUN.findall(folded):
        counts.update(_cutter().cut_for_search(run, False) if is_han(run) else (run,))
    room = SATURATION * (1 - EVENNESS + EVENNESS * counts.total() / USUAL_LENGTH)
    tokens = {word: count * (SATURATION + 1) / (count + room) for word, count in counts.items()}
    pieces = {*pairs(folded), *_HAN.findall(folded)}.difference(counts)
    return tokens | dict.fromkeys((MARK + piece for piece in pieces), PIECE)


def query_words(text: str) -> list[str]:
    """What a person asks for, without the particles (unless there is nothing else), each once."""
    words: list[str] = []
    for run in runs(text):
        words.extend(_cutter().cut(run, False) if is_han(run) else (run,))
    telling = [word for word in words if word not in _PARTICLES] or words
    return list(dict.fromkeys(telling))[:MOST_QUERY_WORDS]


def runs(text: str) -> list[str]:
    """Stretches of Chinese characters, and words of any other script."""
    return _RUN.findall(fold(text))


def pattern(word: str) -> str:
    """Where a word stands in a folded text: Chinese anywhere, other scripts as a whole word."""
    return re.escape(word) if is_han(word) else rf"(?<!{LETTER}){re.escape(word)}(?!{LETTER})"


def pairs(text: str) -> Iterator[str]:
    """Neighbours with nothing but space between them: two characters, two words, or one of each."""
    folded = fold(text)
    before: re.Match[str] | None = None
    for unit in _UNIT.finditer(folded):
        if before and not folded[before.end() : unit.start()].strip():
            joint = "" if is_han(before[0]) and is_han(unit[0]) else " "
            yield before[0] + joint + unit[0]
        before = unit


@functools.cache
def _cutter() -> rjieba.Jieba:
    """The dictionary with the words of courtyards added; a word with frequency 0 is taken out of it."""
    cutter = rjieba.Jieba()
    for line in Path(__file__).with_name("lexicon.txt").read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            word, _, frequency = line.partition(" ")
            cutter.add_word(word, int(frequency) if frequency else None, None)
    return cutter
