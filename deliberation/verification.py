"""`manage.py verify`: every post is as its event in the ledger tells it, and none is missing."""

from collections.abc import Iterator

from django.db.models import Count, F

from ledger import verifying
from ledger.models import Text
from ledger.verifying import Problem

from .models import Post, Thread

CHUNK = 500


@verifying.check("deliberation.posts")
def posts() -> Iterator[Problem]:
    chunk: list[Post] = []
    for post in Post.objects.select_related("reply_to").order_by("pk").iterator(chunk_size=CHUNK):
        chunk.append(post)
        if len(chunk) == CHUNK:
            yield from _compared(chunk)
            chunk = []
    yield from _compared(chunk)


@verifying.check("deliberation.threads")
def threads() -> Iterator[Problem]:
    counted = Thread.objects.annotate(stored=Count("posts")).exclude(stored=F("last_number"))
    for thread in counted.order_by("pk").iterator():
        yield Problem(
            f"deliberation.thread #{thread.pk}",
            f"its last number is {thread.last_number}, but it holds {thread.stored} posts",
        )


def _compared(chunk: list[Post]) -> Iterator[Problem]:
    texts = Text.objects.select_related("event", "erased_by").filter(
        event__kind="post.added",
        event__subject_type="deliberation.post",
        event__subject_id__in=[str(post.pk) for post in chunk],
        field="text",
    )
    recorded = {text.event.subject_id: text for text in texts}
    for post in chunk:
        if what := _finding(post, recorded.get(str(post.pk))):
            yield Problem(f"deliberation.post #{post.pk} (thread {post})", what)


def _finding(post: Post, recorded: Text | None) -> str:
    """Erased is told apart from altered: an erased post is empty, and so is its text in the ledger."""
    if recorded is None:
        return "no event of the ledger tells of it"
    event = recorded.event
    if recorded.erased_by:
        return "its words were erased by an event, yet the row still holds words" if post.text else ""
    if post.text != recorded.text:
        return "its words are not those that were recorded"
    told = (event.payload.get("thread"), event.payload.get("number"), event.payload.get("reply_to"))
    if told != (post.thread_id, post.number, post.reply_to.number if post.reply_to else None):
        return "its place in the thread is not the one that was recorded"
    if (event.actor, event.at) != (post.author_ref, post.at):
        return "its author or time is not the one that was recorded"
    return ""
