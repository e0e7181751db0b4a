"""What of a row goes into the index: its key, the classes it belongs to, and the words of each search field."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Manager, Model, QuerySet
from modelsearch.index import AutocompleteField, BaseField, RelatedFields, SearchField
from modelsearch.utils import get_descendant_models
from whoosh import fields, formats
from whoosh.columns import VarBytesColumn

from . import words

Document = dict[str, Any]
KEY, LABELS, SEARCH, AUTOCOMPLETE = "key", "labels", "t_", "a_"
_KINDS: dict[str, type[BaseField]] = {SEARCH: SearchField, AUTOCOMPLETE: AutocompleteField}


class Tokens(fields.FieldType):
    """A field of Whoosh that takes words already counted and weighed."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: Mapping[str, float], **kwargs: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for text, weight in value.items():
            yield text.encode(), 1, weight, b""


def schema() -> fields.Schema:
    plan = fields.Schema(**{KEY: fields.ID(sortable=VarBytesColumn()), LABELS: Tokens()})
    plan.add(f"{SEARCH}*", Tokens(), glob=True)
    plan.add(f"{AUTOCOMPLETE}*", Tokens(), glob=True)
    return plan


def key_of(row: Model) -> str:
    return str(row.pk)


def label_of(model: type[Model]) -> str:
    return str(model._meta.label_lower)


def document(row: Model) -> Document:
    """A row as a document; its labels name its class and all concrete ancestors, so that each of them finds it."""
    model: Any = type(row)
    parents = [parent for parent in model._meta.get_parent_list() if not parent._meta.proxy]
    texts: dict[str, list[str]] = {}
    for prefix, wanted in _KINDS.items():
        for name, text in _texts(row, model.get_search_fields(), prefix, wanted):
            texts.setdefault(name, []).append(text)
    content: Document = {name: words.weighed("\n".join(parts)) for name, parts in texts.items()}
    return content | {KEY: key_of(row), LABELS: {label_of(each): 1.0 for each in (model, *parents)}}


@functools.cache
def field_boosts(model: type[Model], prefix: str) -> dict[str, float]:
    """Name and weight of every field of a model and of the models that extend it; where they differ, the heavier."""
    boosts: dict[str, float] = {}
    for each in get_descendant_models(model):
        for path, field in _flat(each.get_search_fields(), _KINDS[prefix]):
            boost = float(getattr(field, "boost", None) or 1.0)
            boosts[prefix + path] = max(boost, boosts.get(prefix + path, 0.0))
    return dict(sorted(boosts.items()))


def _flat(declared: Iterable[Any], wanted: type[BaseField], path: str = "") -> Iterator[tuple[str, BaseField]]:
    for field in declared:
        if isinstance(field, RelatedFields):
            yield from _flat(field.fields, wanted, f"{path}{field.field_name}__")
        elif isinstance(field, wanted):
            yield path + field.field_name, field


def _texts(
    row: Model, declared: Iterable[Any], prefix: str, wanted: type[BaseField], path: str = ""
) -> Iterator[tuple[str, str]]:
    for field in declared:
        if isinstance(field, RelatedFields):
            for other in _related(field.get_value(row)):
                yield from _texts(other, field.fields, prefix, wanted, f"{path}{field.field_name}__")
        elif isinstance(field, wanted):
            yield f"{prefix}{path}{field.field_name}", _plain(field.get_value(row))


def _related(value: Any) -> Iterable[Model]:
    if value is None:
        return []
    if isinstance(value, Manager | QuerySet):
        return value.all()
    return value if isinstance(value, list | tuple) else [value]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return _plain(list(value.values()))
    if isinstance(value, list | tuple | set | QuerySet):
        return "\n".join(_plain(item) for item in value)
    return str(value)
