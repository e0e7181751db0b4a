"""Private installations to be measured: made once, copied, served on a free port, gone afterwards."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.run import free_port

HERE = Path(__file__).resolve().parent.parent
PATIENCE = 300
_TICK = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _SYSTEM = 1, 11, 12


@dataclass(frozen=True)
class Site:
    """One installation. database_url and redis_url are empty for the embedded default."""

    data_dir: Path
    database_url: str = ""
    redis_url: str = ""
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MODE": "demo",
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "SITE_URL": f"http://localhost:{self.port}",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "PYTHONDONTWRITEBYTECODE": "",  # a first paper is not to be measured together with compiling WeasyPrint
        }

    def module(self, name: str, *arguments: str) -> Any:
        """What a module run inside this installation prints on its last line, as JSON."""
        return json.loads(self._run("-m", name, *arguments).splitlines()[-1])

    def stage(self, scene: str, *arguments: str) -> Any:
        """What a scene of bench.stage tells."""
        return self.module("bench.stage", scene, *arguments)

    def manage(self, *command: str) -> None:
        self._run("manage.py", *command)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=HERE, env=self.environment, timeout=PATIENCE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{done.stdout}")
        return done.stdout


@dataclass(frozen=True)
class Stand:
    """Two installations on the same kind of database, one with many more cases; and the facts of their stage."""

    database: str
    small: Site
    large: Site
    sizes: tuple[int, int]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that the server and its workers have used."""
        family = (_fields(Path(f"/proc/{pid}")) for pid in _family(self.pid))
        return sum(fields[_USER] + fields[_SYSTEM] for fields in family) / _TICK


def stand(database: str, folder: Path, cases: tuple[int, int], server: str = "", redis_url: str = "") -> Stand:
    """server: the address of a PostgreSQL server's own database; empty for SQLite."""
    few, many = cases
    small, large = (_site(folder / name, server, redis_url) for name in ("small", "large"))
    facts = _founded(small, few)
    _copy(small, large)
    _add(large, many - few)
    return Stand(database, small, large, cases, facts)


def copied(site: Site, data_dir: Path) -> Site:
    """Another installation that begins with what this one holds."""
    copy = _site(data_dir, site.database_url, site.redis_url)
    _copy(site, copy)
    return copy


@contextmanager
def serving(site: Site, processes: int = 1) -> Iterator[Server]:
    """The web server as config.serving starts it, without the background's work beside it."""
    command = ["uvicorn", "config.asgi:application", f"--port={site.port}", f"--workers={processes}", "--lifespan=off"]
    quiet = ["--no-access-log", "--no-server-header", "--log-level=warning"]
    process = subprocess.Popen([sys.executable, "-m", *command, *quiet], cwd=HERE, env=site.environment)
    try:
        _wait_for(site, process)
        yield Server(site.port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _site(data_dir: Path, server: str, redis_url: str) -> Site:
    return Site(data_dir, f"{server.rpartition('/')[0]}/{data_dir.name}" if server else "", redis_url)


def _founded(site: Site, cases: int) -> dict[str, Any]:
    """A new installation with the demo's stories, the long case to be read, and so many cases more."""
    site.data_dir.mkdir(parents=True)
    if site.database_url:
        _create_database(site.database_url)
    site.manage("migrate", "--verbosity=0")
    site.manage("seed")
    facts: dict[str, Any] = site.stage("case")
    _add(site, cases)
    return facts


def _add(site: Site, cases: int) -> None:
    site.manage("seed", f"--scale={cases}")
    site.manage("update_index", "--verbosity=0")


def _copy(site: Site, copy: Site) -> None:
    shutil.copytree(site.data_dir, copy.data_dir)
    if copy.database_url:
        _create_database(copy.database_url, template=site.database_url)


def _create_database(url: str, template: str = "") -> None:
    server, _, name = url.rpartition("/")
    source = f' TEMPLATE "{template.rpartition("/")[2]}"' if template else ""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{source}'.encode())


def _wait_for(site: Site, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://localhost:{site.port}/healthz", timeout=10).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server of {site.data_dir} does not answer.")


def _family(pid: int) -> set[int]:
    """A process and all that it started."""
    parents = {int(folder.name): _fields(folder)[_PARENT] for folder in Path("/proc").glob("[0-9]*")}
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _fields(folder: Path) -> list[int]:
    """What the kernel tells of a process behind its name in parentheses; zeros when it has just ended."""
    try:
        said = (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return [0] * 50
    return [0, *map(int, said[1:])]
