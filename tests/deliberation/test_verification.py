"""`manage.py verify` finds a post that was changed behind the platform's back, and tells erased from altered."""

import pytest
from django.db import connection

from deliberation import discussion
from deliberation.models import Post
from ledger import recording, verifying
from ledger.models import Text
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts(at):
    yard = build.courtyard()
    thread = discussion.open_thread(chain="case:" + "a" * 32, area=yard, by=build.person(), at=at)
    neighbour = build.person("竹筠", yard)
    first = discussion.say(thread, by=neighbour, text="东移 4 米。", at=at)
    return [first, discussion.say(thread, by=neighbour, text="隔墙两米二。", at=at, reply_to=first)]


def problems():
    return [str(problem) for problem in verifying.verify()]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_all_is_as_it_was_said(posts):
    assert problems() == []


@pytest.mark.parametrize(
    ("column", "value", "finding"),
    [
        ("text", "不东移。", "its words are not those that were recorded"),
        ("reply_to_id", None, "its place in the thread is not the one that was recorded"),
        ("author_ref", "f" * 64, "its author or time is not the one that was recorded"),
    ],
)
def test_a_row_that_was_changed_is_named(posts, column, value, finding):
    sql(f"UPDATE deliberation_post SET {column} = %s WHERE id = %s", value, posts[1].pk)
    assert problems() == [f"deliberation.post #{posts[1].pk} (thread {posts[1].thread_id} #2): {finding}"]


def test_a_row_that_was_removed_is_missed(posts):
    sql("DELETE FROM deliberation_post WHERE id = %s", posts[1].pk)
    assert problems() == [f"deliberation.thread #{posts[0].thread_id}: its last number is 2, but it holds 1 posts"]


def test_a_row_that_was_slipped_in_is_named(posts):
    first = posts[0]
    Post.objects.create(
        thread=first.thread, number=3, author=first.author, author_ref=first.author_ref, text="从未说过", at=first.at
    )
    slipped_in = Post.objects.get(number=3)
    assert problems()[0] == (
        f"deliberation.post #{slipped_in.pk} (thread {first.thread_id} #3): no event of the ledger tells of it"
    )


def test_erased_is_told_apart_from_altered(posts, at):
    recorded = Text.objects.filter(event__subject_id=str(posts[1].pk), field="text")
    recording.erase(recorded, by=build.person(), at=at, reason="privacy")
    assert problems() == [
        f"deliberation.post #{posts[1].pk} (thread {posts[1].thread_id} #2): "
        "its words were erased by an event, yet the row still holds words"
    ]
    Post.objects.filter(pk=posts[1].pk).update(text="")
    assert problems() == []
