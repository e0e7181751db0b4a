"""The index hears of changes: from the ledger for our rows, from Wagtail's saves for Wagtail's."""

import pytest
from modelsearch.backends import get_search_backend
from wagtail.models import Page
from whoosh.util.filelock import FileLock

from ledger import following, recording
from ledger.actors import SYSTEM
from ledger.models import Delivery, DeliveryState
from search import followers
from search.whoosh import folder
from search.whoosh.clauses import Everything


@pytest.fixture
def fed() -> None:
    followers.feed(Page, kinds=("test.*",), pks=lambda events: [event.payload["page"] for event in events])


def tell(page: Page, at) -> None:
    recording.record("test.changed", chain="system", subject=page, by=SYSTEM, at=at, page=page.pk)


def test_an_event_brings_its_rows_into_the_index(fed, page, titles, at):
    for title in ("路灯", "井盖"):
        tell(page(title, index=False), at)
    before = titles("路灯")
    following.drain(at)

    assert (before, titles("路灯"), titles("井盖")) == ([], ["路灯"], ["井盖"])


def test_a_row_that_is_gone_leaves_the_index(fed, page, at):
    gone = page("路灯")
    tell(gone, at)
    Page.objects.filter(pk=gone.pk).delete()
    following.drain(at)

    assert get_search_backend().get_index_for_model(Page).folder.find(Everything()) == {}


def test_while_another_process_writes_the_delivery_waits_for_its_next_try(fed, page, titles, at, tmp_path, monkeypatch):
    page("井盖")
    tell(page("路灯", index=False), at)
    monkeypatch.setattr(folder, "PATIENCE", 0.05)
    lock = FileLock(str(tmp_path / "index" / "wagtailcore.page" / "writing.lock"))
    assert lock.acquire()
    following.deliver(at)
    waiting = Delivery.objects.get(follower="search.wagtailcore.page")
    lock.release()

    assert (waiting.state, waiting.attempts, "LockError" in waiting.error) == (DeliveryState.PENDING, 1, True)
    following.deliver(waiting.next_at)
    assert titles("路灯") == ["路灯"]


def test_a_page_is_indexed_when_its_transaction_is_committed(page, titles, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = page("路灯", index=False)
        inside = titles("路灯")
    after = titles("路灯")
    with django_capture_on_commit_callbacks(execute=True):
        made.title = "井盖"
        made.save()

    assert (inside, after, titles("路灯"), titles("井盖")) == ([], ["路灯"], [], ["井盖"])
