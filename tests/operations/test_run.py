"""`manage.py run` refuses in one sentence what cannot work, before anything slow happens."""

import fcntl
import socket

import pytest
from django.core.management import CommandError, call_command

from config import serving
from config.management.commands import run


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def test_a_busy_port_is_one_sentence(taken, settings):
    settings.PORT = taken
    with pytest.raises(CommandError) as refused:
        call_command("run")
    assert str(refused.value) == (
        f"Port {taken} cannot be opened (Address already in use): another program may use it. Say PORT=8001 make run."
    )


def test_a_data_dir_in_use_is_one_sentence(settings):
    settings.REDIS_URL = ""
    with (settings.DATA_DIR / "running").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(
            CommandError, match=r"Yuanyi is already running on .*: stop it, or say DATA_DIR=… for a second one."
        ):
            call_command("run")


def test_several_web_processes_need_redis(settings):
    settings.REDIS_URL, settings.WEB_PROCESSES = "", 2
    with socket.socket() as door, pytest.raises(CommandError, match="several web processes need REDIS_URL"):
        serving.serve(door)


def test_progress_is_one_line_for_fifty_migrations(capsys):
    progress = run.Progress("Preparing the database", 120)
    for number in range(120):
        progress.write(f"  Applying app.{number:04}...")
        progress.write(" OK\n")
    assert capsys.readouterr().out.splitlines() == [
        "Preparing the database: 50 of 120",
        "Preparing the database: 100 of 120",
        "Preparing the database: 120 of 120",
    ]
