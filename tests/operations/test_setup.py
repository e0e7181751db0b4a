"""`bin/setup.py` makes a machine ready, or says in one sentence what it needs."""

import shutil
import subprocess
import sys

import pytest

from tests.house.sources import ROOT


@pytest.fixture
def project(tmp_path):
    """A copy that may install nothing: its PATH is empty."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def set_up(project, purpose):
    command = [sys.executable, "bin/setup.py", purpose]
    environment = {"PATH": str(project / "nothing")}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("purpose", "packages"), [("run", ["gettext"]), ("test", ["gettext", "chromium", "redis-server", "poppler-utils"])]
)
def test_what_may_not_be_installed_is_named_in_one_sentence(project, purpose, packages):
    done = set_up(project, purpose)
    sentence = (
        f"Yuanyi needs the Debian packages {', '.join(packages)} and may not install them itself: "
        f"run “sudo apt-get install {' '.join(packages)}” and start again.\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
