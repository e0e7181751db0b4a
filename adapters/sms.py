"""The door for text messages: one class with send(to, text), named by settings.SMS_BACKEND."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from . import clock, filing


@dataclass(frozen=True)
class Message:
    to: str
    text: str
    at: dt.datetime


class Backend(Protocol):
    def send(self, to: str, text: str) -> None: ...


class FileBackend:
    """Keeps each message as a JSON file: for demo and tests, where no gateway is."""

    def send(self, to: str, text: str) -> None:
        kept = {"to": to, "text": text, "at": clock.now().isoformat()}
        filing.put(Path(settings.SMS_FILE_PATH), ".json", json.dumps(kept, ensure_ascii=False).encode())


def send(to: str, text: str) -> None:
    backend: Backend = import_string(settings.SMS_BACKEND)()
    backend.send(to, text)


def recent(limit: int) -> list[Message]:
    """What FileBackend kept, newest first."""
    return [_read(path) for path in filing.newest(Path(settings.SMS_FILE_PATH), ".json", limit)]


def _read(path: Path) -> Message:
    kept = json.loads(path.read_bytes())
    return Message(kept["to"], kept["text"], dt.datetime.fromisoformat(kept["at"]))
