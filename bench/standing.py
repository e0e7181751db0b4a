"""Private installations to be measured: made once, copied, served on a free port, gone afterwards."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.site import ROOT, Site, copy_of, create_database

PATIENCE = 300
_TICK = os.sysconf("SC_CLK_TCK")
_PARENT, _USER, _SYSTEM = 1, 11, 12


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that the server and its workers have used."""
        family = (_fields(Path(f"/proc/{pid}")) for pid in _family(self.pid))
        return sum(fields[_USER] + fields[_SYSTEM] for fields in family) / _TICK


@dataclass(frozen=True)
class Stand:
    """Two installations on the same kind of database, one with many more cases; and the facts of their stage."""

    database: str
    small: Site
    large: Site
    sizes: tuple[int, int]
    facts: dict[str, Any]


def stand(database: str, folder: Path, cases: tuple[int, int], server: str = "", redis_url: str = "") -> Stand:
    """server: the address of a PostgreSQL server's own database; empty for SQLite."""
    few, many = cases
    place = server.rpartition("/")[0]
    small = Site(folder / "small", f"{place}/small" if server else "", redis_url)
    facts = _founded(small, few)
    large = copy_of(small, folder / "large", f"{place}/large" if server else "", redis_url)
    _add(large, many - few)
    return Stand(database, small, large, cases, facts)


def _founded(site: Site, cases: int) -> dict[str, Any]:
    """A new installation with the demo's stories, the long case to be read, and so many cases more."""
    site.data_dir.mkdir(parents=True)
    if site.database_url:
        create_database(site.database_url)
    manage(site, "migrate", "--verbosity=0")
    manage(site, "seed")
    facts: dict[str, Any] = stage(site, "case")
    _add(site, cases)
    return facts


def _add(site: Site, cases: int) -> None:
    manage(site, "seed", f"--scale={cases}")
    manage(site, "update_index", "--verbosity=0")


def manage(site: Site, *command: str) -> None:
    _run(site, ["manage.py", *command])


def stage(site: Site, *command: str) -> Any:
    """What a scene of bench.stage tells, played inside this installation."""
    return module(site, "bench.stage", *command)


def module(site: Site, name: str, *arguments: str) -> Any:
    """What a module run inside this installation prints on its last line."""
    return json.loads(_run(site, ["-m", name, *arguments]).splitlines()[-1])


@contextmanager
def serving(site: Site, processes: int = 1) -> Iterator[Server]:
    """The web server as config.serving starts it, without the background's work beside it."""
    command = ["uvicorn", "config.asgi:application", f"--port={site.port}", f"--workers={processes}", "--lifespan=off"]
    quiet = ["--no-access-log", "--no-server-header", "--log-level=warning"]
    process = subprocess.Popen([sys.executable, "-m", *command, *quiet], cwd=ROOT, env=site.environment)
    try:
        _wait_for(site, process)
        yield Server(site.port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _run(site: Site, command: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=site.environment, timeout=PATIENCE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


def _wait_for(site: Site, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if site.get("/healthz")[0] == 200:
            return
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
