import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from adapters import clock
from areas import policy
from areas.calendar import SHANGHAI
from areas.models import Area
from config.demo import cast, places, scale, stories
from config.demo.tale import Tale
from notifications.models import Notice


class Command(BaseCommand):
    help = "Load the demo: the district, about 40 people, and their stories. With --scale N, N more generated cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=0, metavar="N", help="so many more cases")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is not for production: it would mix invented people with real ones.")
        call_command("build_static")
        if not Area.objects.exists():
            self._story()
        if options["scale"]:
            for done in scale.build(options["scale"], clock.now()):
                self.stdout.write(f"\r{done} / {options['scale']} cases", ending="")
                self.stdout.flush()
            self.stdout.write("")

    def _story(self) -> None:
        today = clock.now().astimezone(SHANGHAI)
        long_ago = today - dt.timedelta(days=400)
        self.stdout.write(f"{places.build(long_ago)} areas with their bodies")
        policy.assign(Area.objects.get(name="金鱼街社区"), "case.households.community", 12)
        people = cast.build(long_ago)
        self.stdout.write(f"{len(people)} people")
        stories.tell(Tale(people, today))
        Notice.objects.filter(at__lt=today - dt.timedelta(days=10), read_at=None).update(read_at=today)
        self.stdout.write("stories told; the search index is built")
        call_command("seed_pages")
        call_command("update_index", verbosity=0)
