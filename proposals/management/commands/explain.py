from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from adapters import clock
from proposals import explaining
from proposals.models import Proposal


class Command(BaseCommand):
    help = "Tell in words where a case stands, why, and what can happen next."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", metavar="CASE", help="its number, such as 2026-0417")
        parser.add_argument("--language", default="zh-hans", help="zh-hans (default) or en")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = Proposal.objects.select_related("area", "owner__area", "left_owner__area", "proposer", "category")
        case = cases.filter(number=options["number"]).first()
        if case is None:
            raise CommandError(f"There is no case {options['number']}. A number looks like 2026-0417.")
        with translation.override(options["language"]):
            self.stdout.write("\n".join(str(line) for line in explaining.explain(case, clock.now())))
