"""The number at the bell: counted when shown, told when it changes."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from notifications import badge, inbox
from notifications.consumers import PersonConsumer
from tests import build
from tests.notifications import stage


@pytest.mark.django_db
def test_a_page_that_shows_it_counts_once_and_one_that_does_not_never(django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    request.user = build.person("甲")
    stage.tell(to=[request.user, build.person("乙")])
    with django_assert_num_queries(0):
        context = badge.context(request)
    with django_assert_num_queries(1):
        assert (str(context["unread_notices"]), bool(context["unread_notices"])) == ("1", True)


def test_visitors_cost_no_query() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert bool(badge.context(request)["unread_notices"]) is False


@pytest.mark.django_db
def test_the_number_can_be_asked_for(client: Client) -> None:
    person = build.person("甲")
    stage.tell(to=[person, build.person("乙")])
    assert build.sign_in(client, person).get("/inbox/unread/").json() == {"unread": 1}


@pytest.mark.django_db(transaction=True)
async def test_an_open_page_hears_the_number_now_and_when_it_changes() -> None:
    person = await sync_to_async(build.person)("甲")
    other = await sync_to_async(build.person)("乙")
    line = await connect(person)
    heard = [await line.receive_output() for _ in range(2)]
    await sync_to_async(stage.tell)(to=[person, other])
    heard.append(await line.receive_output())
    await sync_to_async(inbox.mark_all_read)(other, at=build.AT)
    await sync_to_async(inbox.settle)("story:1", user=person, at=build.AT)
    heard.append(await line.receive_output())
    assert heard[0]["type"] == "websocket.accept"
    assert [json.loads(frame["text"]) for frame in heard[1:]] == [
        {"type": "badge", "unread": number} for number in (0, 1, 0)
    ]
    assert await line.receive_nothing()
    await line.send_input({"type": "websocket.disconnect", "code": 1000})
    await line.wait()


async def test_visitors_get_no_socket() -> None:
    line = await connect(AnonymousUser())
    answers = [await line.receive_output() for _ in range(2)]
    assert [(answer["type"], answer.get("code")) for answer in answers] == [
        ("websocket.accept", None),
        ("websocket.close", 4404),
    ]


@pytest.mark.django_db(transaction=True)
async def test_what_is_sent_in_closes_the_socket() -> None:
    line = await connect(await sync_to_async(build.person)("甲"))
    for _ in range(2):
        await line.receive_output()
    await line.send_input({"type": "websocket.receive", "text": "{}"})
    assert (await line.receive_output())["code"] == 4400


async def connect(user: Any) -> ApplicationCommunicator:
    scope = {"type": "websocket", "path": "/ws/me/", "headers": [], "subprotocols": [], "user": user}
    line = ApplicationCommunicator(PersonConsumer.as_asgi(), scope)
    await line.send_input({"type": "websocket.connect"})
    return line
