"""Saying something: numbers without a gap, once for each key, and never without a verdict."""

import threading
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from deliberation import discussion
from deliberation.models import Post, Thread
from ledger.models import Event, Text, Visibility
from people.roles import RoleKey
from people.verdict import Refused
from tests import build

pytestmark = pytest.mark.django_db


def test_posts_are_numbered_from_one(thread, yard, at):
    neighbour = build.person(courtyard=yard)
    said = [discussion.say(thread, by=neighbour, text=text, at=at) for text in ("第一", "第二", "第三")]
    assert [(post.number, post.text) for post in said] == [(1, "第一"), (2, "第二"), (3, "第三")]
    assert Thread.objects.get().last_number == 3


def test_a_post_is_recorded_as_a_commitment(thread, yard, at):
    neighbour = build.person(courtyard=yard)
    first = discussion.say(thread, by=neighbour, text="东移 4 米。", at=at)
    second = discussion.say(thread, by=neighbour, text="隔墙两米二。", at=at, reply_to=first)
    event = Event.objects.get(kind="post.added", subject_id=str(second.pk))
    assert event.payload == {"thread": thread.pk, "number": 2, "reply_to": 1}
    assert event.actor == second.author_ref
    assert Text.objects.get(event=event, field="text").text == "隔墙两米二。"


def test_the_same_key_stores_one_post(thread, yard, at):
    neighbour, key = build.person(courtyard=yard), uuid.uuid4()
    first = discussion.say(thread, by=neighbour, text="同意", at=at, key=key)
    again = discussion.say(thread, by=neighbour, text=" 同意 ", at=at, key=key)
    assert (again.pk, Post.objects.count()) == (first.pk, 1)


def test_a_stored_post_is_found_again_after_the_thread_was_closed(thread, yard, at):
    neighbour, key = build.person(courtyard=yard), uuid.uuid4()
    first = discussion.say(thread, by=neighbour, text="同意", at=at, key=key)
    discussion.close_thread(thread, by=neighbour, at=at)
    assert discussion.say(thread, by=neighbour, text="同意", at=at, key=key) == first


def test_an_old_key_swallows_no_new_words(thread, yard, at):
    neighbour, key = build.person(courtyard=yard), uuid.uuid4()
    discussion.say(thread, by=neighbour, text="同意", at=at, key=key)
    discussion.say(thread, by=neighbour, text="再想想，不同意", at=at, key=key)
    assert list(Post.objects.values_list("text", flat=True)) == ["同意", "再想想，不同意"]


def test_a_key_belongs_to_its_author(thread, yard, at):
    key = uuid.uuid4()
    for name in ("竹筠", "老槐树下"):
        discussion.say(thread, by=build.person(name, yard), text="同意", at=at, key=key)
    assert Post.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 501])
def test_a_post_has_1_to_500_characters(thread, yard, at, text):
    with pytest.raises(ValueError):
        discussion.say(thread, by=build.person(courtyard=yard), text=text, at=at)


def test_a_closed_thread_refuses_and_a_reopened_one_takes_again(thread, yard, at):
    neighbour = build.person(courtyard=yard)
    discussion.close_thread(thread, by=neighbour, at=at)
    with pytest.raises(Refused) as refused:
        discussion.say(thread, by=neighbour, text="还来得及吗", at=at)
    assert str(refused.value.verdict.reason) == "This discussion is closed. What was said stays here to read."
    discussion.reopen_thread(thread, by=neighbour, at=at)
    assert discussion.say(thread, by=neighbour, text="来得及", at=at).number == 1


def test_nobody_speaks_without_signing_in_or_a_phone(thread, at):
    stranger = build.person(phone="")
    stranger.phone_verified = False
    reasons = []
    for who in (AnonymousUser(), stranger):
        with pytest.raises(Refused) as refused:
            discussion.say(thread, by=who, text="我说", at=at)
        reasons.append(str(refused.value.verdict.reason))
    assert reasons == [
        "Please sign in to speak. Everybody may read.",
        "Please confirm your phone number on your page first: whoever speaks here can be reached.",
    ]


def test_a_guest_with_a_phone_may_speak_and_names_no_home(thread, at):
    post = discussion.say(thread, by=build.person("过路人"), text="路过看到", at=at)
    assert (post.speaker, post.building, post.home, post.office) == ("过路人", "", "", "")


def test_a_neighbour_shows_the_building_and_nothing_nearer(thread, yard, at):
    post = discussion.say(thread, by=build.person("竹筠", yard, "2-501", building="3"), text="我住这里", at=at)
    assert (post.building, post.home) == ("3", "")


def test_in_a_wider_thread_a_neighbour_shows_the_courtyard_only(yard, at):
    wide = discussion.open_thread(chain="case:" + "b" * 32, area=build.community(), by=build.person(), at=at)
    post = discussion.say(wide, by=build.person("竹筠", yard), text="我们院子也要", at=at)
    assert (post.building, post.home) == ("", "槐荫里")


def test_an_office_of_the_lineage_speaks_as_that_office(thread, yard, at):
    chair = build.staff("陈主任", build.body(build.street()), RoleKey.CHAIR)
    post = discussion.say(thread, by=chair, text="两种方案都可行。", at=at)
    assert (post.speaker, post.office_role) == ("抚琴街道议事小组", RoleKey.CHAIR)


def test_an_office_elsewhere_or_without_second_factor_speaks_as_a_person(thread, at):
    elsewhere = build.courtyard("别院", within=build.community("别社区"))
    chair = build.staff("别院组长", build.body(elsewhere), RoleKey.CHAIR)
    unproved = build.staff("未验证", build.body(thread.area), RoleKey.CHAIR)
    unproved.second_factor = False
    posts = [discussion.say(thread, by=who, text="我说", at=at) for who in (chair, unproved)]
    assert [(post.speaker, post.office) for post in posts] == [("别院组长", ""), ("未验证", "")]


def test_a_hidden_thread_takes_words_of_its_parties_and_officers_only(thread, yard, at):
    neighbour, other = build.person("竹筠", yard), build.person("邻居", yard)
    chair = build.staff("组长", build.body(yard), RoleKey.CHAIR)
    discussion.say(thread, by=neighbour, text="只给当事人", at=at)
    discussion.show_to(thread, Visibility.PARTIES, by=chair, at=at)
    assert [discussion.say(thread, by=who, text="知道了", at=at).number for who in (neighbour, chair)] == [2, 3]
    with pytest.raises(Refused) as refused:
        discussion.say(thread, by=other, text="我也看看", at=at)
    assert str(refused.value.verdict.reason) == "There is no such discussion here, or it is not public."


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_a_gap(thread, yard, at):
    people = [build.person(f"邻居{n}", yard) for n in range(6)]
    failures = []

    def talk(person):
        try:
            for n in range(5):
                discussion.say(thread, by=person, text=f"第 {n} 句", at=at)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=talk, args=(person,)) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert sorted(Post.objects.values_list("number", flat=True)) == list(range(1, 31))
    assert Event.objects.filter(kind="post.added").count() == 30


@pytest.mark.django_db(transaction=True)
def test_the_same_post_sent_twice_at_once_is_stored_once(thread, yard, at):
    neighbour, key = build.person(courtyard=yard), uuid.uuid4()
    start, stored = threading.Barrier(4), []

    def send():
        start.wait()
        stored.append(discussion.say(thread, by=neighbour, text="只此一次", at=at, key=key).pk)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(stored), len(set(stored)), Post.objects.count()) == (4, 1, 1)
