"""Following a case, by hand or by taking part."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from notifications import subscriptions
from notifications.models import Subscription
from people.models import User
from tests import build
from tests.notifications import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return build.person("甲")


def test_followed_twice_is_followed_once(person: User) -> None:
    subscriptions.add(person, stage.CHAIN)
    subscriptions.add(person, stage.CHAIN)
    assert subscriptions.of(stage.CHAIN) == [person.pk]


def test_a_chain_has_its_own_followers(person: User) -> None:
    subscriptions.add(build.person("乙"), "story:2")
    subscriptions.add(person, stage.CHAIN)
    assert subscriptions.of(stage.CHAIN) == [person.pk]
    subscriptions.remove(person, "story:2")
    assert subscriptions.follows(person, stage.CHAIN)


def test_visitors_follow_nothing() -> None:
    assert subscriptions.follows(AnonymousUser(), stage.CHAIN) is False


def test_the_button_follows_and_leaves_and_returns_to_the_case(client: Client, person: User) -> None:
    door = build.sign_in(client, person)
    answer = door.post("/follow/", {"chain": stage.CHAIN, "following": "1"})
    assert (answer.status_code, answer["Location"], subscriptions.of(stage.CHAIN)) == (302, "/stories/1/", [person.pk])
    door.post("/follow/", {"chain": stage.CHAIN})
    assert subscriptions.of(stage.CHAIN) == []


def test_the_button_answers_htmx_with_itself(client: Client, person: User) -> None:
    answer = build.sign_in(client, person).post(
        "/follow/", {"chain": stage.CHAIN, "following": "1"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert (answer.status_code, page.count('aria-pressed="true"'), page.count('name="following"')) == (200, 1, 0)


@pytest.mark.parametrize("chain", ["", "story", "case:unknown", "person:1", "story:\0", "story:" + "1" * 60])
def test_what_nobody_can_name_is_not_found(client: Client, person: User, chain: str) -> None:
    answer = build.sign_in(client, person).post("/follow/", {"chain": chain, "following": "1"})
    assert (answer.status_code, Subscription.objects.count()) == (404, 0)
