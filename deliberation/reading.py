"""Reading a thread: one screenful of posts, what came after a number, and how far a person has read."""

from dataclasses import dataclass
from typing import Any

from .models import Post, ReadMark, Thread

PAGE = 50


@dataclass(frozen=True)
class Screenful:
    """posts: in order. unread_from: the first number above the read mark, 0 when there is no line to draw.

    returning: whether this person has read here before.
    """

    posts: list[Post]
    unread_from: int = 0
    unread: int = 0
    returning: bool = False

    @property
    def first(self) -> int:
        return self.posts[0].number if self.posts else 0

    @property
    def last(self) -> int:
        return self.posts[-1].number if self.posts else 0

    @property
    def earlier(self) -> int:
        """How many posts lie before this screenful."""
        return max(0, self.first - 1)


def latest(thread: Thread, user: Any) -> Screenful:
    """The newest posts, with the line where this person stopped reading. One's own posts are not news."""
    screenful = before(thread, thread.last_number + 1)
    mark = _mark(thread, user)
    if mark is None:
        return screenful
    news = [post.number for post in screenful.posts if post.number > mark and post.author_id != user.pk]
    unread = len(news) + max(0, screenful.first - 1 - mark)
    return Screenful(screenful.posts, news[0] if news else 0, unread, returning=True)


def before(thread: Thread, number: int) -> Screenful:
    posts = thread.posts.for_reading().filter(number__lt=number).order_by("-number")[:PAGE]
    return Screenful(list(reversed(posts)))


def since(thread: Thread, number: int) -> list[Post]:
    """What came after a number, a page at most: ask again with the last number until nothing comes."""
    return list(thread.posts.for_reading().filter(number__gt=number).order_by("number")[:PAGE])


def mark_read(thread: Thread, user: Any, number: int) -> None:
    """Remember how far this person has read; it never goes back."""
    if not user.is_authenticated:
        return
    number = min(number, thread.last_number)
    known = ReadMark.objects.filter(thread=thread, user=user).first()
    if known is None:
        ReadMark.objects.bulk_create([ReadMark(thread=thread, user=user, number=number)], ignore_conflicts=True)
    elif known.number < number:
        ReadMark.objects.filter(pk=known.pk, number__lt=number).update(number=number)


def own_ref(thread: Thread, user: Any) -> str:
    """By which reference this person's posts here are known; empty before the first."""
    posts = thread.posts.filter(author=user) if user.is_authenticated else thread.posts.none()
    return posts.values_list("author_ref", flat=True).first() or ""


def _mark(thread: Thread, user: Any) -> int | None:
    marks = ReadMark.objects.filter(thread=thread, user=user) if user.is_authenticated else ReadMark.objects.none()
    return marks.values_list("number", flat=True).first()
