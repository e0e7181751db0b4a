from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from proposals import diagram

FILE = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"


class Command(BaseCommand):
    help = "Write docs/lifecycle.md from the table of moves. With --check: fail when the file is stale."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        document = diagram.document()
        if not options["check"]:
            FILE.write_text(document, encoding="utf-8")
        elif not FILE.exists() or FILE.read_text(encoding="utf-8") != document:
            raise CommandError("docs/lifecycle.md is stale: run manage.py lifecycle.")
