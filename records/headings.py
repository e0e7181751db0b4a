"""Titles in lines of much the same length that never break inside a word."""

CLOSING, OPENING = "，。、：；！？）”’》〕】", "（“‘《〔【"


def lines(parts: list[str], longest: int) -> list[str]:
    """All parts on one line if they fit; else each part begins a line, and breaks between words where it must."""
    if sum(map(len, parts)) <= longest:
        return ["".join(parts)]
    return [line for part in parts for line in _balanced(part, longest)]


def _balanced(text: str, longest: int) -> list[str]:
    words = _words(text)
    fewest = len(_filled(words, longest))
    return next(lines for limit in range(1, longest + 1) if len(lines := _filled(words, limit)) <= fewest)


def _filled(words: list[str], limit: int) -> list[str]:
    filled = [""]
    for word in words:
        if filled[-1] and len(filled[-1] + word) > limit:
            filled.append("")
        filled[-1] += word
    return filled


def _words(text: str) -> list[str]:
    """Words, each with the punctuation that must not stand apart from it."""
    import rjieba

    words = [""]
    for word in rjieba.cut(text):
        if word[0] in CLOSING or (words[-1] and words[-1][-1] in OPENING):
            words[-1] += word
        else:
            words.append(word)
    return [word for word in words if word]
