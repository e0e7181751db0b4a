"""The room as a page: what is read first, what works without JavaScript, and what nobody else gets to see."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deliberation import discussion, reading
from deliberation.models import Post, ReadMark, Thread
from ledger.models import Visibility
from people.roles import RoleKey
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.deliberation.urls")]
SECRET = "三单元王某欠费"


@pytest.fixture(autouse=True)
def _english_pages(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def talk(thread, by, count, at=build.AT):
    return [discussion.say(thread, by=by, text=f"第 {n} 句", at=at) for n in range(1, count + 1)]


def many(thread, by, count, at=build.AT):
    """Rows only: what a list costs does not depend on how its rows came to be."""
    Post.objects.bulk_create(
        Post(thread=thread, number=n, author=by, author_ref="a" * 64, text=f"第 {n} 句", at=at)
        for n in range(1, count + 1)
    )
    Thread.objects.filter(pk=thread.pk).update(last_number=count)


def room(thread):
    return f"/room/{thread.pk}/"


def numbers(response):
    return [int(found) for found in re.findall(r'data-number="(\d+)"', response.content.decode())]


def send(client, thread, **data):
    return client.post(f"/talk/{thread.pk}/say/", {"next": room(thread), "key": str(uuid.uuid4())} | data)


def test_posts_stand_in_order_with_who_spoke(client, thread, yard, neighbour, at):
    first = discussion.say(thread, by=neighbour, text="东移 4 米<script>", at=at)
    chair = build.staff("陈主任", build.body(yard), RoleKey.CHAIR)
    discussion.say(thread, by=chair, text="两种方案都可行。", at=at, reply_to=first)
    page = client.get(room(thread)).content.decode()
    assert numbers(client.get(room(thread))) == [1, 2]
    assert "东移 4 米&lt;script&gt;</div>" in page
    assert "东移 4 米<script>" not in page
    assert page.count("data-official") == 1
    assert 'role="log" aria-live="off"' in page


def test_a_plain_post_is_stored_and_leads_back_to_it(client, thread, neighbour):
    client.force_login(neighbour)
    answer = send(client, thread, text="  东移，我没有意见。\r\n隔墙也行。 ")
    assert (answer.status_code, answer.url) == (302, f"/room/{thread.pk}/#post-1")
    assert Post.objects.get().text == "东移，我没有意见。\n隔墙也行。"


def test_pressing_the_button_twice_stores_one_post(client, thread, neighbour):
    client.force_login(neighbour)
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', client.get(room(thread)).content.decode())[1]
    answers = [send(client, thread, text="只此一次", key=key).url for _ in range(2)]
    assert (answers, Post.objects.count()) == ([f"/room/{thread.pk}/#post-1"] * 2, 1)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"text": "  "}, "Please write something first."),
        ({"text": "长" * 501}, "Please say it in at most 500 characters; it has 501 now."),
        ({"text": "好", "reply_to": "99"}, "The post that you answer is not here."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, thread, neighbour, data, complaint):
    client.force_login(neighbour)
    answer = client.post(f"/talk/{thread.pk}/say/", {"next": room(thread)} | data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert complaint in page
    assert data["text"].strip() in page
    assert f'name="next" value="{room(thread)}"' in page
    assert Post.objects.count() == 0


def test_who_may_not_speak_reads_why_and_keeps_the_words(client, thread, neighbour, at):
    client.force_login(neighbour)
    discussion.close_thread(thread, by=neighbour, at=at)
    answer = client.post(f"/talk/{thread.pk}/say/", {"next": room(thread), "text": "还来得及吗"})
    assert answer.status_code == 403
    assert "This discussion is closed. What was said stays here to read." in answer.content.decode()
    assert "还来得及吗" in answer.content.decode()


def test_a_guest_is_led_to_sign_in_and_gets_no_form(client, thread):
    page = client.get(room(thread)).content.decode()
    assert "Please sign in to speak. Everybody may read." in page
    assert f"?next=%2Froom%2F{thread.pk}%2F" in page
    assert "<textarea" not in page


def test_a_reply_works_by_a_plain_link(client, thread, neighbour):
    talk(thread, neighbour, 2)
    client.force_login(neighbour)
    page = client.get(room(thread) + "?reply=1").content.decode()
    assert '<input type="hidden" name="reply_to" value="1"' in page
    send(client, thread, text="回您", reply_to="1")
    assert Post.objects.get(number=3).reply_to.number == 1


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "", "javascript:alert(1)"])
def test_the_way_back_never_leads_to_another_site(client, thread, neighbour, wanted):
    client.force_login(neighbour)
    assert send(client, thread, text="好", next=wanted).url == "/#post-1"


def test_the_line_stands_where_one_stopped_reading(client, thread, yard, neighbour):
    talk(thread, neighbour, 3)
    reader = build.person("读者", yard)
    client.force_login(reader)
    assert "y-unread" not in client.get(room(thread)).content.decode()
    talk(thread, neighbour, 2)
    page = client.get(room(thread)).content.decode()
    assert "2 new posts since you left" in page
    assert page.index('data-number="3"') < page.index('id="unread"') < page.index('data-number="4"')
    assert "y-unread" not in client.get(room(thread)).content.decode()


def test_ones_own_post_is_not_new_to_oneself(client, thread, neighbour):
    talk(thread, neighbour, 3)
    client.force_login(neighbour)
    client.get(room(thread))
    send(client, thread, text="我说的")
    assert "y-unread" not in client.get(room(thread)).content.decode()


def test_a_guest_leaves_no_trace(client, thread, neighbour):
    talk(thread, neighbour, 1)
    client.get(room(thread))
    assert ReadMark.objects.count() == 0


def test_a_long_thread_opens_with_the_newest_and_pages_back(client, thread, neighbour):
    many(thread, neighbour, 3 * reading.PAGE - 20)
    page = client.get(room(thread))
    assert numbers(page) == list(range(81, 131))
    assert "?before=81" in page.content.decode()
    assert numbers(client.get(room(thread) + "?before=81")) == list(range(31, 81))
    fragment = client.get(f"/talk/{thread.pk}/before/31/")
    assert numbers(fragment) == list(range(1, 31))
    assert [mark for mark in ("<html", "data-earlier") if mark in fragment.content.decode()] == []


@pytest.mark.parametrize("query", ["before=x", "before=0", "before=99999999999", "reply=x", "reply=77", "before=²"])
def test_a_made_up_query_shows_the_room(client, thread, neighbour, query):
    talk(thread, neighbour, 2)
    client.force_login(neighbour)
    assert numbers(client.get(f"{room(thread)}?{query}")) == [1, 2]


def test_what_came_after_a_number_has_no_gap(client, thread, neighbour):
    many(thread, neighbour, 120)
    got, number = [], 3
    while messages := client.get(f"/talk/{thread.pk}/since/{number}/").json()["messages"]:
        got += [message["number"] for message in messages]
        number = got[-1]
    assert got == list(range(4, 121))


def test_polling_brings_the_fragment_of_the_page(client, thread, neighbour):
    talk(thread, neighbour, 1)
    answer = client.get(f"/talk/{thread.pk}/since/0/").json()
    assert (answer["last"], answer["open"]) == (1, True)
    assert answer["messages"][0]["html"].strip() in client.get(room(thread)).content.decode()


def test_a_script_gets_the_answers_of_the_socket(client, thread, neighbour):
    client.force_login(neighbour)
    key, accept = str(uuid.uuid4()), {"accept": "application/json"}
    address = f"/talk/{thread.pk}/say/"
    stored = client.post(address, {"text": "好", "key": key}, headers=accept)
    refused = client.post(address, {"text": " ", "key": key}, headers=accept)
    assert (stored.status_code, stored.json()) == (
        200,
        {"type": "stored", "key": key, "number": 1, "author": Post.objects.get().author_ref},
    )
    assert (refused.status_code, refused.json()) == (
        422,
        {"type": "error", "key": key, "message": "Please write something first."},
    )


@pytest.mark.parametrize("visibility", [Visibility.PARTIES, Visibility.STAFF, Visibility.SEALED])
def test_a_hidden_thread_is_not_there_for_outsiders(client, thread, yard, neighbour, visibility):
    discussion.say(thread, by=neighbour, text=SECRET, at=build.AT)
    discussion.show_to(thread, visibility, by=neighbour, at=build.AT)
    client.force_login(build.person("邻居", yard))
    pages = [client.get(room(thread)), send(client, thread, text="看看")]
    pages += [client.get(f"/talk/{thread.pk}/{door}/") for door in ("since/0", "before/9")]
    assert [page.status_code for page in pages] == [404] * 4
    assert [page for page in pages if SECRET in page.content.decode()] == []


def test_an_officer_reads_what_is_for_staff(client, thread, yard, neighbour):
    discussion.say(thread, by=neighbour, text=SECRET, at=build.AT)
    discussion.show_to(thread, Visibility.STAFF, by=neighbour, at=build.AT)
    build.sign_in(client, build.staff("组长", build.body(yard), RoleKey.CHAIR))
    assert SECRET in client.get(room(thread)).content.decode()


def test_a_closed_account_and_an_erased_post_stay_as_such(client, thread, yard, neighbour):
    leaves = build.person("将要离开", yard)
    talk(thread, leaves, 1)
    talk(thread, neighbour, 1)
    leaves.delete()
    Post.objects.filter(number=2).update(text="")
    page = client.get(room(thread)).content.decode()
    assert "Closed account" in page
    assert "将要离开" not in page
    assert "The words of this post were erased" in page


def cost(address, by=None):
    """How many queries an address costs a guest, or a person who knows the room already."""
    client = Client()
    if by:
        client.force_login(by)
        client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_room_costs_the_same_at_1_30_and_3000_posts(thread, neighbour):
    counts = []
    for posts in (1, 30, 3000):
        Post.objects.all().delete()
        ReadMark.objects.all().delete()
        many(thread, neighbour, posts)
        since = f"/talk/{thread.pk}/since/0/"
        counts.append((cost(room(thread)), cost(room(thread), by=neighbour), cost(since), cost(since, by=neighbour)))
    assert counts == [counts[0]] * 3
    assert max(counts[0]) <= 12


def test_a_post_costs_at_most_15_queries(client, thread, neighbour):
    client.force_login(neighbour)
    send(client, thread, text="第一句")
    with CaptureQueriesContext(connection) as queries:
        send(client, thread, text="第二句")
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 15, "\n".join(statements)
