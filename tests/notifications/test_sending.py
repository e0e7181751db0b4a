"""Mail goes out once, is tried again when it did not go, and is then shown to the operator."""

import datetime as dt
import subprocess
import sys
import threading
import uuid
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from adapters import clock as adapters_clock
from adapters import mail
from config import dates
from notifications import clock, preferences, sending, subscriptions
from notifications.kinds import Group
from notifications.models import Channel, Notice, Outgoing, OutgoingState
from tests import build
from tests.notifications import stage

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def state() -> list[tuple[str, int]]:
    return list(Outgoing.objects.order_by("pk").values_list("state", "attempts"))


def test_a_letter_says_what_until_when_where_why_and_whom_to_call(settings: Any) -> None:
    settings.SITE_URL, settings.HOTLINE = "https://yuanyi.example", "028-0000-0417"
    stage.tell(to=[build.person("甲", email="a@example.org")])
    clock.sweep(build.AT)
    [letter] = mail.recent(10)
    assert (letter.to, letter.subject) == ("甲 <a@example.org>", "请办：修路灯")
    until = dates.deadline(stage.UNTIL, at=adapters_clock.now())
    assert letter.text.split("\n\n") == [
        "甲，您好：",
        f"请办：修路灯\n{until}截止。",
        f"去办（{until} 前）：\nhttps://yuanyi.example/stories/1/act/",
        "告诉您这件事，是因为您在名册上。\n不想收这么多邮件： https://yuanyi.example/me/notices/\n"
        "有疑问请打 028-0000-0417。\n",
    ]


def test_a_letter_speaks_its_readers_language() -> None:
    stage.tell(to=[build.person("A", email="a@example.org", language="en")])
    clock.sweep(build.AT)
    assert mail.recent(1)[0].text.startswith("Hello A,")


def test_the_subject_names_the_case_where_the_title_does_not() -> None:
    stage.tell("story.served", to=[build.person("甲", email="a@example.org")])
    clock.sweep(build.AT)
    assert mail.recent(1)[0].subject == "决定已作出 · 修路灯"


def test_text_is_plain_and_html_is_escaped(data_dir: Any) -> None:
    stage.tell("story.served", to=[build.person("甲", email="a@example.org")])
    clock.sweep(build.AT)
    source = next((data_dir / "mail").iterdir()).read_text()
    assert (source.count("请看文件 <1>。"), source.count("请看文件 &lt;1&gt;。")) == (1, 1)


def test_what_was_sent_is_not_sent_again() -> None:
    stage.tell(to=[build.person("甲", email="a@example.org")])
    assert [clock.sweep(build.AT), clock.sweep(build.AT + 3 * sending.LEASE)] == [1, 0]
    assert (len(mail.recent(10)), state()) == (1, [("sent", 1)])


def test_who_switched_a_group_off_gets_the_notice_and_no_letter() -> None:
    quiet, loud = build.person("甲", email="a@example.org"), build.person("乙", email="b@example.org")
    preferences.choose(quiet, Channel.EMAIL, {Group.ACT: False})
    stage.tell(to=[quiet, loud])
    clock.sweep(build.AT)
    assert Notice.objects.count() == 2
    assert [letter.to for letter in mail.recent(10)] == ["乙 <b@example.org>"]


def test_switching_off_holds_for_what_is_already_waiting() -> None:
    person = build.person("甲", email="a@example.org")
    stage.tell(to=[person])
    preferences.choose(person, Channel.EMAIL, {Group.ACT: False})
    clock.sweep(build.AT)
    assert (mail.recent(10), state()) == ([], [("unwanted", 1)])


def test_what_must_be_served_is_sent_whatever_was_chosen() -> None:
    person = build.person("甲", email="a@example.org")
    preferences.choose(person, Channel.EMAIL, dict.fromkeys(Group, False))
    subscriptions.add(person, stage.CHAIN)
    stage.tell()
    stage.tell("story.served", to=[person])
    clock.sweep(build.AT)
    assert [letter.subject for letter in mail.recent(10)] == ["决定已作出 · 修路灯"]


def test_a_letter_that_is_not_taken_is_tried_with_growing_pauses_and_then_given_up(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.notifications.stage.Refusing"
    stage.tell(to=[build.person("甲", email="a@example.org")])
    now, waits = build.AT, []
    while Outgoing.objects.due(now).exists():
        clock.sweep(now)
        next_at = Outgoing.objects.get().next_at
        waits.append((next_at - now) / MINUTE)
        now = next_at
        assert Outgoing.objects.due(now - dt.timedelta(seconds=1)).count() == 0
    [failed] = Outgoing.objects.failed()
    assert waits == [1, 5, 30, 120, 360, 1440, 10]
    assert (failed.attempts, failed.error) == (7, "ConnectionRefusedError: nobody listens")


def test_what_was_given_up_can_be_sent_again_under_the_same_key(settings: Any) -> None:
    stage.tell(to=[build.person("甲", email="a@example.org")])
    key = Outgoing.objects.get().key
    Outgoing.objects.update(state=OutgoingState.FAILED, attempts=7, error="nobody listens")
    sending.send_again(build.AT)
    clock.sweep(build.AT)
    assert state() == [("sent", 1)]
    assert mail.recent(1)[0].message_id == f"<{key.hex}@localhost>"


def test_a_broken_way_out_is_left_alone_after_three_misses(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.notifications.stage.Refusing"
    stage.tell(to=[build.person(f"居民{number}", email=f"p{number}@example.org") for number in range(5)])
    clock.sweep(build.AT)
    assert state() == [("pending", 1)] * 3 + [("pending", 0)] * 2


def test_whoever_left_gets_no_letter() -> None:
    person = build.person("甲", email="a@example.org")
    stage.tell(to=[person])
    person.closed_at = build.AT
    person.save()
    clock.sweep(build.AT)
    assert (mail.recent(10), state()) == ([], [("unwanted", 1)])


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_letter_once() -> None:
    stage.tell(to=[build.person(f"居民{number}", email=f"p{number}@example.org") for number in range(10)])
    start = threading.Barrier(2)

    def sweep() -> None:
        start.wait()
        try:
            clock.sweep(build.AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(letter.to for letter in mail.recent(99)) == [f"居民{n} <p{n}@example.org>" for n in range(10)]


DIES = """
import os, signal, datetime, django
django.setup()
from django.conf import settings
from adapters import clock as adapters_clock
from adapters import mail
from config import dates
from notifications import clock
class Dies(mail.FileBackend):
    def send_messages(self, letters):
        super().send_messages(letters)
        os.kill(os.getpid(), signal.SIGKILL)
mail.FileBackend = Dies
settings.DATABASES["default"]["NAME"] = {name!r}
settings.EMAIL_FILE_PATH = {folder!r}
clock.sweep(datetime.datetime.fromisoformat({now!r}))
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_sending_and_noting_repeats_under_the_same_key(data_dir: Any) -> None:
    person = build.person("甲", email="a@example.org")
    notice = Notice.objects.create(
        user=person, event=stage.happen(), kind="residence.verified", url="/me/", at=build.AT
    )
    Outgoing.objects.create(notice=notice, channel=Channel.EMAIL, key=uuid.uuid4(), next_at=build.AT)
    facts = {"name": connection.settings_dict["NAME"], "folder": str(data_dir / "mail"), "now": build.AT.isoformat()}
    connection.close()
    killed = subprocess.run([sys.executable, "-c", DIES.format(**facts)], cwd=django_settings.BASE_DIR)
    assert (killed.returncode, state()) == (-9, [("pending", 1)])
    assert clock.sweep(build.AT + sending.LEASE) == 1
    first, second = mail.recent(10)
    assert (first.message_id, state()) == (second.message_id, [("sent", 2)])
