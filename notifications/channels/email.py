"""E-mail: plain text with a simple HTML twin, in the reader's language."""

import email.utils
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from notifications import readings
from notifications.models import Outgoing
from notifications.readings import Reading


def send(row: Outgoing) -> None:
    with translation.override(row.notice.user.language or settings.LANGUAGE_CODE):
        _letter(row).send()


def message_id(row: Outgoing) -> str:
    """The same in every try, so that a repeat after a crash is recognised as one."""
    return f"<{row.key.hex}@{urlsplit(settings.SITE_URL).hostname}>"


def _letter(row: Outgoing) -> EmailMultiAlternatives:
    [reading] = readings.read([row.notice], row.notice.user)
    facts = {
        "reading": reading,
        "notice": row.notice,
        "user": row.notice.user,
        "link": settings.SITE_URL + row.notice.url,
        "preferences": settings.SITE_URL + reverse("notifications:preferences"),
        "hotline": settings.HOTLINE,
    }
    letter = EmailMultiAlternatives(
        subject=_subject(reading),
        body=render_to_string("notifications/mail.txt", facts),
        to=[email.utils.formataddr((row.notice.user.name, row.notice.user.email))],
        headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(render_to_string("notifications/mail.html", facts), "text/html")
    return letter


def _subject(reading: Reading) -> str:
    """Names the case, also where the notice's title does not; always one line."""
    named = reading.title if reading.case in reading.title else f"{reading.title} · {reading.case}"
    return " ".join(named.split())
