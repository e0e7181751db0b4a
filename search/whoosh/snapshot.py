"""An index as it stood at one commit, opened for reading."""

import itertools
import mmap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from .clauses import Clause
from .documents import KEY

Scores = dict[str, float]
KeysOfSegment = dict[str, list[str]]
MOST_ENDINGS = 200


class Mapped(FileStorage):
    """Files mapped into memory: Whoosh's own way copies the postings of a segment whenever it opens one."""

    def open_file(self, name: str, **options: Any) -> StructFile:
        path = Path(self._fpath(name))
        if not path.stat().st_size:
            return super().open_file(name, **options)
        with path.open("rb") as file:
            return StructFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), name=name, **options)


class Snapshot:
    def __init__(self, index: FileIndex, known: KeysOfSegment) -> None:
        """`known` are keys read for an earlier snapshot: a segment keeps its keys as long as it lives."""
        self.reader = index.reader()
        self.size = self.reader.doc_count_all()
        self._leaves = [(leaf, offset) for leaf, offset in self.reader.leaf_readers() if leaf.doc_count_all()]
        self.keys_of_segment = {
            (name := leaf.segment().segment_id()): known.get(name) or _keys(leaf) for leaf, _ in self._leaves
        }
        self._keys = list(itertools.chain.from_iterable(self.keys_of_segment.values()))
        self._deleted = {offset + number for leaf, offset in self._leaves for number in leaf.deleted_docs_set}

    def find(self, clause: Clause) -> Scores:
        """The key of every document that matches, with its best score."""
        scores: Scores = {}
        for number, score in clause.hits(self).items():
            if number not in self._deleted:
                key = self._keys[number]
                scores[key] = max(score, scores.get(key, 0.0))
        return scores

    def postings(self, field: str, text: str) -> tuple[list[int], list[float]]:
        numbers: list[int] = []
        weights: list[float] = []
        for leaf, offset in self._leaves:
            try:
                matcher = leaf.postings(field, text)
            except TermNotFound:
                continue
            for some, their_weights in _blocks(getattr(matcher, "child", matcher)):
                numbers += [offset + number for number in some] if offset else some
                weights += their_weights
        return numbers, weights

    def beginning(self, field: str, start: str) -> list[str]:
        try:
            endings = self.reader.expand_prefix(field, start)
            return [text.decode() for text in itertools.islice(endings, MOST_ENDINGS)]
        except TermNotFound:
            return []

    def close(self) -> None:
        self.reader.close()


def _keys(leaf: Any) -> list[str]:
    """The key of every document; Whoosh takes a file that a merge has just removed for a column without values."""
    keys = list(leaf.column_reader(KEY))
    if "" in keys:
        raise FileNotFoundError(KEY)
    return keys


def _blocks(matcher: Any) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
    """Numbers and weights of a posting list, block by block: inside Whoosh, whose version is pinned for this."""
    while matcher.is_active():
        if not hasattr(matcher, "_read_ids"):  # a list of one, kept in the dictionary of terms
            yield (matcher.id(),), (matcher.weight(),)
            matcher.next()
            continue
        matcher._read_ids()
        matcher._read_weights()
        yield matcher._ids, matcher._weights
        matcher._next_block()
