"""The live room through a real server: who hears what, what a returning client gets, and what closes a socket."""

import asyncio
import json
import uuid
from contextlib import asynccontextmanager

import pytest
import websockets
from django.conf import settings
from django.db import connection
from django.test import Client
from websockets.asyncio.client import connect

from adapters import live
from deliberation import discussion
from deliberation.models import Post, ReadMark
from ledger import following, recording
from ledger.models import Visibility
from tests import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # of sockets that were cut off
]


class Visitor:
    """A browser's end: posts by number as they came, and every other message."""

    def __init__(self, socket):
        self.socket, self.posts, self.others = socket, [], []

    async def hear(self):
        heard = json.loads(await asyncio.wait_for(self.socket.recv(), 10))
        for message in heard if isinstance(heard, list) else [heard]:
            if message["type"] == "post":
                self.posts.append(message["number"])
            else:
                self.others.append(message)

    async def hear_until(self, type_, **expected):
        while not any(m["type"] == type_ and expected.items() <= m.items() for m in self.others):
            await self.hear()
        return next(m for m in self.others if m["type"] == type_ and expected.items() <= m.items())

    async def hear_post(self, number):
        while number not in self.posts:
            await self.hear()

    async def tell(self, message):
        await self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def say(self, text, **more):
        key = more.pop("key", str(uuid.uuid4()))
        await self.tell({"type": "say", "text": text, "key": key} | more)
        return key

    async def closed_with(self):
        try:
            while True:
                await asyncio.wait_for(self.socket.recv(), 10)
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code


@asynccontextmanager
async def visit(port, path, user=None, origin="http://localhost", **options):
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={await act(session_of, user)}"} if user else {}
    async with connect(f"ws://127.0.0.1:{port}{path}", origin=origin, additional_headers=headers, **options) as socket:
        yield Visitor(socket)


async def act(function, *args, **named):
    """What another request does meanwhile, in a thread with a connection of its own."""

    def acted():
        try:
            return function(*args, **named)
        finally:
            connection.close()

    return await asyncio.to_thread(acted)


def session_of(user):
    browser = Client()
    browser.force_login(user)
    return browser.session.session_key


def in_room(thread, since=0):
    return f"/ws/talk/{thread.pk}/?lang=en&since={since}"


def test_two_neighbours_see_each_others_posts(server, thread, yard):
    zhu, li = build.person("竹筠", yard), build.person("四栋李", yard)

    async def story():
        async with visit(server, in_room(thread), zhu) as first, visit(server, in_room(thread), li) as second:
            key = await first.say("东移，我没有意见。")
            stored = await first.hear_until("stored")
            assert (stored["key"], stored["number"]) == (key, 1)
            await second.hear_post(1)
            await second.say("少 4 个位。", reply_to=1)
            await first.hear_post(2)
            await first.hear_until("here", count=2)

    asyncio.run(story())
    assert list(Post.objects.values_list("number", "author", "reply_to__number")) == [
        (1, zhu.pk, None),
        (2, li.pk, 1),
    ]


def test_a_plain_post_is_seen_live(server, thread, neighbour):

    async def story():
        async with visit(server, in_room(thread)) as guest:
            await guest.hear_until("since")
            await act(discussion.say, thread, by=neighbour, text="从网页来", at=build.AT)
            await guest.hear_post(1)

    asyncio.run(story())


def test_who_comes_back_gets_exactly_what_was_missed(server, thread, neighbour):
    for number in range(1, 8):
        discussion.say(thread, by=neighbour, text=f"第 {number} 句", at=build.AT)

    async def story():
        async with visit(server, in_room(thread, since=4)) as guest:
            await guest.hear_until("since", last=7, open=True)
            assert guest.posts == [5, 6, 7]

    asyncio.run(story())


def test_who_was_away_for_long_asks_on_until_nothing_is_missing(server, thread, neighbour):
    for number in range(1, 121):
        discussion.say(thread, by=neighbour, text=f"第 {number} 句", at=build.AT)

    async def story():
        async with visit(server, in_room(thread)) as guest:
            while not guest.posts or guest.posts[-1] < 120:
                await guest.hear()
                if guest.posts[-1] < 120:
                    await guest.tell({"type": "since", "number": guest.posts[-1]})
            assert guest.posts == list(range(1, 121))

    asyncio.run(story())


def test_a_reader_in_another_language_gets_that_language(server, thread, yard):
    async def story():
        async with (
            visit(server, f"/ws/talk/{thread.pk}/?lang=en") as english,
            visit(server, f"/ws/talk/{thread.pk}/?lang=xx") as default,
        ):
            await english.hear_until("since")
            await default.hear_until("since")
            live.publish(thread.room_in("en"), {"type": "post", "number": 1, "html": "Reply"})
            live.publish(thread.room_in(settings.LANGUAGE_CODE), {"type": "post", "number": 2, "html": "回复"})
            await english.hear_post(1)
            await default.hear_post(2)
            assert (english.posts, default.posts) == ([1], [2])

    asyncio.run(story())


def test_the_same_key_twice_is_one_post(server, thread, neighbour):

    async def story():
        async with visit(server, in_room(thread), neighbour) as first:
            key = await first.say("只说一次")
            await first.hear_until("stored")
        async with visit(server, in_room(thread, since=1), neighbour) as again:
            await again.say("只说一次", key=key)
            assert (await again.hear_until("stored"))["number"] == 1

    asyncio.run(story())
    assert Post.objects.count() == 1


def test_wrong_words_are_answered_and_the_line_stays(server, thread, neighbour):

    async def story():
        async with visit(server, in_room(thread), neighbour) as visitor:
            for text, reply_to in (("", None), ("长" * 501, None), ("好", 99), ({"a": 1}, None), ("\ud800", None)):
                key = await visitor.say(text, reply_to=reply_to)
                assert (await visitor.hear_until("error", key=key))["message"]
            await visitor.say("好的")
            await visitor.hear_until("stored", number=1)

    asyncio.run(story())


def test_a_guest_hears_why_and_nothing_is_stored(server, thread):
    async def story():
        async with visit(server, in_room(thread)) as guest:
            await guest.say("我也说")
            assert (await guest.hear_until("error"))["message"] == "Please sign in to speak. Everybody may read."

    asyncio.run(story())
    assert Post.objects.count() == 0


def test_a_session_that_ended_no_longer_speaks(server, thread, neighbour):

    async def story():
        async with visit(server, in_room(thread), neighbour) as visitor:
            await visitor.hear_until("since")
            await act(type(neighbour).objects.update, is_active=False)
            await visitor.say("还在吗")
            await visitor.hear_until("error")

    asyncio.run(story())
    assert Post.objects.count() == 0


def test_how_far_a_person_read_is_kept_and_never_goes_back(server, thread, neighbour):
    for _ in range(5):
        discussion.say(thread, by=neighbour, text="一句", at=build.AT)

    async def story():
        async with visit(server, in_room(thread), neighbour) as visitor:
            for number in (2, 99, 1):
                await visitor.tell({"type": "read", "number": number})
            await visitor.say("读完了")
            await visitor.hear_until("stored")

    asyncio.run(story())
    assert list(ReadMark.objects.values_list("user", "number")) == [(neighbour.pk, 5)]


def test_a_closed_thread_is_told_to_the_room(server, thread):
    chair = build.person()

    async def story():
        async with visit(server, in_room(thread)) as guest:
            await guest.hear_until("since", open=True)
            await act(discussion.close_thread, thread, chair, build.AT)
            await guest.hear_until("closed")

    asyncio.run(story())


def test_the_room_hears_that_the_case_moved_on(server, thread, neighbour):
    def move():
        recording.record("case.vote_called", chain=thread.chain, subject=thread, by=neighbour, at=build.AT)
        assert following.deliver(build.AT, only="deliberation.announce") == 1

    async def story():
        async with visit(server, in_room(thread)) as guest:
            await guest.hear_until("since")
            await act(move)
            await guest.hear_until("moved")

    asyncio.run(story())


def test_when_a_thread_is_hidden_the_room_is_emptied_and_stays_shut(server, thread, yard):
    neighbour, chair = build.person(courtyard=yard), build.person()
    discussion.say(thread, by=neighbour, text="只有当事人能看", at=build.AT)

    async def story():
        async with visit(server, in_room(thread)) as guest:
            await guest.hear_until("since")
            await act(discussion.show_to, thread, Visibility.PARTIES, chair, build.AT)
            assert await guest.closed_with() == live.READMIT
        async with visit(server, in_room(thread)) as guest:
            assert await guest.closed_with() == live.GONE
        async with visit(server, in_room(thread), neighbour) as party:
            await party.hear_post(1)

    asyncio.run(story())


@pytest.mark.parametrize("path", ["/ws/talk/999/?since=0", "/ws/talk/x/", "/ws/", "/"])
def test_an_unknown_address_is_like_a_room_that_is_not_there(server, thread, path):
    async def story():
        async with visit(server, path) as guest:
            assert await guest.closed_with() == live.GONE

    asyncio.run(story())


def test_a_page_of_another_site_is_not_let_in(server, thread):
    async def story():
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with visit(server, in_room(thread), origin="https://elsewhere.example"):
                pass
        assert refused.value.response.status_code == 403

    asyncio.run(story())


@pytest.mark.parametrize(
    "frame",
    [
        "no json",
        "[1]",
        '{"type": 3}',
        '{"type": "shout"}',
        '{"type": "since", "number": "1"}',
        '{"type": "read", "number": -1}',
        '{"type": "since"}',
        b"bytes",
        json.dumps({"type": "say", "text": "长" * 9000}),
    ],
)
def test_what_is_no_message_closes_the_socket_and_no_other(server, thread, frame):
    async def story():
        async with visit(server, in_room(thread)) as rude, visit(server, in_room(thread)) as other:
            await rude.tell(frame)
            assert await rude.closed_with() == live.BAD_INPUT
            await other.tell({"type": "since", "number": 0})
            await other.hear_until("since")

    asyncio.run(story())


def test_a_flood_closes_the_socket_and_no_other(server, thread, yard):
    async def story():
        async with visit(server, in_room(thread)) as rude, visit(server, in_room(thread)) as other:
            for _ in range(200):
                await rude.tell({"type": "read", "number": 0})
            assert await rude.closed_with() == live.TOO_MANY
            await other.tell({"type": "since", "number": 0})
            await other.hear_until("since")

    asyncio.run(story())
