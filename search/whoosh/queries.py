"""modelsearch's queries as clauses over the fields of an index."""

import functools
from collections.abc import Iterator, Mapping

from modelsearch.query import And, Boost, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from . import words
from .clauses import All, Any, Beginning, Clause, Everything, Except, Preferring, Term

Fields = Mapping[str, float]
NEARNESS = 0.3


@functools.singledispatch
def compiled(query: SearchQuery, fields: Fields, weight: float = 1.0) -> Clause:
    """Every kind of query over the given fields and their weights."""
    raise NotImplementedError(f"This index cannot answer {type(query).__name__}.")


@compiled.register
def _everything(query: MatchAll, fields: Fields, weight: float = 1.0) -> Clause:
    return Everything()


@compiled.register
def _plain(query: PlainText, fields: Fields, weight: float = 1.0) -> Clause:
    """All words or any, and sooner what has them side by side."""
    weight *= query.boost
    asked = words.query_words(query.query_string)
    found = (All if query.operator == "and" else Any)([_word(word, fields, weight) for word in asked])
    side_by_side = sorted(set(words.pairs(query.query_string)).difference(asked)) if len(asked) > 1 else []
    return Preferring(found, Any([_piece(pair, fields, weight * NEARNESS) for pair in side_by_side]))


@compiled.register
def _phrase(query: Phrase, fields: Fields, weight: float = 1.0) -> Clause:
    """Every two neighbours of the phrase stand together in one field: exact for two, as good as exact for more."""
    pieces = list(words.pairs(query.query_string)) or words.runs(query.query_string)
    return Any([All([_piece(piece, {name: boost}, weight) for piece in pieces]) for name, boost in fields.items()])


@compiled.register
def _boost(query: Boost, fields: Fields, weight: float = 1.0) -> Clause:
    return compiled(query.subquery, fields, weight * query.boost)


@compiled.register
def _not(query: Not, fields: Fields, weight: float = 1.0) -> Clause:
    return Except(compiled(query.subquery, fields, weight))


@compiled.register
def _and(query: And, fields: Fields, weight: float = 1.0) -> Clause:
    return All([compiled(each, fields, weight) for each in query.subqueries])


@compiled.register
def _or(query: Or, fields: Fields, weight: float = 1.0) -> Clause:
    return Any([compiled(each, fields, weight) for each in query.subqueries])


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
