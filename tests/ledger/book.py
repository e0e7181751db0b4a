"""A small record to test with, a way to tamper with it, and the reader that docs/ledger.md prints."""

import datetime as dt
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection, connections

from ledger import recording, verifying
from ledger.actors import SYSTEM
from ledger.models import Chain, Event

AT = dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text()
SUBJECT = Chain(pk="subject")


def note(chain: str = "case:a", *, kind: str = "thing.happened", at: dt.datetime = AT, **more: Any) -> Event:
    return recording.record(kind, chain=chain, subject=SUBJECT, by=SYSTEM, at=at, **more)


def notes(count: int, chain: str = "case:a", **more: Any) -> list[Event]:
    return [note(chain, n=n, **more) for n in range(1, count + 1)]


def sql(statement: str, *values: Any) -> None:
    """What somebody with access to the database does behind the application's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(v) if isinstance(v, dict | list) else v for v in values])


def forge(event: Event, **changes: Any) -> str:
    """Alter an event and give it the hash that fits. Returns the hash."""
    for name, value in changes.items():
        setattr(event, name, value)
    event.hash = event.fingerprint()
    fields = "payload = %s, number = %s, prev = %s, hash = %s"
    sql(
        f"UPDATE ledger_event SET {fields} WHERE id = %s", event.payload, event.number, event.prev, event.hash, event.pk
    )
    return event.hash


def problems(chain: str | None = None) -> list[str]:
    return [str(problem) for problem in verifying.verify(chain)]


def verify(capsys: Any, *arguments: str) -> tuple[int, list[str]]:
    """(exit code, lines) of manage.py verify."""
    try:
        call_command("verify", *arguments, no_color=True)
        return 0, capsys.readouterr().out.splitlines()
    except CommandError as error:
        return 1, [*capsys.readouterr().out.splitlines(), str(error)]


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts at the same moment, each on a database connection of its own; their answers in order."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def numbers(chain: str) -> list[int]:
    return list(Event.objects.filter(chain_id=chain).order_by("number").values_list("number", flat=True))


def blocks(language: str) -> list[str]:
    """The fenced blocks of docs/ledger.md in one language."""
    return re.findall(rf"```{language}\n(.*?)\n```", PAGE, re.DOTALL)


def reader() -> dict[str, Any]:
    """The reader that docs/ledger.md prints for other languages to copy; it shares nothing with ledger.canonical."""
    names: dict[str, Any] = {}
    exec(compile(blocks("python")[0], "docs/ledger.md", "exec"), names)  # noqa: S102 - it is our own page
    return names
