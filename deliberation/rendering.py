"""One post as everybody sees it: the same fragment in the page, in an answer and through the socket."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from .models import Post


def fragment(post: Post) -> str:
    """HTML in the active language. It is the same for every reader: the page itself marks what is one's own."""
    return render_to_string("deliberation/_post.html", {"post": post})


def message(post: Post) -> dict[str, Any]:
    """`key` is the client's own: by it the speaker's page knows the copy that it showed while sending."""
    return {"type": "post", "number": post.number, "key": str(post.key), "html": fragment(post)}


def message_in(language: str, post: Post) -> dict[str, Any]:
    with translation.override(language):
        return message(post)
