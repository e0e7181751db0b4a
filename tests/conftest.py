"""What every test stands on: a migrated database by copy, an empty DATA_DIR, registries put back as they were."""

import datetime as dt
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """On SQLite the copy of the template already lies where the tests' database is expected."""
    from django.db import connection

    return connection.vendor == "sqlite" and not request.config.getvalue("nomigrations")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    from django.db import connection

    from tests import template_database

    if request.config.getvalue("nomigrations"):
        return
    wanted = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        template_database.sqlite_copy(Path(wanted["NAME"]))
    else:
        with django_db_blocker.unblock():
            wanted["TEMPLATE"] = template_database.postgresql_template()


@pytest.fixture(scope="session", autouse=True)
def _built_static(django_test_environment: None) -> None:
    """The icon sprite and whatever else of the face is built rather than written."""
    if importlib.util.find_spec("config.sprite"):
        from config import sprite

        sprite.build()


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: Any) -> Path:
    """Mail, SMS, media, index and the demo clock of one test lie in a folder of its own."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.SMS_FILE_PATH = tmp_path / "sms"
    settings.WAGTAILSEARCH_BACKENDS = {
        name: options | {"PATH": tmp_path / "index"} for name, options in settings.WAGTAILSEARCH_BACKENDS.items()
    }
    return tmp_path


@pytest.fixture(autouse=True)
def _clean_registries() -> Iterator[None]:
    """Followers, checks and chain names that a test registers are gone after it; so are counters in the cache."""
    from django.core.cache import cache

    from ledger import chains, following, verifying

    registries: list[dict[Any, Any]] = [following.FOLLOWERS, verifying.CHECKS, chains._resolvers]
    before = [dict(registry) for registry in registries]
    yield
    for registry, entries in zip(registries, before, strict=True):
        registry.clear()
        registry.update(entries)
    cache.clear()


@pytest.fixture
def at() -> dt.datetime:
    """A Wednesday morning in Chengdu."""
    return dt.datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that commits empties the tables afterwards; the next one gets the rows of the migrations back."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            item.add_marker(pytest.mark.django_db(**{**marker.kwargs, "serialized_rollback": True}), append=False)
        elif {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            item.fixturenames.append("django_db_serialized_rollback")  # type: ignore[attr-defined]
