"""The tests of people run in a small house, with a clock that they set."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import translation

from adapters import clock, sms
from areas.models import Body
from people.models import User
from people.roles import RoleKey
from tests import build


@pytest.fixture(autouse=True)
def _small_house(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.people.urls"


class Time:
    """The house's clock, standing still until it is moved."""

    def __init__(self) -> None:
        self.now = build.AT

    def pass_by(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    standing = Time()
    monkeypatch.setattr(clock, "now", lambda: standing.now)
    return standing


@pytest.fixture
def last_code() -> Callable[[], str]:
    """The code in the latest SMS."""
    return lambda: re.findall(r"\d{6}", sms.recent(1)[0].text)[0]


@pytest.fixture
def in_english() -> Iterator[None]:
    """For whole sentences, as the source has them."""
    with translation.override("en"):
        yield


@pytest.fixture
def group(time: Time) -> Body:
    return build.body(build.courtyard())


@pytest.fixture
def chair(group: Body) -> User:
    user = build.staff("程小禾", group, RoleKey.CHAIR, language="en")
    user.appointments.update(title="召集人")
    return user


@pytest.fixture
def colleague(group: Body) -> User:
    return build.staff("老周", group, RoleKey.MODERATOR, language="en")


def sent() -> list[dict[str, str]]:
    return [json.loads(path.read_text()) for path in sorted(Path(configured.SMS_FILE_PATH).glob("*.json"))]
