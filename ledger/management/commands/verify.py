from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from ledger import verifying
from ledger.models import Chain, Event, Seal

SHOWN = 20


class Command(BaseCommand):
    help = "Check every chain, text, seal and record; names each row that is not as it was written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("chain", nargs="?", help="one chain only, such as case:…")
        parser.add_argument("--published", metavar="ROOT", help="a seal's root as it was published: is it still there?")
        parser.add_argument("--erased", action="store_true", help="name every text that was erased, and by which event")

    def handle(self, *args: Any, **options: Any) -> None:
        chain = options["chain"]
        if chain and not Chain.objects.filter(pk=chain).exists():
            raise CommandError(f"There is no chain {chain}.")
        with verifying.snapshot():
            problems = self._problems(chain, options["published"])
            self._erasures(chain, each=options["erased"])
            self._last_seal()
            events = Event.objects.filter(chain_id=chain) if chain else Event.objects.all()
            count = events.count()
        if problems:
            raise CommandError(f"{problems} problem(s) found in {count} events.")
        self.stdout.write(self.style.SUCCESS(f"All is as it was written: {count} events checked."))

    def _problems(self, chain: str | None, published: str | None) -> int:
        count = 0
        for problem in verifying.verify(chain):
            self.stdout.write(self.style.ERROR(str(problem)))
            count += 1
        if published and not Seal.objects.filter(root=published.lower()).exists():
            self.stdout.write(self.style.ERROR(f"ledger.seal: none has the published root {published}"))
            count += 1
        return count

    def _erasures(self, chain: str | None, *, each: bool) -> None:
        """Erasing is lawful and leaves the record whole; that it happened is said every time."""
        if each:
            for text in verifying.erased(chain).select_related("event", "erased_by").iterator():
                self.stdout.write(f"{text.event} “{text.field}” was erased by {text.erased_by}")
        by = verifying.erasures(chain)
        told = [f"{event} ({texts})" for event, texts in by[:SHOWN]]
        told += [f"{len(by) - SHOWN} more"] if len(by) > SHOWN else []
        total = sum(texts for _, texts in by)
        self.stdout.write(f"Erased texts: {total}, by {', '.join(told)}." if by else "Erased texts: none.")

    def _last_seal(self) -> None:
        if seal := Seal.objects.order_by("-pk").first():
            self.stdout.write(f"Last seal: #{seal.pk} of {localdate(seal.at)}, root {seal.root}.")
