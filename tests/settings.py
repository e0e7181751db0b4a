"""The settings of a test run: the same file in MODE=test, with a DATA_DIR of its own in every test process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
if "TEST_ROOT" not in os.environ:
    os.environ["TEST_ROOT"] = tempfile.mkdtemp(prefix="yuanyi-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_ROOT"], ignore_errors=True)
ROOT = Path(os.environ["TEST_ROOT"])

# What a developer keeps in .env must not reach a test.
for _name in (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SITE_URL",
    "SMS_BACKEND",
    "HOTLINE",
    "LOG_LEVEL",
    "STATUTES_DIR",
):
    os.environ.setdefault(_name, "")
os.environ |= {"MODE": "test", "PORT": "8000", "DATA_DIR": str(ROOT / WORKER)}

# One Redis for each process, because publish/subscribe knows no database numbers.
_servers = [url for url in os.environ.get("TEST_REDIS_URLS", "").split(",") if url]
if _servers:
    os.environ["REDIS_URL"] = _servers[int(WORKER.removeprefix("gw")) if WORKER != "main" else 0]

from config.settings import *
from config.settings import DATA_DIR, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
