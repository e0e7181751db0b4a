"""What the operator's monitoring asks: is the process alive, and which part of the platform is ill."""

import datetime as dt
import logging
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as store
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from adapters import clock, printing
from ledger.models import Delivery, DeliveryState
from people.access import public

from .background import BEAT

log = logging.getLogger(__name__)

LATE = dt.timedelta(minutes=5)
SILENT = dt.timedelta(minutes=1)


class Ill(Exception):
    """A part does not work; the message says how, without secrets."""


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every needed part is well, else 503; `ill` names the parts that want looking after either way."""
    now = clock.now()
    found = {name: examine(part, now) for name, part in PARTS.items()}
    ill = {name: what for name, what in found.items() if what is not None}
    ready = not ill.keys() - WANTS_LOOKING_AFTER
    answer = {"ready": ready, "ill": ill, "well": sorted(found.keys() - ill.keys())}
    response = JsonResponse(answer, status=200 if ready else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # the answer is the report: Django need not log one
    return response


def examine(part: Callable[[dt.datetime], None], now: dt.datetime) -> str | None:
    try:
        part(now)
    except Ill as finding:
        return str(finding)
    except Exception as error:
        log.exception("readyz: %s", part.__name__)
        return type(error).__name__
    return None


def database(now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations(now: dt.datetime) -> None:
    if not _migrated():
        _migrated.cache_clear()
        raise Ill("migrations are waiting: run manage.py migrate")


def outbox(now: dt.datetime) -> None:
    late = Delivery.objects.filter(state=DeliveryState.PENDING, next_at__lt=now - LATE).count()
    if late:
        raise Ill(f"{late} deliveries have waited for more than {LATE.seconds // 60} minutes")


def dead_letters(now: dt.datetime) -> None:
    dead = Delivery.objects.filter(state=DeliveryState.DEAD).count()
    if dead:
        raise Ill(f"{dead} deliveries were given up")


def background(now: dt.datetime) -> None:
    last = store.get(BEAT)
    if last is None or now - last > SILENT:
        raise Ill(f"nothing was delivered or swept since {last:%Y-%m-%d %H:%M:%S} UTC" if last else "has not run yet")


def search(now: dt.datetime) -> None:
    from wagtail.models import Page
    from wagtail.search.backends import get_search_backend

    len(get_search_backend().search("院", Page)[:1])


def redis(now: dt.datetime) -> None:
    if settings.REDIS_URL:
        import redis as client

        with client.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as connected:
            connected.ping()


def media(now: dt.datetime) -> None:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".readyz-")
    os.close(handle)
    Path(name).unlink()


def papers(now: dt.datetime) -> None:
    if problem := printing.ready():
        raise Ill(problem)


@cache
def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


PARTS: dict[str, Callable[[dt.datetime], None]] = {
    part.__name__: part
    for part in (database, migrations, outbox, dead_letters, background, search, redis, media, papers)
}
WANTS_LOOKING_AFTER = {"dead_letters"}

urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
