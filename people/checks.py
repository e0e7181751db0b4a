"""What verify checks of an office: a deputy's time is what the events tell."""

from collections.abc import Iterator

from ledger.models import Event
from ledger.verifying import Problem, check

from .deputies import facts
from .models import Appointment


@check("deputies")
def deputies() -> Iterator[Problem]:
    events = Event.objects.filter(kind__in=["office.deputed", "office.recalled"]).order_by("chain_id", "number")
    told = dict(events.values_list("subject_id", "payload"))
    for acting in Appointment.objects.acting().order_by("pk").iterator(chunk_size=2000):
        if told.get(str(acting.pk)) != facts(acting):
            yield Problem(f"people.appointment #{acting.pk}", "is not as its events tell")
