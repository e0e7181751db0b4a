from typing import Any

from django.core.management.base import BaseCommand

from cms import planting


class Command(BaseCommand):
    help = "Make the pages that the site stands on: home, areas, archive, guides. Leaves existing pages alone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{planting.plant()} pages made")
