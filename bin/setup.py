"""Makes a fresh machine ready: system parts, .venv, locked dependencies. Standard library only; a second run is quick.

Usage: python3 bin/setup.py run | test
"""

import ctypes
import fcntl
import glob
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
LOGS = HERE / ".cache"

LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
COMMANDS = {"gettext": ("msgfmt",)}
TEST_COMMANDS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "redis-server": ("redis-server",),
    "poppler-utils": ("pdftotext",),
}
TEST_FILES = {
    "postgresql": "/usr/lib/postgresql/*/bin/initdb",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
}


def main(purpose: str) -> None:
    if sys.version_info < (3, 11):
        stop(
            f"Yuanyi needs Python 3.11 or newer and this is {sys.version.split()[0]}: "
            "say for example “make run PYTHON=python3.12”."
        )
    if not os.access(LOGS if LOGS.exists() else HERE, os.W_OK):
        stop(f"This account may not write in {HERE}: take a copy of your own, or the account that owns it.")
    LOGS.mkdir(exist_ok=True)
    with (LOGS / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install_system_parts(missing_parts(purpose))
        make_venv()
        install_packages("requirements-dev.lock" if purpose == "test" or is_for_tests() else "requirements.lock")


def missing_parts(purpose: str) -> list[str]:
    """The Debian packages whose work nothing on this machine does."""
    commands = COMMANDS | (TEST_COMMANDS if purpose == "test" else {})
    files = TEST_FILES if purpose == "test" else {}
    missing = [package for package, name in LIBRARIES.items() if not can_load(name)]
    missing += [package for package, names in commands.items() if not any(map(shutil.which, names))]
    missing += [package for package, pattern in files.items() if not glob.glob(pattern)]
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        missing.append("python3-venv")
    return missing


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_system_parts(packages: list[str]) -> None:
    if not packages:
        return
    prefix = may_install()
    if prefix is None:
        stop(
            f"Yuanyi needs the Debian packages {', '.join(packages)} and may not install them itself: "
            f"run “sudo apt-get install {' '.join(packages)}” and start again."
        )
    say(f"Installing system parts with apt-get: {', '.join(packages)} …")
    install = [*prefix, "apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if quiet(install) != 0 and (quiet([*prefix, "apt-get", "update"]) != 0 or quiet(install) != 0):
        stop(f"apt-get could not install {', '.join(packages)}; what it said is in {LOGS / 'setup.log'}.")


def may_install() -> "list[str] | None":
    """What to put before apt-get; None where this account may not install."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None


def make_venv() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0:
        return
    say("Making .venv …")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if quiet(command) != 0:
        stop(f"Python could not make {VENV}; what it said is in {LOGS / 'setup.log'}.")


def is_for_tests() -> bool:
    """A .venv that has the tests' packages keeps them."""
    return (VENV / ".requirements-dev.lock").exists()


def install_packages(lock: str) -> None:
    wanted = hashlib.sha256((HERE / lock).read_bytes()).hexdigest()
    stamp = VENV / f".{lock}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv = VENV / "bin" / "uv"
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    say(f"Installing the {count(lock)} packages of {lock} …")
    if quiet([*pip, "-r", "requirements-uv.lock"]) != 0:
        stop(f"pip could not install uv; what it said is in {LOGS / 'setup.log'}.")
    if quiet([str(uv), "pip", "sync", "--python", str(PYTHON), "--require-hashes", lock]) != 0:
        stop(f"The packages of {lock} could not be installed; what uv said is in {LOGS / 'setup.log'}.")
    for old in VENV.glob(".requirements*.lock"):
        old.unlink()
    stamp.write_text(wanted)


def count(lock: str) -> int:
    return sum(line[:1].isalnum() and "==" in line for line in (HERE / lock).read_text().splitlines())


def quiet(command: "list[str]") -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with (LOGS / "setup.log").open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        return subprocess.run(
            command, cwd=HERE, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        ).returncode


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    sys.exit(text)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
