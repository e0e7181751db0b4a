"""kill -9 at any point between commit and delivery changes nothing in the end: the same cases, events and notices."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import template_database

ROOT = Path(__file__).parents[2]
LIVES = [10, pytest.param(150, marks=pytest.mark.soak)]
Environment = dict[str, str]


@pytest.fixture
def environments(tmp_path: Path, django_db_blocker: Any) -> Iterator[tuple[Environment, Environment]]:
    """Two migrated databases: files, or two on the PostgreSQL server that the tests use."""
    server = os.environ.get("DATABASE_URL", "")
    with django_db_blocker.unblock():
        template = template_database.postgresql_template() if server else ""
    names = [f"killed_{secrets.token_hex(4)}" for _ in range(2)]
    ours = []
    for name in names:
        folder = tmp_path / name
        folder.mkdir()
        if not server:
            template_database.sqlite_copy(folder / "yuanyi.sqlite3")
        url = f"{server.rpartition('/')[0]}/{name}" if server else ""
        ours.append(os.environ | {"MODE": "test", "DATA_DIR": str(folder), "REDIS_URL": "", "DATABASE_URL": url})
    if not server:
        yield ours[0], ours[1]
        return
    with psycopg.connect(server, autocommit=True) as connection:
        try:
            for name in names:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            yield ours[0], ours[1]
        finally:
            for name in names:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def start(environment: Environment, lives: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.proposals.mortal", str(lives)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True)


@pytest.mark.parametrize("lives", LIVES)
def test_in_the_end_all_is_as_if_nobody_had_died(environments: tuple[Environment, Environment], lives: int) -> None:
    processes = [start(environments[0], 0), start(environments[1], lives)]
    whole, killed = (json.loads(process.communicate(timeout=60 + 5 * lives)[0]) for process in processes)

    assert whole["cases"] == killed["cases"]
    assert {case["standing"]["state"] for case in whole["cases"].values()} >= {"closed", "withdrawn"}
    assert [found["waiting"] for found in (whole, killed)] == [0, 0]
    assert [found["problems"] for found in (whole, killed)] == [[], []]
    assert signal.SIGKILL in killed["killed"]
    assert any(killed["left"]), "no kill came while something was waiting"
