"""The outbox is delivered and the clocks are asked, whatever one of them does."""

import datetime as dt
import threading

import pytest
from django.core.cache import cache
from django.utils.module_loading import import_string

from adapters import clock
from config import background, celery, tasks
from ledger import following, recording
from ledger.actors import SYSTEM
from ledger.models import Chain, Delivery, DeliveryState, Seal


@pytest.fixture
def sweeps(monkeypatch):
    """Only the sweeps of this module, by name."""

    def put(*names):
        chosen = {name: background.Sweep(name, 3600, f"{__name__}.{name}") for name in names}
        monkeypatch.setattr(background, "SWEEPS", chosen)

    return put


seen: list[str] = []


def works(now: dt.datetime) -> int:
    seen.append("works")
    return 1


def fails(now: dt.datetime) -> int:
    raise RuntimeError("this clock is broken")


def record(at):
    subject = Chain.objects.create(pk="subject")
    return recording.record("thing.happened", chain="system", subject=subject, by=SYSTEM, at=at)


def test_every_sweep_exists():
    assert all(callable(import_string(sweep.path)) for sweep in background.SWEEPS.values())


@pytest.mark.django_db
def test_every_sweep_runs_on_an_empty_platform(at):
    assert {name: import_string(sweep.path)(at) for name, sweep in background.SWEEPS.items()} == dict.fromkeys(
        background.SWEEPS, 0
    )


def test_one_broken_sweep_does_not_stop_the_others(sweeps, caplog):
    seen.clear()
    sweeps("fails", "works")
    background.sweep_all()
    assert seen == ["works"]
    assert [line.getMessage() for line in caplog.records] == ["The sweep “fails” failed; it is tried again in 3600 s"]


@pytest.mark.django_db
def test_a_day_is_sealed_once(at):
    record(at)
    assert [background.seal_the_day(at), background.seal_the_day(at + dt.timedelta(hours=3))] == [1, 0]
    following_day = at + dt.timedelta(days=1)
    Chain.objects.filter(pk="system").update(number=2)
    assert background.seal_the_day(following_day) == 1
    assert Seal.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_thread_delivers_at_once_and_stops(sweeps):
    sweeps("works")
    told = threading.Event()
    following.follow("thing.*", name="test.told")(lambda event: told.set())
    thread = background.Background()
    thread.start()
    try:
        record(clock.now())
        assert told.wait(10)
    finally:
        thread.stop()
    assert not thread.is_alive()
    assert [delivery.state for delivery in Delivery.objects.filter(follower="test.told")] == [DeliveryState.DONE]
    assert cache.get(background.BEAT) <= clock.now()


def test_celery_is_asked_for_the_same_work():
    app = celery.app
    app.finalize()
    beat = {name: (entry["task"], entry["args"], entry["schedule"]) for name, entry in app.conf.beat_schedule.items()}
    sweeps = {name: (tasks.sweep.name, (name,), sweep.seconds) for name, sweep in background.SWEEPS.items()}
    assert beat == {"deliver": (tasks.deliver.name, (), 1)} | sweeps
