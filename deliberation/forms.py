"""What a person sends to a thread, the same from a page and from a socket."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import User
from people.verdict import Refused

from . import discussion
from .models import TEXT_LIMIT, Post, Thread


class WordsField(forms.CharField):
    """A line break is one character, however the browser writes it; what no file can hold is refused."""

    def to_python(self, value: Any) -> str:
        if value not in self.empty_values and not isinstance(value, str):
            raise forms.ValidationError(_("Please write text."))
        words = (super().to_python(value) or "").replace("\r\n", "\n")
        try:
            words.encode()
        except UnicodeEncodeError as half_a_character:
            raise forms.ValidationError(
                _("There is a character in it that cannot be stored. Please type it anew.")
            ) from half_a_character
        return words


class PostForm(forms.Form):
    text = WordsField(
        label=_("What you want to say"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 1, "maxlength": TEXT_LIMIT}),
        error_messages={
            "required": _("Please write something first."),
            "max_length": _("Please say it in at most %(limit_value)d characters; it has %(show_value)d now."),
        },
    )
    reply_to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, thread: Thread, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.thread = thread

    @classmethod
    def blank(cls, thread: Thread, reply_to: int = 0) -> "PostForm":
        """An empty form with a key of its own: pressing the button twice stores one post."""
        return cls(thread=thread, initial={"key": uuid.uuid4(), "reply_to": reply_to or None})

    def clean_reply_to(self) -> Post | None:
        if self.cleaned_data["reply_to"] is None:
            return None
        if found := self.answered:
            return found
        raise forms.ValidationError(_("The post that you answer is not here."))

    def say(self, *, by: User, at: dt.datetime) -> Post | None:
        """Store the post; None when something is wrong, which the form's errors then tell."""
        if not self.is_valid():
            return None
        try:
            return discussion.say(self.thread, by=by, at=at, **self.cleaned_data)
        except Refused as refused:
            self.add_error(None, str(refused.verdict.reason))
            return None

    def answer(self, post: Post | None) -> dict[str, Any]:
        """What a client hears of what it sent: stored under which number, or what is wrong."""
        key = str(self.data.get("key") or "")
        if post:
            return {"type": "stored", "key": key, "number": post.number, "author": post.author_ref}
        complaints = [str(error) for errors in self.errors.values() for error in errors]
        return {"type": "error", "key": key, "message": " ".join(complaints)}

    @property
    def answered(self) -> Post | None:
        """The post to which this one replies, to be shown above it."""
        number = str(self["reply_to"].value() or "")
        return self.thread.posts.for_reading().filter(number=number).first() if number.isdigit() else None
