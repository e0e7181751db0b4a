"""A process to be killed: it records and rolls back in a loop while the embedded deliverer hands over what it recorded.

`python -m tests.ledger.mortal live LIFE FILE` runs until it is killed; `… finish LIFE FILE` delivers what is left and
prints what the database holds. The database is that of the environment, FILE that of the batch follower.
"""

import itertools
import json
import random
import sys
import time
from pathlib import Path

import django
from django.conf import settings

import config.settings as house

settings.configure(
    INSTALLED_APPS=["ledger"],
    DATABASES=house.DATABASES,
    DEFAULT_AUTO_FIELD=house.DEFAULT_AUTO_FIELD,
    USE_TZ=True,
    DEMO=False,
)
django.setup()

from django.apps import apps  # noqa: E402 - after setup, as in every program without manage.py
from django.db import connection, transaction  # noqa: E402

from adapters import clock  # noqa: E402
from config import background  # noqa: E402
from ledger import following, recording, verifying  # noqa: E402
from ledger.actors import SYSTEM  # noqa: E402
from ledger.models import Chain, Delivery, DeliveryState, Event  # noqa: E402

LUCK = 0.1


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def create_tables():
    if "act" not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            for model in apps.get_app_config("ledger").get_models():
                editor.create_model(model)
        sql("CREATE TABLE effect (event bigint NOT NULL)")
        sql("CREATE TABLE act (n bigint NOT NULL)")


def follow(file, *, luck):
    @following.follow("thing.*", name="effects")
    def act_on(event):
        sql("INSERT INTO effect (event) VALUES (%s)", event.pk)
        time.sleep(0.001)
        if random.random() < luck:
            raise RuntimeError("bad luck")

    @following.follow_batches("thing.*", name="file")
    def write_down(events):
        with file.open("a") as lines:
            for event in events:
                lines.write(f"{event.pk}\n")
                lines.flush()


def live(life):
    background.SWEEPS.clear()
    background.Background().start()
    left = Delivery.objects.filter(state=DeliveryState.PENDING).count()
    print(left, flush=True)
    for n in itertools.count(life * 1_000_000):
        try:
            act(n)
        except LookupError:
            pass
        time.sleep(0.002)


@transaction.atomic
def act(n):
    """Every fourth is undone after its event was recorded."""
    sql("INSERT INTO act (n) VALUES (%s)", n)
    recording.record("thing.done", chain=f"case:{n % 3}", subject=Chain(pk="x"), by=SYSTEM, at=clock.now(), n=n)
    if n % 4 == 3:
        raise LookupError


def finish():
    following.drain(clock.now() + following.PAUSES[-1])
    report = {
        "acts": sql("SELECT n FROM act"),
        "events": {event.pk: event.payload["n"] for event in Event.objects.all()},
        "effects": sql("SELECT event FROM effect"),
        "waiting": Delivery.objects.exclude(state=DeliveryState.DONE).count(),
        "problems": [str(problem) for problem in verifying.verify()],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    mode, life, file = sys.argv[1:]
    create_tables()
    follow(Path(file), luck=LUCK if mode == "live" else 0)
    live(int(life)) if mode == "live" else finish()
