"""The processes of a running platform: one that does everything, or with Redis web, worker and beat side by side."""

import ctypes
import signal
import socket
import subprocess
import sys
import time

import uvicorn
from django.conf import settings
from django.core.management.base import CommandError

from .background import Background

GRACE = 5
FRAME = 65536  # bytes of one incoming socket message; compression would cost half as much CPU again
PR_SET_PDEATHSIG = 1


def serve(door: socket.socket) -> None:
    """Serve at an open port until SIGINT or SIGTERM, which arrive here as KeyboardInterrupt."""
    if settings.REDIS_URL:
        door.close()
        with_redis()
    elif settings.WEB_PROCESSES > 1:
        raise CommandError("WEB_PROCESSES is greater than 1: several web processes need REDIS_URL to hear each other.")
    else:
        embedded(door)


def embedded(door: socket.socket) -> None:
    background = Background()
    background.start()
    options = uvicorn.Config(
        "config.asgi:application",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        ws_per_message_deflate=False,
        ws_max_size=FRAME,
    )
    try:
        uvicorn.Server(options).run(sockets=[door])
    finally:
        background.stop()


def with_redis() -> None:
    """Children live and die together: when one ends, the others are stopped and this process fails."""
    children = {name: start(command) for name, command in commands().items()}
    try:
        while all(child.poll() is None for child in children.values()):
            time.sleep(0.5)
        ended = [name for name, child in children.items() if child.poll() is not None]
        raise CommandError(f"The {' and the '.join(ended)} process ended by itself; everything was stopped.")
    finally:
        for child in children.values():
            child.terminate()
        for child in children.values():
            child.wait()


def commands() -> dict[str, list[str]]:
    celery = ["celery", "--app=config.celery", "--quiet"]
    log = f"--loglevel={settings.LOG_LEVEL}"
    web = [f"--host={settings.HOST}", f"--port={settings.PORT}", f"--workers={settings.WEB_PROCESSES}"]
    sockets = ["--ws-per-message-deflate=False", f"--ws-max-size={FRAME}"]
    quiet = ["--lifespan=off", "--no-access-log", "--no-server-header", "--log-level=warning"]
    return {
        "web": ["uvicorn", "config.asgi:application", *web, *quiet, *sockets, f"--timeout-graceful-shutdown={GRACE}"],
        "worker": [*celery, "worker", f"--concurrency={settings.WORKER_PROCESSES}", log, "--without-mingle"],
        "beat": [*celery, "beat", "--scheduler=celery.beat:Scheduler", "--pidfile=", log],
    }


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """A child outside the terminal's process group: Ctrl-C reaches it through this process only."""
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=settings.BASE_DIR,
        process_group=0,
        preexec_fn=die_with_parent,
    )


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
