from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger import verifying
from ledger.models import Event


class Command(BaseCommand):
    help = "Check every chain, text, seal and record; names each row that is not as it was written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("chain", nargs="?", help="one chain only, such as case:…")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = 0
        for problem in verifying.verify(options["chain"]):
            self.stdout.write(self.style.ERROR(str(problem)))
            problems += 1
        if problems:
            raise CommandError(f"{problems} problem(s) found.")
        events = Event.objects.filter(chain_id=options["chain"]) if options["chain"] else Event.objects.all()
        self.stdout.write(self.style.SUCCESS(f"All is as it was written: {events.count()} events checked."))
