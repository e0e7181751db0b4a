"""A search as it was asked: which rows of which queryset, in which order."""

import functools
from collections.abc import Iterator
from typing import Any

from modelsearch.backends.base import BaseSearchQueryCompiler, get_model_root
from modelsearch.query import PlainText

from . import documents, queries
from .clauses import Any as AnyOf
from .clauses import Clause, Within
from .results import among


class Asked(BaseSearchQueryCompiler):
    """Words given as plain text must all be there; when nothing visible has them all, the nearest is shown.

    Visible matters: if hidden rows decided which answer is given, the answer would tell of them.
    """

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    prefix = documents.SEARCH

    def __init__(self, queryset: Any, query: Any, *, backend: Any, **options: Any) -> None:
        super().__init__(queryset, query, **options)
        self.backend = backend
        self.text = query if isinstance(query, str) and not options.get("operator") else ""
        self.scores: dict[Any, float] = {}

    @functools.cached_property
    def keys(self) -> list[Any]:
        """Primary keys of all results in their order."""
        return self._ranked(self._compiled()) or (self._ranked(self._nearest()) if self.text else [])

    @property
    def weights(self) -> dict[str, float]:
        """The fields to look into, and how much each counts."""
        declared = documents.field_boosts(self.queryset.model, self.prefix)
        if self.fields is None:
            return declared
        return {self.prefix + name: declared[self.prefix + name] for name in self.fields}

    def _compiled(self) -> Clause:
        return queries.compiled(self.query, self.weights)

    def _nearest(self) -> Clause:
        return queries.nearest(self.text, self.weights)

    def _ranked(self, clause: Clause) -> list[Any]:
        model = self.queryset.model
        if model is not get_model_root(model):
            clause = Within(clause, documents.label_of(model))
        to_key = model._meta.pk.to_python
        found = self.backend.get_index_for_model(model).folder.find(clause)
        self.scores = {to_key(key): score for key, score in found.items()}
        return self._visible()

    def _visible(self) -> list[Any]:
        rows = among(self.queryset, self.scores)
        if self.order_by_relevance:
            keys = rows.order_by("-pk").values_list("pk", flat=True)
            return sorted(dict.fromkeys(keys), key=lambda key: -self.scores[key])
        ordered = rows if self.queryset.query.order_by else rows.order_by("-pk")
        return list(dict.fromkeys(ordered.values_list("pk", flat=True)))

    def _get_filters_from_queryset(self, check_only: bool = False) -> None:
        """Here the database filters, so that any queryset will do; other engines want every filter declared."""
        if self.backend.strict:
            super()._get_filters_from_queryset(check_only=check_only)

    def _get_order_by(self) -> Iterator[tuple[bool, Any]]:
        return super()._get_order_by() if self.backend.strict else iter(())


class Typed(Asked):
    """An unfinished search: what begins like it, or contains it in Chinese."""

    prefix = documents.AUTOCOMPLETE

    def _compiled(self) -> Clause:
        if isinstance(self.query, PlainText):
            return queries.completing(self.query.query_string, self.weights)
        return super()._compiled()

    def _nearest(self) -> Clause:
        return AnyOf([])
