"""A town for each story: its areas have their pages, and the doors' clock stands at the town's own time."""

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Locale, Page, Site

from cms import planting
from tests.stories.town import Town

Founds = Callable[..., Town]


@pytest.fixture
def found(db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Founds:
    """`found("抚琴街道", "金鱼街社区", "槐荫里")`: street, community, courtyards."""

    def found_it(street: str, community: str, *courtyards: str) -> Town:
        town = Town(street, community, *courtyards)
        monkeypatch.setattr("adapters.clock.now", lambda: town.now)
        with django_capture_on_commit_callbacks(execute=True):
            _plant()
        return town

    return found_it


def _plant() -> None:
    Locale.objects.get_or_create(language_code="zh-hans")
    if not Page.objects.exists():
        Page.add_root(instance=Page(title="Root", slug="root"))
    planting.plant()
    Site.clear_site_root_paths_cache()
