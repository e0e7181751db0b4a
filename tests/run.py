"""Runs the tests twice: on the embedded default, and on a private PostgreSQL + Redis that live only as long.

Usage: python tests/run.py [--only sqlite|postgresql] [pytest's own arguments]
"""

import argparse
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
WORKERS = 2


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    choice, arguments = parser.parse_known_args()
    results: dict[str, int] = {}
    if choice.only != "postgresql":
        results["SQLite, one process"] = pytest({"DATABASE_URL": "", "REDIS_URL": ""}, arguments)
    if choice.only != "sqlite":
        with ExitStack() as servers:
            database = servers.enter_context(postgresql())
            brokers = [servers.enter_context(redis()) for _ in range(WORKERS)]
            services = {"DATABASE_URL": database, "REDIS_URL": brokers[0], "TEST_REDIS_URLS": ",".join(brokers)}
            results["PostgreSQL + Redis"] = pytest(services, arguments)
    for name, code in results.items():
        print(f"{name}: {'passed' if code == 0 else f'FAILED (pytest exit code {code})'}")
    return 1 if any(results.values()) else 0  # a run that was killed has a negative code


def pytest(environment: dict[str, str], arguments: list[str]) -> int:
    name = "PostgreSQL + Redis" if environment["REDIS_URL"] else "SQLite"
    print(f"── tests on {name} ──", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"--numprocesses={WORKERS}",
        "--quiet",
        "--durations=15",
        "--durations-min=2",
        *arguments,
    ]
    return subprocess.run(command, cwd=HERE, env=os.environ | environment).returncode


@contextmanager
def postgresql() -> Iterator[str]:
    """A server of our own without durability, on a free port, gone afterwards."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[4]))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # initdb refuses root
    password, port = secrets.token_urlsafe(16), free_port()
    with temporary_folder(owner="postgres" if as_user else "") as folder:
        data = str(folder / "data")
        (folder / "password").write_text(password)
        setting = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off"
        more = " -c full_page_writes=off -c max_connections=200"
        initdb = ["initdb", "-D", data, "-U", "yuanyi", f"--pwfile={folder / 'password'}", "--auth=scram-sha-256"]
        _silent([*as_user, str(programs / initdb[0]), *initdb[1:], "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        control = [*as_user, str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log")]
        _silent([*control, "-o", setting + more, "start"])
        try:
            yield f"postgres://yuanyi:{password}@127.0.0.1:{port}/postgres"
        finally:
            _silent([*control, "-m", "immediate", "stop"])


@contextmanager
def redis() -> Iterator[str]:
    """A server of our own that keeps nothing on disk, on a free port, gone afterwards."""
    port = free_port()
    with temporary_folder() as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


@contextmanager
def temporary_folder(owner: str = "") -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yuanyi-service-") as name:
        if owner:
            os.chown(name, pwd.getpwnam(owner).pw_uid, -1)
        yield Path(name)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port} after {seconds} seconds.")


def _silent(command: list[str]) -> None:
    """Run one step of setting up a server; what it says is shown only if it fails."""
    done = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}")


if __name__ == "__main__":
    sys.exit(main())
