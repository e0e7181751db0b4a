"""kill -9 of the whole process, again and again: nothing that was committed is lost, nothing else ever happened."""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
LIVES = [6, pytest.param(60, marks=pytest.mark.soak)]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database of its own: a file, or one on the PostgreSQL server that the tests use."""
    server = os.environ.get("DATABASE_URL", "")
    ours = {"MODE": "test", "DATA_DIR": str(tmp_path), "REDIS_URL": ""}
    if not server:
        yield os.environ | ours
        return
    name = f"killed_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield os.environ | ours | {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.ledger.mortal", *arguments]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True)


def live_and_die(environment: dict[str, str], life: int, file: Path) -> int:
    """Returns how many deliveries the life before left waiting."""
    with start(environment, "live", str(life), str(file)) as process:
        assert process.stdout
        left = int(process.stdout.readline())
        time.sleep(random.uniform(0.1, 0.6))
        process.kill()
    assert process.returncode == -signal.SIGKILL
    return left


@pytest.mark.parametrize("lives", LIVES)
def test_nothing_is_lost_and_nothing_doubled(environment: dict[str, str], tmp_path: Path, lives: int) -> None:
    file = tmp_path / "lines"
    left = [live_and_die(environment, life, file) for life in range(lives)]
    answer, _ = start(environment, "finish", str(lives), str(file)).communicate(timeout=20 * lives)
    report: dict[str, Any] = json.loads(answer)
    events = {int(pk): n for pk, n in report["events"].items()}
    lines = Counter(int(line) for line in file.read_text().split())

    assert any(left), "no kill came while something was waiting"
    assert {n // 1_000_000 for n in events.values()} == set(range(lives))
    assert {n % 4 for n in events.values()} == {0, 1, 2}
    assert sorted(events.values()) == sorted(report["acts"])
    assert Counter(report["effects"]) == Counter(events.keys())
    assert set(lines) == set(events)
    assert (report["waiting"], report["problems"]) == (0, [])
