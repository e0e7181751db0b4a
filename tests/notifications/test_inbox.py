"""The inbox: what waits first, then news; one's own only; as many queries for three thousand as for one."""

import datetime as dt
import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from ledger.models import Event, Text
from notifications import inbox, subscriptions
from notifications.models import Notice
from people.models import User
from tests import build
from tests.notifications import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    person = build.person("甲")
    subscriptions.add(person, stage.CHAIN)
    return person


@pytest.fixture
def door(client: Client, person: User) -> Client:
    return build.sign_in(client, person)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.clock.now", lambda: build.AT + dt.timedelta(hours=1))


def titles(door: Client, address: str = "/inbox/") -> list[str]:
    page = door.get(address).content.decode()
    return [re.sub("<[^>]+>", "", found) for found in re.findall(r'open/">(.*?)</a>\s*</h3>', page)]


def test_what_waits_stands_before_newer_news(door: Client, person: User) -> None:
    stage.tell(to=[person])
    stage.tell(at=build.AT + dt.timedelta(minutes=5))
    assert titles(door) == ["请办：修路灯", "修路灯有进展"]


def test_the_tabs_part_what_waits_from_news(door: Client, person: User) -> None:
    stage.tell(to=[person])
    stage.tell()
    assert titles(door, "/inbox/?tab=todo") == ["请办：修路灯"]
    assert titles(door, "/inbox/?tab=news") == ["修路灯有进展"]


def test_nobody_sees_the_notices_of_others(door: Client) -> None:
    stage.tell("story.served", to=[build.person("乙")])
    assert titles(door) == []


def test_an_act_says_until_when_that_it_was_done_or_that_it_is_too_late(door: Client, person: User) -> None:
    stage.tell(to=[person])
    assert door.get("/inbox/").context["waiting"][0].notice.due_at == stage.UNTIL
    inbox.settle("story:1", user=person, at=build.AT)
    page = door.get("/inbox/")
    assert (page.context["waiting"], page.content.decode().count("已办")) == ([], 1)
    stage.tell(to=[person], until=build.AT + dt.timedelta(minutes=30))
    page = door.get("/inbox/")
    assert (page.context["waiting"], page.content.decode().count("已过期限")) == ([], 1)


def test_done_by_one_person_still_waits_for_the_other(person: User) -> None:
    other = build.person("乙")
    stage.tell(to=[person, other])
    assert inbox.settle("story:1", user=person, at=build.AT) == 1
    assert [notice.user for notice in Notice.objects.to_do(build.AT)] == [other]


def test_done_for_all_waits_for_nobody(person: User) -> None:
    stage.tell(to=[person, build.person("乙")])
    assert inbox.settle("story:1", at=build.AT) == 2
    assert list(Notice.objects.to_do(build.AT)) == []


def test_settling_keeps_what_was_done_and_read_before(person: User) -> None:
    stage.tell(to=[person])
    inbox.mark_all_read(person, at=build.AT)
    inbox.settle("story:1", user=person, at=build.AT + dt.timedelta(hours=1))
    inbox.settle("story:1", user=person, at=build.AT + dt.timedelta(hours=2))
    notice = Notice.objects.get()
    assert (notice.read_at, notice.done_at) == (build.AT, build.AT + dt.timedelta(hours=1))


def test_opening_marks_it_read_and_leads_to_the_matter(door: Client, person: User) -> None:
    stage.tell(to=[person])
    stage.tell()
    notice = Notice.objects.get(kind="story.asked")
    answer = door.get(f"/inbox/{notice.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/stories/1/act/")
    assert [unread.kind for unread in Notice.objects.unread()] == ["story.told"]


def test_foreign_and_unknown_notices_are_not_found_and_stay_unread(door: Client) -> None:
    stage.tell("story.served", to=[build.person("乙")])
    foreign = Notice.objects.get()
    answers = [door.get(f"/inbox/{pk}/open/") for pk in (foreign.pk, foreign.pk + 1)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Notice.objects.unread().count() == 1


def test_marking_all_read_leaves_those_of_others(door: Client, person: User) -> None:
    other = build.person("乙")
    stage.tell(to=[person, other])
    door.post("/inbox/read/")
    assert [notice.user for notice in Notice.objects.unread()] == [other]


def test_marking_all_read_needs_a_post(door: Client, person: User) -> None:
    stage.tell(to=[person])
    assert (door.get("/inbox/read/").status_code, Notice.objects.unread().count()) == (405, 1)


@pytest.mark.parametrize("address", ["/inbox/", "/inbox/1/open/", "/inbox/unread/", "/me/notices/"])
def test_visitors_are_led_to_the_log_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, unquote(answer["Location"]).partition("next=")[2]) == (302, address)


def test_erased_words_are_gone_from_the_notice(door: Client) -> None:
    event = stage.tell(text="某某说的话")
    assert door.get("/inbox/").content.decode().count("某某说的话") == 1
    eraser = Event.objects.exclude(pk=event.pk).first() or event
    Text.objects.update(salt="", text="", erased_by=eraser)
    assert door.get("/inbox/").content.decode().count("某某说的话") == 0


def test_words_of_people_are_escaped(door: Client) -> None:
    stage.tell(text="<script>alert(1)</script>")
    assert door.get("/inbox/").content.decode().count("&lt;script&gt;alert(1)&lt;/script&gt;") == 1


def test_a_kind_that_is_no_longer_known_still_opens_the_page(door: Client) -> None:
    stage.tell()
    Notice.objects.update(kind="story.forgotten")
    assert titles(door) == ["修路灯"]


def test_pages_hold_twenty_and_lead_on(door: Client, person: User) -> None:
    many(person, 45)
    sizes = [len(titles(door, f"/inbox/?page={page}")) for page in (1, 2, 3)]
    assert sizes == [20, 20, 5]
    assert [len(titles(door, f"/inbox/?page={page}")) for page in ("x", "99", "\0")] == [20, 5, 20]


def test_queries_do_not_grow_with_the_inbox(door: Client, person: User, django_assert_max_num_queries: Any) -> None:
    counts = []
    for total in (1, 30, 3000):
        many(person, total - Notice.objects.count())
        with django_assert_max_num_queries(12) as queries:
            assert len(titles(door)) == min(total, 20)
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def many(person: User, more: int) -> None:
    events = [stage.happen(text=f"第 {number} 句") for number in range(min(more, 30))]
    while len(events) < more:
        events += [Event(**_fields(event, len(events) + place)) for place, event in enumerate(events)]
    fresh = [event for event in events[:more] if event.pk is None]
    Event.objects.bulk_create(fresh, batch_size=500)
    Notice.objects.bulk_create(
        [Notice(user=person, event=event, kind="story.told", url="/", at=event.at) for event in events[:more]]
    )


def _fields(event: Event, number: int) -> dict[str, Any]:
    kept = {name: getattr(event, name) for name in ("chain_id", "kind", "subject_type", "subject_id", "actor", "at")}
    return kept | {"visibility": event.visibility, "number": number + 10_000, "payload": event.payload}
