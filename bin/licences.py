"""Writes docs/licences.md: every locked dependency with its licence, read from what is installed.

Usage: python bin/licences.py [--check]
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
PAGE = HERE / "docs" / "licences.md"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")

# Packages that this platform does not install, or that tell their licence nowhere but in their files.
KNOWN = {
    "async-timeout": "Apache-2.0",
    "axe-playwright-python": "MIT; contains axe-core, MPL-2.0",
    "brotlicffi": "MIT",
    "colorama": "BSD-3-Clause",
    "django-bootstrap-static": "MIT; contains Bootstrap, MIT",
    "django-htmx": "MIT; contains htmx, 0BSD",
    "fido2": "BSD-2-Clause; contains parts under Apache-2.0 and MPL-2.0",
    "lucide": "MIT; contains the Lucide icons, ISC",
    "pylopdf-fonts-zh-cn": "OFL-1.1 (Noto Sans SC, Noto Serif SC)",
    "qrcode": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
}
HEAD = """# Licences

院议 Yuanyi itself is under AGPL-3.0-or-later (LICENSE). It contains no third-party code; it installs these packages.
`python bin/licences.py` writes this page from the lock files and the packages' own metadata; a test keeps it fresh.

The names of the four levels (`areas/data/`) come with their own licence file.

## Packages that run the platform

"""
MIDDLE = "\n## Packages that only build and test it\n\n"
SYSTEM = """
## System parts, installed from Debian or Ubuntu and not distributed with Yuanyi

| part | licence |
| --- | --- |
| libpango-1.0-0, libpangoft2-1.0-0 | LGPL-2.0-or-later |
| libharfbuzz-subset0 | MIT |
| gettext | GPL-3.0-or-later |
| python3, python3-venv | PSF-2.0 |
| PostgreSQL (larger installations, tests) | PostgreSQL |
| Redis 7.0 (larger installations, tests) | BSD-3-Clause |
| Chromium (tests) | BSD-3-Clause and others |
| fonts-noto-cjk (tests) | OFL-1.1 |
| poppler-utils (tests) | GPL-2.0-or-later |
"""


def page() -> str:
    runtime = locked("requirements.lock")
    others = {name: versions for lock in LOCKS[1:] for name, versions in locked(lock).items() if name not in runtime}
    return HEAD + table(runtime) + MIDDLE + table(others) + SYSTEM


def locked(lock: str) -> dict[str, list[str]]:
    """Names with their versions; a lock for all platforms can hold two versions of one package."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", (HERE / lock).read_text(), re.MULTILINE):
        found.setdefault(name, []).append(version)
    return found


def table(packages: dict[str, list[str]]) -> str:
    rows = [f"| {name} | {', '.join(versions)} | {licence(name)} |" for name, versions in sorted(packages.items())]
    return "\n".join(["| package | version | licence |", "| --- | --- | --- |", *rows]) + "\n"


def licence(name: str) -> str:
    if name in KNOWN:
        return KNOWN[name]
    try:
        found = stated(distribution(name))
    except PackageNotFoundError:
        sys.exit(f"{name} is locked, but not installed here: add its licence to KNOWN in bin/licences.py.")
    if not found:
        sys.exit(f"{name} does not state its licence: look it up and add it to KNOWN in bin/licences.py.")
    return found


def stated(package: Distribution) -> str:
    """The licence expression, else the classifiers, else the free text if it is a name rather than a licence."""
    about: Any = package.metadata
    classifiers = [
        line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    text = about.get("License") or ""
    return about.get("License-Expression") or ", ".join(classifiers) or (text if len(text) < 80 else "")


if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.exists() and PAGE.read_text() == made else "docs/licences.md is stale: run bin/licences.py.")
    PAGE.write_text(made)
