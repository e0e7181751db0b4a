"""The index follows the ledger: an app tells which of its rows an event touches."""

from collections.abc import Callable, Iterable

from django.db import models
from wagtail.search.backends import get_search_backend

from ledger.following import follow_batches
from ledger.models import Event


def feed(model: type[models.Model], *, kinds: Iterable[str], pks: Callable[[list[Event]], Iterable[int]]) -> None:
    """Re-index the rows of `model` that events of these kinds touch."""

    @follow_batches(*kinds, name=f"search.{model._meta.label_lower}")
    def reindex(events: list[Event]) -> None:
        touched = set(pks(events))
        found = list(model.get_indexed_objects().filter(pk__in=touched))  # type: ignore[attr-defined]
        backend = get_search_backend()
        backend.add_bulk(model, found)
