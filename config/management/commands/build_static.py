"""Make what pages need before the first one is served: icons, translations, hashed and compressed static files."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command

from config import sprite

UNUSED = ["bootstrap/js/*", "bootstrap/css/bootstrap.css*", "bootstrap/css/bootstrap?[gru]*", "htm?-4*", "htmax-4*"]


class Command(BaseCommand):
    help = "Build the icon sprite, compile translations, collect static files. Does nothing when nothing changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        sprite.build()
        for source in stale_catalogues():
            self.stdout.write(f"Compiling {source.relative_to(settings.BASE_DIR)}")
            compile_catalogue(source)
        now, stamp = fingerprint(), Path(settings.STATIC_ROOT) / ".fingerprint"
        if stamp.exists() and stamp.read_text() == now:
            return
        self.stdout.write("Collecting static files")
        call_command("collectstatic", interactive=False, clear=True, ignore_patterns=UNUSED, verbosity=0)
        stamp.write_text(now)


def stale_catalogues() -> list[Path]:
    """The .po files that are newer than what was compiled from them."""
    sources = [source for folder in settings.LOCALE_PATHS for source in sorted(Path(folder).rglob("*.po"))]
    return [source for source in sources if _changed_at(source.with_suffix(".mo")) < _changed_at(source)]


def compile_catalogue(source: Path) -> None:
    command = ["msgfmt", "--check-format", "-o", str(source.with_suffix(".mo")), str(source)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise CommandError("msgfmt is not installed: install the package gettext.") from error
    except subprocess.CalledProcessError as error:
        raise CommandError(f"{source} cannot be compiled:\n{error.stderr}") from error


def fingerprint() -> str:
    """One word for all static files as they are now, by name, size and time of change."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(UNUSED):
            status = Path(storage.path(name)).stat()
            seen.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
