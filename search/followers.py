"""The index follows the ledger: what an event touched is read again and indexed again."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from modelsearch.backends import get_search_backends

from ledger import following
from ledger.models import Event


def feed(model: type[Model], *, kinds: Iterable[str], pks: Callable[[list[Event]], Iterable[Any]]) -> None:
    """Keep the index of a model up to date: `pks(events)` names the rows that these events touched.

    Call it once for a model, in ready() of the app that owns it, and set `search_auto_update = False` on the model.
    """

    @following.follow_batches(*kinds, name=f"search.{model._meta.label_lower}")
    def index(events: list[Event]) -> None:
        reindex(model, pks(events))


def reindex(model: type[Model], pks: Iterable[Any]) -> None:
    """Index these rows as they are now; those that are gone, or not to be found any more, leave the index."""
    wanted = list(pks)
    for backend in get_search_backends():
        backend.get_index_for_model(model).reindex(wanted)
