"""Web servers before the tests' own database, and signed-in people with browsers at their doors.

The tests commit, the servers read what they committed. A server is ended as a power cut would end it, or gently.
"""

import datetime as dt
import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from adapters import clock
from bench import stage
from config.serving import die_with_parent
from people.models import User
from tests.run import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
REDIRECTS = (302, 303)
_CODE = re.compile(r'<p class="y-receipt">([\w-]+)</p>')


@dataclass
class Server:
    """One web process, as config.serving starts it, without the background's work beside it."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        door = [f"--port={self.port}", "--lifespan=off", "--no-access-log", "--log-level=error"]
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", *door]
        self.process = subprocess.Popen(command, cwd=ROOT, env=_environment(), preexec_fn=die_with_parent)

    def wait(self) -> None:
        """Until it answers."""
        wait_for(self.port, 60)

    def kill(self) -> int:
        """-9, in the middle of whatever it does."""
        assert self.process
        self.process.kill()
        return self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)


@contextmanager
def serving() -> Iterator[list[Server]]:
    """Two where they can hear each other, else one."""
    servers = [Server() for _ in range(2 if settings.REDIS_URL else 1)]
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.wait()
        yield servers
    finally:
        for server in servers:
            server.stop()


@dataclass(frozen=True)
class Page:
    status: int
    text: str

    @property
    def code(self) -> str:
        """The receipt code that it shows; empty when it shows none."""
        found = _CODE.search(self.text)
        return found[1] if found else ""


@dataclass
class Browser:
    """Somebody who is signed in on one device. It keeps its cookies and goes where it is sent."""

    cookies: dict[str, str]

    def post(self, server: Server, path: str, **fields: str) -> Page:
        return self._ask(server, "POST", path, urlencode({"csrfmiddlewaretoken": stage.CSRF, **fields}))

    def _ask(self, server: Server, method: str, path: str, body: str = "") -> Page:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=90)) as line:
            line.request(method, path, body, self._head())
            answer = line.getresponse()
            text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status in REDIRECTS:
            return self._ask(server, "GET", answer.headers["Location"])
        return Page(answer.status, text)

    def _head(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}


def open_now() -> dict[str, dt.datetime]:
    """The times of a ballot that is open by the clock that the servers read."""
    now = clock.now()
    return {"at": now, "opens_at": now, "closes_at": now + dt.timedelta(hours=1)}


def browsers(people: Iterable[User]) -> list[Browser]:
    """One device each; a person who is named twice has two."""
    return [browser(session) for session in stage.sessions(people)]


def browser(session: str) -> Browser:
    return Browser({settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: stage.CSRF})


def _environment() -> dict[str, str]:
    """The settings of the tests' own process, with the database that they use."""
    given = os.environ["DATABASE_URL"]
    name = str(connection.settings_dict["NAME"])
    url = f"{given.rpartition('/')[0]}/{name}" if given else f"sqlite:///{name}"
    return os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": url}
