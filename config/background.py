"""What goes on without a visitor: the outbox is delivered, and each app's clock is asked what has become due.

Every function here may run in several processes at once: deliveries are claimed, sweeps are idempotent.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections
from django.utils.module_loading import import_string

from adapters import clock
from ledger import following, sealing
from ledger.models import Seal

log = logging.getLogger(__name__)

BEAT = "background.beat"


@dataclass(frozen=True)
class Sweep:
    """path: a function that takes the present instant and does what has become due by then."""

    name: str
    seconds: int
    path: str


SWEEPS = {
    sweep.name: sweep
    for sweep in (
        Sweep("voting", 2, "voting.clock.sweep"),
        Sweep("proposals", 10, "proposals.clock.sweep"),
        Sweep("notifications", 30, "notifications.clock.sweep"),
        Sweep("seal", 600, "config.background.seal_the_day"),
        Sweep("sessions", 21600, "config.background.forget_old_sessions"),
    )
}


def deliver() -> int:
    """Hand the waiting events to their followers once; the next call goes on with what is left."""
    now = clock.now()
    cache.set(BEAT, now, timeout=None)
    return following.deliver(now)


def sweep(name: str) -> int:
    """Ask one app's clock. What it raises is logged: the other sweeps go on."""
    try:
        act: Callable[[dt.datetime], int] = import_string(SWEEPS[name].path)
        return act(clock.now())
    except Exception:
        log.exception("The sweep “%s” failed; it is tried again in %s s", name, SWEEPS[name].seconds)
        return 0


def sweep_all() -> None:
    """Ask every clock now: the demo does so after its clock was moved."""
    for name in SWEEPS:
        sweep(name)


def seal_the_day(now: dt.datetime) -> int:
    """One seal for each day in Chengdu, as soon as the day has begun."""
    morning = now.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    if Seal.objects.filter(at__gte=morning).exists():
        return 0
    return 1 if sealing.seal(now) else 0


def forget_old_sessions(now: dt.datetime) -> int:
    """By Django's own clock, which the demo's does not move: nobody is signed out by a look into the future."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return 0


class Background(threading.Thread):
    """The embedded deliverer and beat: woken by each commit that recorded an event, else each second."""

    def __init__(self) -> None:
        super().__init__(name="background", daemon=True)
        self._stopping = threading.Event()
        self._due = dict.fromkeys(SWEEPS, 0.0)

    def run(self) -> None:
        while not self._stopping.is_set():
            worked = self._round()
            close_old_connections()
            if not worked:
                following.wait(1)

    def stop(self) -> None:
        """Finish the round that is under way, then end."""
        self._stopping.set()
        following.wake()
        self.join(timeout=60)

    def _round(self) -> int:
        for name in [name for name, due in self._due.items() if due <= time.monotonic()]:
            sweep(name)
            self._due[name] = time.monotonic() + SWEEPS[name].seconds
        try:
            return deliver()
        except Exception:
            log.exception("The outbox could not be delivered; it is tried again in a second")
            return 0
