"""modelsearch's queries as clauses over the fields of an index."""

import functools
from collections.abc import Iterator, Mapping

from modelsearch.query import And, Boost, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from . import words
from .clauses import All, Any, Beginning, Clause, Everything, Except, Preferring, Term

Fields = Mapping[str, float]
NEARNESS = 0.3


def compiled(query: SearchQuery, fields: Fields, *, weight: float = 1.0) -> Clause:
    """Every kind of query over the given fields and their weights."""
    below = functools.partial(compiled, fields=fields)
    match query:
        case MatchAll():
            return Everything()
        case PlainText():
            return _plain(query, fields, weight * query.boost)
        case Phrase():
            return _phrase(query.query_string, fields, weight)
        case Boost():
            return below(query.subquery, weight=weight * query.boost)
        case Not():
            return Except(below(query.subquery, weight=weight))
        case And():
            return All([below(each, weight=weight) for each in query.subqueries])
        case Or():
            return Any([below(each, weight=weight) for each in query.subqueries])
    raise NotImplementedError(f"This index cannot answer {type(query).__name__}.")


def nearest(text: str, fields: Fields) -> Clause:
    """Any word, or any two neighbours, of what was asked: for when nothing has it all."""
    exact = [_word(word, fields, 1.0) for word in words.query_words(text)]
    return Any([*exact, *(_piece(pair, fields, NEARNESS) for pair in words.pairs(text))])


def completing(text: str, fields: Fields) -> Clause:
    """What contains the Chinese typed so far, and the other words, of which the last may go on."""
    parts: list[Clause] = []
    runs = words.runs(text)
    for place, run in enumerate(runs, start=1):
        if words.is_han(run):
            parts += [_piece(piece, fields, 1.0) for piece in _pieces(run)]
        elif place == len(runs):
            parts.append(Any([Beginning(name, run) for name in fields]))
        else:
            parts.append(Any([Term(name, run) for name in fields]))
    return All(parts)


def _plain(query: PlainText, fields: Fields, weight: float) -> Clause:
    asked = words.query_words(query.query_string)
    join = All if query.operator == "and" else Any
    found = join([_word(word, fields, weight) for word in asked])
    side_by_side = sorted(set(words.pairs(query.query_string)).difference(asked)) if len(asked) > 1 else []
    return Preferring(found, Any([_piece(pair, fields, weight * NEARNESS) for pair in side_by_side]))


def _phrase(text: str, fields: Fields, weight: float) -> Clause:
    """Every two neighbours of the phrase stand together in one field: exact for two, as good as exact for more."""
    pieces = list(words.pairs(text)) or words.runs(text)
    return Any([All([_piece(piece, {name: boost}, weight) for piece in pieces]) for name, boost in fields.items()])


def _word(word: str, fields: Fields, weight: float) -> Clause:
    return Any([clause for name, boost in fields.items() for clause in _word_in(name, word, weight * boost)])


def _word_in(name: str, word: str, weight: float) -> Iterator[Clause]:
    """The word itself; a Chinese one also where the index took its characters for something else."""
    yield Term(name, word, weight)
    if words.is_han(word) and len(word) <= 2:
        yield Term(name, words.MARK + word, weight)
    elif words.is_han(word):
        yield All([_piece(pair, {name: 1.0}, weight * words.PIECE) for pair in words.pairs(word)])


def _pieces(run: str) -> list[str]:
    return list(words.pairs(run)) or [run]


def _piece(piece: str, fields: Fields, weight: float) -> Clause:
    """A character or two neighbours, whether the index took them for a word or not."""
    return Any(
        [Term(name, text, weight * boost) for name, boost in fields.items() for text in (piece, words.MARK + piece)]
    )
