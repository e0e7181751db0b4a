"""Celery runs the same functions as the embedded thread, when REDIS_URL is set. The ledger's outbox stays the truth."""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("yuanyi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["config"])


@app.on_after_finalize.connect
def schedule(sender: Celery, **_: Any) -> None:
    """A call that finds no free worker in time is dropped: the next one does the same work."""
    from .background import SWEEPS
    from .tasks import deliver, sweep

    sender.add_periodic_task(1, deliver.s(), name="deliver", expires=5)
    for name, due in SWEEPS.items():
        sender.add_periodic_task(due.seconds, sweep.s(name), name=name, expires=due.seconds)
