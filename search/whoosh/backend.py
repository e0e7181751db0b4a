"""Whoosh as a search backend of modelsearch, which is Wagtail's search: one folder of the index per root model."""

import functools
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import Model
from modelsearch.backends.base import BaseIndex, BaseSearchBackend, get_model_root
from modelsearch.index import class_is_indexed
from modelsearch.utils import get_descendant_models

from .compiler import Asked, Typed
from .documents import Document, document, key_of, label_of
from .folder import Folder, folder
from .results import Results

MOST_PER_COMMIT = 100


class Index(BaseIndex):
    """All rows of a root model and of the models that extend it."""

    def __init__(self, backend: "SearchBackend", root: type[Model]) -> None:
        super().__init__(backend)
        self.root = root

    def __str__(self) -> str:
        return label_of(self.root)

    @property
    def folder(self) -> Folder:
        return folder(self.backend.path / label_of(self.root), os.getpid())

    def get_key(self) -> str:
        return label_of(self.root)

    def reindex(self, pks: Iterable[Any]) -> None:
        """Bring these rows up to date: what is no longer to be found (or no longer there) is taken out."""
        for some in _batches(dict.fromkeys(str(pk) for pk in pks)):
            self.folder.replace(some, self.read)

    def read(self, keys: Sequence[str]) -> Iterator[Document]:
        for model in sorted(get_descendant_models(self.root), key=label_of):
            if class_is_indexed(model):
                yield from map(document, model.get_indexed_objects().filter(pk__in=keys))

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        if not class_is_indexed(model):
            return
        for some in _batches(items):
            self.folder.replace([key_of(row) for row in some], functools.partial(_documents, some))

    def delete_item(self, item: Model) -> None:
        self.folder.replace([key_of(item)], lambda _: ())

    def reset(self) -> None:
        self.folder.empty()


class Rebuilder:
    """Fills the next generation of an index while the present one serves."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._work = index.folder.rebuilding(index.read)

    def start(self) -> "Rebuilder":
        self._add = self._work.__enter__()
        return self

    def add_model(self, model: type[Model]) -> None:
        pass

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        for row in items:
            self._add(document(row))

    def finish(self) -> None:
        self._work.__exit__(None, None, None)


class SearchBackend(BaseSearchBackend):
    """Options: PATH, where the index lies; STRICT, to refuse filters and orders on fields that are not declared."""

    results_class = Results
    rebuilder_class = Rebuilder
    catch_indexing_errors = True

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.path = Path(params["PATH"])
        self.strict = bool(params.get("STRICT", False))
        self.query_compiler_class = functools.partial(Asked, backend=self)
        self.autocomplete_query_compiler_class = functools.partial(Typed, backend=self)

    def get_index_for_model(self, model: type[Model]) -> Index:
        return Index(self, get_model_root(model))


def _documents(rows: Iterable[Model], keys: Sequence[str]) -> Iterable[Document]:
    return map(document, rows)


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(itertools.islice(rest, MOST_PER_COMMIT)):
        yield some
