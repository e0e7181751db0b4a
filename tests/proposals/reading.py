"""Pages in English, as a person reads them."""

import html
import re
from typing import Any

from django.conf import settings
from django.test import Client

from people.models import User
from tests import build


def browser(user: User | None = None, **how: Any) -> Client:
    client = build.sign_in(Client(), user, **how) if user else Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def text(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<wbr>", "", response.content.decode()))
    return " ".join(html.unescape(words).split())
