"""Wagtail's own Page is the row that these tests search: it is indexed, has titles and knows what is live."""

from collections.abc import Callable

import pytest
from modelsearch.backends import get_search_backend
from wagtail.models import Locale, Page


@pytest.fixture
def root(db) -> Page:
    Locale.objects.get_or_create(language_code="zh-hans")
    return Page.add_root(instance=Page(title="Root", slug="root-of-search"))


@pytest.fixture
def page(root) -> Callable[..., Page]:
    """Makes a page; `index=False` leaves it out of the index."""

    def make(title: str, *, live: bool = True, index: bool = True) -> Page:
        made = root.add_child(instance=Page(title=title, slug=f"page-{root.get_children().count()}", live=live))
        root.refresh_from_db()
        if index:
            get_search_backend().get_index_for_model(Page).reindex([made.pk])
        return made

    return make


@pytest.fixture
def titles() -> Callable[..., list[str]]:
    def find(query, pages=None, **options) -> list[str]:
        queryset = Page.objects.all() if pages is None else pages
        return [found.title for found in get_search_backend().search(query, queryset, **options)]

    return find
