"""A courtyard with everybody in it, and the site's first pages standing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale, Page, Site

from cms import planting
from tests.proposals.court import Court


@pytest.fixture
def court(db: None) -> Court:
    return Court()


@pytest.fixture
def plant(db: None, django_capture_on_commit_callbacks: Any) -> Callable[[], int]:
    """Makes the pages for the areas that there are now; they are in the index afterwards."""

    def make() -> int:
        Locale.objects.get_or_create(language_code="zh-hans")
        if not Page.objects.exists():
            Page.add_root(instance=Page(title="Root", slug="root"))
        with django_capture_on_commit_callbacks(execute=True):
            made = planting.plant()
        Site.clear_site_root_paths_cache()
        return made

    return make


@pytest.fixture
def pages(court: Court, plant: Callable[[], int]) -> int:
    return plant()


@pytest.fixture
def visitor() -> Client:
    return Client()
