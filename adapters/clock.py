"""The only reader of the wall clock. In demo mode a stored shift moves it forward, never back."""

import datetime as dt
from pathlib import Path

from django.conf import settings

_read: tuple[float, dt.timedelta] = (-1.0, dt.timedelta())


def now() -> dt.datetime:
    """The present instant, in UTC."""
    return dt.datetime.now(dt.UTC) + shift()


def shift() -> dt.timedelta:
    """How far the demo clock runs ahead of the wall clock; zero outside demo mode."""
    global _read
    if not settings.DEMO:
        return dt.timedelta()
    try:
        changed = _file().stat().st_mtime
    except FileNotFoundError:
        return dt.timedelta()
    if changed != _read[0]:
        _read = (changed, dt.timedelta(seconds=float(_file().read_text())))
    return _read[1]


def advance(by: dt.timedelta) -> dt.datetime:
    """Move the demo clock forward for every process on this DATA_DIR. ValueError when asked to go back."""
    if not settings.DEMO:
        raise RuntimeError("The clock can be moved in demo mode only.")
    if by <= dt.timedelta():
        raise ValueError("The clock moves forward only.")
    target = (shift() + by).total_seconds()
    draft = _file().with_suffix(".new")
    draft.write_text(str(target))
    draft.replace(_file())
    return now()


def _file() -> Path:
    return Path(settings.DATA_DIR) / "clock"
