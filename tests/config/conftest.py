"""The face is tested on a small URLconf of its own."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory


@pytest.fixture(autouse=True)
def _small_house(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.config.urls"
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates


def visit(address: str) -> HttpRequest:
    """A visitor's request as the middleware hands it to a view."""
    request = RequestFactory().get(address)
    request.user, request.htmx = AnonymousUser(), False  # type: ignore[attr-defined]
    return request
