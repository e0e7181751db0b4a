"""What a search found: Whoosh says which rows and how well, the database says which of them the queryset allows."""

import json
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import Count, Model, QuerySet
from django.db.models.expressions import RawSQL
from modelsearch.backends.base import BaseSearchResults, FilterFieldError

_KEYS_OF_VENDOR = {
    "sqlite": "SELECT value FROM json_each(%s)",
    "postgresql": "SELECT unnest(%s::{type}[])",
}


def among(queryset: QuerySet[Any], keys: Iterable[Any]) -> QuerySet[Any]:
    """The rows of a queryset with these keys, however many: they travel as one parameter."""
    wanted = list(keys)
    connection = connections[queryset.db]
    pk = queryset.model._meta.pk
    sql = _KEYS_OF_VENDOR.get(connection.vendor)
    if not wanted or sql is None:
        return queryset.filter(pk__in=wanted)
    prepared = [pk.get_db_prep_value(key, connection, prepared=False) for key in wanted]
    parameter = json.dumps(prepared) if connection.vendor == "sqlite" else prepared
    return queryset.filter(pk__in=RawSQL(sql.format(type=pk.rel_db_type(connection)), [parameter]))  # noqa: S611


class Results(BaseSearchResults):
    supports_facet = True

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """How many of all results have each value of a field, most frequent first."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            model = self.query_compiler.queryset.model.__name__
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". '
                f'Please add index.FilterField("{field_name}") to {model}.search_fields.',
                field_name=field_name,
            )
        rows = among(self.query_compiler.queryset.order_by(), self.query_compiler.keys)
        counts = rows.values(field_name).annotate(count=Count("pk")).order_by("-count", field_name)
        return OrderedDict(counts.values_list(field_name, "count"))

    def pks(self) -> list[Any]:
        """Primary keys of the results, without loading the rows."""
        return list(self.query_compiler.keys[self.start : self.stop])

    def _do_count(self) -> int:
        return len(self.pks())

    def _do_search(self) -> list[Model]:
        keys = self.pks()
        rows = {row.pk: row for row in among(self.query_compiler.queryset.order_by(), keys)}
        found = [rows[key] for key in keys if key in rows]
        if self._score_field:
            for row in found:
                setattr(row, self._score_field, self.query_compiler.scores[row.pk])
        return found
