import pytest

from tests.proposals.court import Court


@pytest.fixture
def court(monkeypatch: pytest.MonkeyPatch) -> Court:
    """A court whose time is also that of the pages."""
    made = Court()
    monkeypatch.setattr("adapters.clock.now", lambda: made.now)
    return made
