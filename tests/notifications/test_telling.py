"""From an event to notices: to the right people, once."""

import threading

import pytest
from django.db import connection

from ledger import following
from ledger.models import Delivery, DeliveryState
from notifications import subscriptions
from notifications.models import Notice, Outgoing
from people.models import User
from tests import build
from tests.notifications import stage

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("user__name").values_list("user__name", "kind"))


def test_recipients_are_told_and_nobody_else() -> None:
    build.person("丁")
    stage.tell(to=[build.person("甲"), build.person("乙")])
    assert told() == [("乙", "story.asked"), ("甲", "story.asked")]


def test_whoever_is_asked_is_not_told_as_news_too() -> None:
    person = build.person("甲")
    subscriptions.add(person, stage.CHAIN)
    stage.tell(to=[person])
    assert told() == [("甲", "story.asked")]


def test_the_actor_hears_no_news_of_the_own_act() -> None:
    actor, other = build.person("甲"), build.person("乙")
    subscriptions.add(actor, stage.CHAIN)
    subscriptions.add(other, stage.CHAIN)
    stage.tell(by=actor)
    assert told() == [("乙", "story.told")]


def test_the_actor_is_asked_like_everybody() -> None:
    actor = build.person("甲")
    stage.tell(by=actor, to=[actor])
    assert told() == [("甲", "story.asked")]


def test_closed_accounts_are_told_nothing() -> None:
    stage.tell(to=[build.person("甲", closed_at=build.AT), build.person("乙", is_active=False)])
    assert told() == []


def test_a_notice_keeps_when_where_and_until_when() -> None:
    stage.tell(to=[build.person("甲")])
    notice = Notice.objects.get()
    assert (notice.at, notice.url, notice.act_key, notice.due_at, notice.read_at, notice.done_at) == (
        build.AT,
        "/stories/1/act/",
        "story:1",
        stage.UNTIL,
        None,
        None,
    )


def test_an_event_delivered_again_tells_nobody_twice() -> None:
    stage.tell(to=[build.person("甲", email="a@example.org"), build.person("乙")])
    Delivery.objects.update(state=DeliveryState.PENDING)
    following.drain(build.AT)
    assert (Notice.objects.count(), Outgoing.objects.count()) == (2, 1)


def test_mail_waits_for_those_who_have_an_address() -> None:
    stage.tell(to=[build.person("甲", email="a@example.org"), build.person("乙")])
    rows = Outgoing.objects.values_list("notice__user__name", "channel", "state", "attempts", "next_at")
    assert list(rows) == [("甲", "email", "pending", 0, build.AT)]


def test_three_thousand_are_told_with_as_many_statements_for_each_batch(django_assert_max_num_queries) -> None:
    people = [User(name=f"居民{number}", joined_at=build.AT) for number in range(3000)]
    stage.happen(to=User.objects.bulk_create(people))
    with django_assert_max_num_queries(80):
        following.drain(build.AT)
    assert Notice.objects.count() == 3000


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_tell_each_person_once() -> None:
    people = [build.person(f"居民{number}", email=f"p{number}@example.org") for number in range(3)]
    for _ in range(5):
        stage.happen(to=people)
    start = threading.Barrier(2)

    def deliver() -> None:
        start.wait()
        try:
            following.drain(build.AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    following.drain(build.AT + following.LEASE)
    assert (Notice.objects.count(), Outgoing.objects.count()) == (15, 15)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}
