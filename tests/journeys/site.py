"""A real installation for the journeys: `manage.py run` as its own processes, on its own data, like a user's."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config.serving import die_with_parent
from tests.run import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 300.0


@dataclass
class Site:
    """database_url and redis_url are empty for the embedded default."""

    data_dir: Path
    database_url: str = ""
    redis_url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir / "site.log"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "PYTEST_"))}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MODE": "demo",
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
        }

    def start(self) -> None:
        """Returns when every needed part is well."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "run"]
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=die_with_parent,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        said = "nothing"
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                break
            status, said = self.get("/readyz")
            if status == 200:
                return
            time.sleep(0.2)
        raise RuntimeError(f"The site is not ready: {said}\n{self.log.read_text()[-4000:]}")

    def stop(self) -> int:
        """As Ctrl-C does; returns the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """As a power cut does. Returns when nothing answers any more: with Redis, the children follow their parent."""
        assert self.process
        self.process.kill()
        self.process.wait()
        end = time.monotonic() + 20
        while self.get("/healthz")[0] and time.monotonic() < end:
            time.sleep(0.1)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError as error:
            return 0, str(error)

    def manage(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.environment, check=check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def sql(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Past the application, as somebody with the database's password can. `%s` stands for a value."""
        if self.database_url:
            with psycopg.connect(self.database_url) as server:
                cursor = server.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.data_dir / "yuanyi.sqlite3", timeout=20)) as file, file:
            return file.execute(statement.replace("%s", "?"), values).fetchall()

    def settle(self, seconds: float = 60) -> None:
        """Wait until every event has reached everyone who follows it."""
        end = time.monotonic() + seconds
        while waiting := self.sql("SELECT count(*) FROM ledger_delivery WHERE state = 'pending'")[0][0]:
            if time.monotonic() > end:
                raise TimeoutError(f"{waiting} deliveries still wait.\n{self.log.read_text()[-4000:]}")
            time.sleep(0.2)

    def texts_to(self, phone: str) -> list[str]:
        """The SMS sent to a number, newest first."""
        digits = re.sub(r"\D", "", phone)[-11:]
        files = sorted((self.data_dir / "sms").glob("2*.json"), reverse=True)
        messages = [json.loads(file.read_text()) for file in files]
        return [message["text"] for message in messages if re.sub(r"\D", "", message["to"]).endswith(digits)]

    def code_for(self, phone: str, seconds: float = 10) -> str:
        """The log-in code in the newest SMS to a number."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for text in self.texts_to(phone)[:1]:
                if code := re.search(r"\b\d{6}\b", text):
                    return code[0]
            time.sleep(0.1)
        raise TimeoutError(f"No SMS with a code to {phone}.")


def copy_of(site: Site, data_dir: Path, database_url: str, redis_url: str) -> Site:
    """Another site with the same content; `site` must be stopped."""
    shutil.copytree(site.data_dir, data_dir, ignore=shutil.ignore_patterns("site.log", "running"))
    if database_url:
        create_database(database_url, template=site.database_url)
    return Site(data_dir, database_url, redis_url)


def create_database(url: str, template: str = "") -> None:
    server, _, name = url.rpartition("/")
    source = f' TEMPLATE "{template.rpartition("/")[2]}"' if template else ""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{source}')
