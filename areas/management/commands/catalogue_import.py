from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adapters import clock
from areas import catalogue
from ledger.actors import SYSTEM


class Command(BaseCommand):
    help = "Take a CSV file into the catalogue of who owns which matter. Names every fault, and then imports nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=f"CSV in UTF-8 with the columns {', '.join(catalogue.COLUMNS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = catalogue.load(options["file"].read_bytes(), by=SYSTEM, at=clock.now())
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except catalogue.Faulty as faulty:
            for problem in faulty.problems:
                self.stdout.write(self.style.ERROR(problem))
            raise CommandError(f"Nothing imported: {len(faulty.problems)} problem(s).") from faulty
        self.stdout.write(f"{changed} rows new or changed")
