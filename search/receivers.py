"""The border to Wagtail: its pages, images and documents change without an event, and are indexed once committed."""

import threading
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from modelsearch.index import get_indexed_models

from . import followers


class _Waiting(threading.local):
    def __init__(self) -> None:
        self.pks: dict[type[Model], set[Any]] = {}


_waiting = _Waiting()


def connect() -> None:
    """Listen to every indexed model that no ledger feeds (`search_auto_update = False` says that one does)."""
    for model in get_indexed_models():
        if getattr(model, "search_auto_update", True):
            for signal in (post_save, post_delete):
                signal.connect(_changed, sender=model, dispatch_uid=f"search.{model._meta.label_lower}")


def _changed(sender: type[Model], instance: Model, using: str, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    _waiting.pks.setdefault(sender, set()).add(instance.pk)
    transaction.on_commit(_index, using=using, robust=True)


def _index() -> None:
    """All that a transaction changed, at its first call; nothing at the others."""
    changed, _waiting.pks = _waiting.pks, {}
    for model, pks in changed.items():
        followers.reindex(model, pks)
