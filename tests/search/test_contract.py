"""modelsearch's own backend tests, all of them, on our backend."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_backend_keeps_modelsearchs_contract(tmp_path):
    command = [sys.executable, "-m", "django", "test", "tests.search.backend.contract"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.search.backend.settings", "CONTRACT_ROOT": str(tmp_path)}
    environment = (
        os.environ | settings | {"SEARCH_BACKEND": "db", "DATABASE_URL": "sqlite://:memory:", "PYTHONPATH": str(ROOT)}
    )

    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )

    assert re.findall(r"^(Ran \d+ tests|OK.*|FAILED.*)", run.stderr, re.MULTILINE) == ["Ran 121 tests", "OK"], (
        run.stderr
    )
