"""Journeys: people with browsers before a real, seeded installation."""

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests import settings as own
from tests import template_database
from tests.journeys.site import ROOT, Site, copy_of, create_database

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}
Person = Callable[..., Page]
_counter = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def seeded(django_db_blocker: Any) -> Site:
    """A migrated and seeded installation, made once in a test run; copies of it are started."""
    made = Site(own.ROOT / "seeded", _database("yuanyi_seeded"))
    own.ROOT.mkdir(parents=True, exist_ok=True)
    with (own.ROOT / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (own.ROOT / "seeded.done").exists():
            with django_db_blocker.unblock():
                _migrated(made)
            made.start()
            made.settle()
            made.stop()
            (own.ROOT / "seeded.done").touch()
    return made


@pytest.fixture(scope="package")
def site(seeded: Site) -> Iterator[Site]:
    """The installation that the journeys of this process share."""
    made = copy_of(seeded, own.ROOT / f"site-{own.WORKER}", _database(f"yuanyi_site_{own.WORKER}"), _redis())
    made.start()
    yield made
    code = made.stop()
    assert code == 0, f"Ctrl-C ended the site with exit code {code}:\n{made.log.read_text()[-4000:]}"


@pytest.fixture
def fresh_site(seeded: Site) -> Iterator[Site]:
    """An installation of one test's own, which may be killed, altered or moved in time."""
    name = f"{own.WORKER}_{next(_counter)}"
    made = copy_of(seeded, own.ROOT / f"fresh-{name}", _database(f"yuanyi_fresh_{name}"), _redis())
    made.start()
    yield made
    if made.process and made.process.poll() is None:
        made.kill()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Person]:
    """`person("王阿姨")` sits down before a phone of her own: a new browser context at the site's first page.

    Whoever's browser asked a third party, broke the content security policy or met an uncaught error fails the test.
    """
    contexts: dict[str, BrowserContext] = {}
    troubles: list[str] = []

    def sit_down(name: str, *, at: Site | None = None, viewport: dict[str, int] | None = None, **options: Any) -> Page:
        where = at or request.getfixturevalue("site")
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": viewport or PHONE} | options
        contexts[name] = browser.new_context(base_url=where.url, **options)
        contexts[name].set_default_timeout(15_000)
        _watch(contexts[name], name, where, troubles)
        return contexts[name].new_page()

    yield sit_down
    if request.node.stash.get(FAILED, False):
        _photograph(contexts, request.node.name)
    for context in contexts.values():
        context.close()
    assert troubles == []


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report: Any = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def _watch(context: BrowserContext, name: str, site: Site, troubles: list[str]) -> None:
    def asked(request: Request) -> None:
        if not request.url.startswith((site.url, site.url.replace("http", "ws"), "data:", "blob:")):
            troubles.append(f"{name} asked {request.url}")

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            troubles.append(f"{name}: {message.text}")

    context.on("request", asked)
    context.on("console", said)
    context.on("weberror", lambda error: troubles.append(f"{name}: {error.error}"))


def _photograph(contexts: dict[str, BrowserContext], test: str) -> None:
    folder = ROOT / ".cache" / "journeys"
    folder.mkdir(parents=True, exist_ok=True)
    for name, context in contexts.items():
        for number, page in enumerate(context.pages):
            page.screenshot(path=folder / f"{test}-{name}-{number}.png", full_page=True)


def _migrated(site: Site) -> None:
    if site.database_url:
        create_database(site.database_url, template=template_database.postgresql_template())
    else:
        site.data_dir.mkdir(parents=True, exist_ok=True)
        template_database.sqlite_copy(site.data_dir / "yuanyi.sqlite3")


def _database(name: str) -> str:
    given = os.environ["DATABASE_URL"]
    return f"{given.rpartition('/')[0]}/{name}" if given else ""


def _redis() -> str:
    """A database number that the tests of this process do not use."""
    given = os.environ["REDIS_URL"]
    return f"{given.rpartition('/')[0]}/1" if given else ""
