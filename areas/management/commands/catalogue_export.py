from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from areas import catalogue


class Command(BaseCommand):
    help = "Write the catalogue of who owns which matter as CSV, to a file that spreadsheets open or to the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is None:
            self.stdout.write(catalogue.dump(), ending="")
            return
        try:
            options["file"].write_bytes(catalogue.dump().encode("utf-8-sig"))
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}") from error
