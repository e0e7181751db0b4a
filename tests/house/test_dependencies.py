"""The lock files and the page of licences belong to this pyproject.toml."""

import re
import subprocess
import sys
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import sources

ABOUT = tomllib.loads((sources.ROOT / "pyproject.toml").read_text())


def locked(lock):
    text = (sources.ROOT / lock).read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE)), text


def test_the_locks_hold_what_the_project_asks_for():
    runtime = [Requirement(line) for line in ABOUT["project"]["dependencies"]]
    dev = [Requirement(line) for line in ABOUT["dependency-groups"]["dev"]]
    for lock, wanted in (("requirements.lock", runtime), ("requirements-dev.lock", runtime + dev)):
        versions, _ = locked(lock)
        unmet = [str(need) for need in wanted if versions.get(canonicalize_name(need.name), "") not in need.specifier]
        assert unmet == [], lock


def test_every_locked_package_has_a_hash():
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        _, text = locked(lock)
        pins = re.findall(r"^[a-z0-9._-]+==.*$", text, re.MULTILINE)
        assert [pin for pin in pins if not pin.endswith("\\")] == [], lock


def test_development_runs_what_production_runs():
    runtime, _ = locked("requirements.lock")
    dev, _ = locked("requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_only_one_whoosh_is_locked():
    versions, _ = locked("requirements-dev.lock")
    assert [name for name in versions if "whoosh" in name] == ["whoosh-reloaded"]


def test_the_page_of_licences_is_fresh():
    done = subprocess.run(
        [sys.executable, "bin/licences.py", "--check"], cwd=sources.ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
