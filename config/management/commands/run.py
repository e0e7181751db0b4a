"""One command that starts everything: database, static files, demo, web server, outbox delivery and beat."""

import fcntl
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOBase
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import serving


class Command(BaseCommand):
    help = "Prepare what is missing and start Yuanyi. Ctrl-C stops it."

    def handle(self, *args: Any, **options: Any) -> None:
        for stop in (signal.SIGINT, signal.SIGTERM):  # a shell lets its background jobs ignore the first
            signal.signal(stop, signal.default_int_handler)
        try:
            with alone(), reserved(settings.HOST, settings.PORT) as door:
                self.prepare()
                self.announce()
                serving.serve(door)
        except KeyboardInterrupt:
            pass
        self.stdout.write("Yuanyi has stopped.")

    def prepare(self) -> None:
        call_command("build_static")  # first: a translation that is already loaded is not read again
        self.migrate()
        if settings.DEMO:
            self.load_demo()

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if steps:
            call_command("migrate", interactive=False, stdout=Progress("Preparing the database", steps))

    def load_demo(self) -> None:
        from areas.models import Area

        if not Area.objects.exists() and "seed" in get_commands():
            self.stdout.write("Loading the demo …")
            call_command("seed")

    def announce(self) -> None:
        self.stdout.write(f"\nYuanyi is open at {settings.SITE_URL} (Ctrl-C stops it)")
        if settings.DEMO:
            self.stdout.write("\n".join(demo_accounts()))
        self.stdout.flush()


class Progress(TextIOBase):
    """Takes what `migrate` prints and shows one line that counts."""

    def __init__(self, what: str, steps: int) -> None:
        self.what, self.steps, self.done = what, steps, 0

    def write(self, text: str) -> int:
        if "Applying" in text:
            self.done += 1
            end = "\n" if self.done == self.steps else ""
            if sys.stdout.isatty() or self.done % 50 == 0 or end:
                start = "\r" if sys.stdout.isatty() else ""
                print(
                    f"{start}{self.what}: {self.done} of {self.steps}", end=end or ("" if start else "\n"), flush=True
                )
        return len(text)


def demo_accounts() -> list[str]:
    from config.demo import cast

    people = [f"  {sign_in:<28} {name}  {what}" for sign_in, name, what in cast.accounts()]
    how = f"Officers' password: {cast.PASSWORD}. SMS, mail and second factors: {settings.SITE_URL}/dev/"
    return ["Demo accounts:", *people, how]


@contextmanager
def reserved(host: str, port: int) -> Iterator[socket.socket]:
    """The open port, before anything slow happens."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen(1024)
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be opened ({error.strerror}): another program may use it. Say PORT=8001 make run."
            ) from error
        yield door


@contextmanager
def alone() -> Iterator[None]:
    """Without Redis, live posts and the search index's writer live in this one process."""
    with (settings.DATA_DIR / "running").open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if not settings.REDIS_URL:
                raise CommandError(
                    f"Yuanyi is already running on {settings.DATA_DIR}: stop it, or say DATA_DIR=… for a second one."
                ) from error
        yield
