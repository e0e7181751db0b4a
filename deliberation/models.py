"""A thread of one case and the posts in it, numbered without a gap; how far each person has read."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from areas.models import Area
from ledger.models import Visibility
from people.models import User
from people.roles import RoleKey

TEXT_LIMIT = 500  # characters


class Thread(models.Model):
    """The talk about what `chain` is about. It knows no proposal; whoever opens it also closes it."""

    chain = models.CharField(max_length=60, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="threads")
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    is_open = models.BooleanField(default=True)
    last_number = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=True, closed_at=None) | Q(is_open=False, closed_at__isnull=False),
                name="deliberation_closed_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.chain} ({self.last_number})"

    @property
    def room(self) -> str:
        return f"thread:{self.pk}"

    def room_in(self, language: str) -> str:
        """The room of those who read the page in this language: a post is rendered once for each."""
        return f"{self.room}:{language}"


class PostQuerySet(models.QuerySet["Post"]):
    def for_reading(self) -> "PostQuerySet":
        return self.select_related("author", "reply_to__author")


class Post(models.Model):
    """What one person said. Name, office and home are shown as they were when it was said; the text is 1–500 long.

    author_ref: the author's opaque reference in the case's chain. key: made by the client, so that a post that is
    sent twice is stored once.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="posts")
    author_ref = models.CharField(max_length=64)
    office = models.CharField(max_length=60, blank=True)
    office_role = models.CharField(max_length=20, choices=RoleKey.choices, blank=True)
    office_title = models.CharField(max_length=60, blank=True)
    home = models.CharField(max_length=40, blank=True)
    building = models.CharField(max_length=20, blank=True)
    text = models.TextField(max_length=TEXT_LIMIT)
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    key = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField()

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["thread_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="deliberation_post_number"),
            models.UniqueConstraint(fields=["thread", "author", "key"], name="deliberation_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} #{self.number}"

    @property
    def speaker(self) -> str:
        """The name in whose voice it was said: an office speaks for itself."""
        return self.office or (self.author.name if self.author else str(_("Closed account")))

    @property
    def duty(self) -> str:
        return self.office_title or self.get_office_role_display()


class ReadMark(models.Model):
    """Up to which number a person has read a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="read_marks")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="deliberation_read_mark_once")]

    def __str__(self) -> str:
        return f"{self.user_id} has read {self.thread_id} up to #{self.number}"
