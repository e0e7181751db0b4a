import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from voting import measuring as voting

Measure = Callable[[Path, Callable[[str], Any]], dict[str, Any]]

MEASURES: dict[str, Measure] = {"counting": voting.counting}


class Command(BaseCommand):
    help = "Run the product's own code on a folder of real data; the last line is one JSON object of figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", metavar="WHAT", help=f"one of: {', '.join(MEASURES)}")
        parser.add_argument("--data", required=True, type=Path, metavar="DIR", help="the folder of data")

    def handle(self, *args: Any, **options: Any) -> None:
        what, data = options["what"], options["data"]
        if what not in MEASURES:
            raise CommandError(f"{what} cannot be measured: write one of {', '.join(MEASURES)}.")
        if not data.is_dir():
            raise CommandError(f"{data} is no folder: write the path of the data after --data.")
        try:
            figures = MEASURES[what](data, self.stdout.write)
        except FileNotFoundError as error:
            raise CommandError(f"There is no {error} to measure.") from error
        self.stdout.write(json.dumps(figures, ensure_ascii=False))
