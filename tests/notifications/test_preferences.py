"""What a person is told by mail is their own word, and stays it."""

import pytest
from django.test import Client

from notifications import preferences
from notifications.kinds import Group
from notifications.models import Channel
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.notifications import stage

pytestmark = pytest.mark.django_db
ALL_ON = dict.fromkeys(Group, True)


@pytest.fixture
def person() -> User:
    return build.person("甲", email="a@example.org")


def test_before_a_word_all_groups_are_on(person: User) -> None:
    assert preferences.of(person, Channel.EMAIL) == ALL_ON


def test_a_group_that_was_switched_off_stays_off(client: Client, person: User) -> None:
    door = build.sign_in(client, person)
    answer = door.post("/me/notices/", {"act": "on", "account": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/me/notices/")
    assert preferences.of(person, Channel.EMAIL) == ALL_ON | {Group.CASES: False}
    assert list(preferences.wanting([person.pk], stage.TOLD, Channel.EMAIL)) == []


def test_the_choice_of_one_is_not_that_of_another(person: User) -> None:
    other = build.person("乙")
    preferences.choose(other, Channel.EMAIL, {Group.CASES: False})
    assert preferences.wanting([person.pk, other.pk], stage.TOLD, Channel.EMAIL) == {person.pk}


def test_what_must_be_served_goes_to_all(person: User) -> None:
    preferences.choose(person, Channel.EMAIL, dict.fromkeys(Group, False))
    assert preferences.wanting([person.pk], stage.SERVED, Channel.EMAIL) == {person.pk}


def test_the_page_shows_the_choice_and_why_some_cannot_be_switched_off(client: Client, person: User) -> None:
    preferences.choose(person, Channel.EMAIL, {Group.CASES: False})
    page = build.sign_in(client, person).get("/me/notices/").content.decode()
    assert [page.count(f'name="{group}" checked') for group in ("act", "cases", "account")] == [1, 0, 1]
    assert page.count("这一类总会发出。 这份文件必须送达给您。") == 1


def test_groups_of_an_office_are_for_those_who_hold_one(client: Client, person: User) -> None:
    shown = [build.sign_in(client, person).get("/me/notices/").content.decode().count('name="desk"')]
    worker = build.staff("乙", build.body(build.community()), RoleKey.GRID_WORKER)
    shown.append(build.sign_in(client, worker).get("/me/notices/").content.decode().count('name="desk"'))
    assert shown == [0, 1]
