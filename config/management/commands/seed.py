import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from adapters import clock
from areas import catalogue, policy
from areas.calendar import SHANGHAI
from areas.models import Area
from config.demo import cast, places, scale, stories
from config.demo.tale import Tale
from ledger.actors import SYSTEM
from notifications import sending
from notifications.models import Notice, Outgoing


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
            call_command("update_index", verbosity=0)
        if options["scale"]:
            for done in scale.build(options["scale"], clock.now()):
                self.stdout.write(f"\r{done} / {options['scale']} cases", ending="")
                self.stdout.flush()
            self.stdout.write("")

    @transaction.atomic
    def _story(self) -> None:
        """All or nothing: a start that was cut off begins anew."""
        today = clock.now().astimezone(SHANGHAI)
        long_ago = today - dt.timedelta(days=400)
        self.stdout.write(f"{places.build(long_ago)} areas with their bodies")
        catalogue.load(catalogue.EXAMPLE.read_bytes(), by=SYSTEM, at=long_ago)
        community = Area.objects.get(name="金鱼街社区")
        policy.assign(community, "case.households.community", 12, by=SYSTEM, at=long_ago)
        people = cast.build(long_ago)
        self.stdout.write(f"{len(people)} people")
        stories.tell(Tale(people, today))
        self._settle_the_past(today)
        self.stdout.write("stories told; the search index is built")
        call_command("seed_pages")

    def _settle_the_past(self, today: dt.datetime) -> None:
        """What is older than ten days was read long ago; letters about the rest are on their way."""
        long_ago = today - dt.timedelta(days=10)
        Notice.objects.filter(at__lt=long_ago, read_at=None).update(read_at=today)
        Outgoing.objects.filter(notice__at__lt=long_ago).delete()
        while sending.send_due(today):
            pass
