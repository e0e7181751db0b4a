"""A way out for mail where no server is: each letter is kept as an .eml file that any mail program opens."""

import datetime as dt
import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from . import filing


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str
    message_id: str
    at: dt.datetime


class FileBackend(BaseEmailBackend):
    """Named by settings.EMAIL_BACKEND; writes below settings.EMAIL_FILE_PATH."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            filing.put(Path(settings.EMAIL_FILE_PATH), ".eml", message.message().as_bytes())
        return len(email_messages)


def recent(limit: int) -> list[Letter]:
    """What FileBackend kept, newest first."""
    return [_read(path) for path in filing.newest(Path(settings.EMAIL_FILE_PATH), ".eml", limit)]


def _read(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return Letter(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=body.get_content() if body else "",
        message_id=str(message["Message-ID"]),
        at=dt.datetime.strptime(path.name.split("-")[0], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=dt.UTC),
    )
