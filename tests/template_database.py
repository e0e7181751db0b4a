"""A migrated database is made once and copied, because 260 migrations take ten seconds."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "tests"


def fingerprint() -> str:
    """One word for what `migrate` would make: it changes when any migration of any installed app changes."""
    seen = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        module, _ = MigrationLoader.migrations_module(app.label)
        folder = Path(app.path) / "migrations" if module == f"{app.name}.migrations" else None
        for path in sorted(folder.glob("*.py")) if folder else []:
            seen.update(f"{app.label}/{path.name}".encode() + path.read_bytes())
    return seen.hexdigest()[:12]


def sqlite_copy(target: Path) -> None:
    """Put a freshly migrated database at `target`."""
    with OnlyOne("sqlite"):
        source = CACHE / f"{fingerprint()}.sqlite3"
        if not source.exists():
            draft = source.with_suffix(".new")
            draft.unlink(missing_ok=True)
            _migrate(f"sqlite:///{draft}")
            draft.replace(source)
    shutil.copyfile(source, target)


def postgresql_template() -> str:
    """The name of a migrated database on the test server, to give as TEMPLATE to CREATE DATABASE."""
    name = f"yuanyi_template_{fingerprint()}"
    with OnlyOne("postgresql"):
        connection = connections["default"]
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone():
                return name
            cursor.execute(f'CREATE DATABASE "{name}_new"')
        base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        _migrate(f"{base}/{name}_new")
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def _migrate(database_url: str) -> None:
    environment = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=environment)


class OnlyOne:
    """A lock between the test processes of this machine."""

    def __init__(self, name: str) -> None:
        CACHE.mkdir(parents=True, exist_ok=True)
        self.file = (CACHE / f"{name}.lock").open("w")

    def __enter__(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: Any) -> None:
        self.file.close()
