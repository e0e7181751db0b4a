"""/healthz says that the process lives; /readyz names the part that is ill."""

import datetime as dt

import pytest
from django.core.cache import cache

from adapters import clock
from config import background, health
from ledger.actors import SYSTEM
from ledger.models import Chain, Delivery, DeliveryState
from ledger.recording import record

ALL_PARTS = ["background", "database", "dead_letters", "media", "migrations", "outbox", "papers", "redis", "search"]


@pytest.fixture(autouse=True)
def _only_health(settings):
    settings.ROOT_URLCONF = "config.health"


@pytest.fixture
def well(db):
    """A platform whose background has just been at work."""
    cache.set(background.BEAT, clock.now(), timeout=None)


@pytest.fixture
def delivery(well):
    subject = Chain.objects.create(pk="subject")
    event = record("thing.happened", chain="system", subject=subject, by=SYSTEM, at=clock.now())
    return Delivery.objects.create(event=event, follower="test.late", next_at=clock.now())


def test_healthz_needs_nothing(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_is_well_when_all_is_well(client, well):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "ill": {}, "well": ALL_PARTS})


def test_readyz_names_a_silent_background(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ill"]) == (503, {"background": "has not run yet"})


def test_readyz_names_a_background_that_stopped(client, db):
    cache.set(background.BEAT, clock.now() - dt.timedelta(minutes=2), timeout=None)
    answer = client.get("/readyz")
    assert (answer.status_code, list(answer.json()["ill"])) == (503, ["background"])


def test_readyz_names_an_outbox_that_waits(client, delivery):
    Delivery.objects.update(next_at=clock.now() - dt.timedelta(minutes=6))
    answer = client.get("/readyz")
    ill = {"outbox": "1 deliveries have waited for more than 5 minutes"}
    assert (answer.status_code, answer.json()["ill"]) == (503, ill)


def test_readyz_names_dead_letters_and_goes_on(client, delivery):
    Delivery.objects.update(state=DeliveryState.DEAD)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ill"]) == (200, {"dead_letters": "1 deliveries were given up"})


def test_readyz_names_media_that_cannot_be_written(client, well, settings, tmp_path):
    (tmp_path / "media").touch()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ill"]) == (503, {"media": "FileExistsError"})


def test_readyz_names_missing_migrations(client, well, monkeypatch):
    monkeypatch.setattr(health, "_migrated", never := type("", (), {"__call__": lambda self: False})())
    never.cache_clear = lambda: None
    answer = client.get("/readyz")
    ill = {"migrations": "migrations are waiting: run manage.py migrate"}
    assert (answer.status_code, answer.json()["ill"]) == (503, ill)


def test_readyz_names_a_redis_that_is_gone(client, well, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ill"]) == (503, {"redis": "ConnectionError"})
