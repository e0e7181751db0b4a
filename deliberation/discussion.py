"""Talking about a case: opening and closing the thread, and saying something in it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from areas.models import Area
from ledger import recording
from ledger.actors import Actor
from ledger.models import Chain, Visibility
from people import standing
from people.models import User
from people.verdict import Refused

from . import events, policies
from .models import TEXT_LIMIT, Post, Thread


def open_thread(
    *, chain: str, area: Area, by: Actor, at: dt.datetime, visibility: Visibility = Visibility.PUBLIC
) -> Thread:
    """The one thread of a chain. What it means for the case is recorded by whoever calls."""
    Chain.objects.bulk_create([Chain(id=chain)], ignore_conflicts=True)  # so that there is one to lock
    return Thread.objects.create(chain=chain, area=area, visibility=visibility, opened_at=at)


def close_thread(thread: Thread, by: Actor, at: dt.datetime) -> None:
    _set(thread, is_open=False, closed_at=at)
    events.closed(thread)


def reopen_thread(thread: Thread, by: Actor, at: dt.datetime) -> None:
    _set(thread, is_open=True, closed_at=None)
    events.reopened(thread)


def show_to(thread: Thread, visibility: Visibility, by: Actor, at: dt.datetime) -> None:
    """Change who may read. Everybody in the room is asked in anew: who may not read hears nothing from here on."""
    _set(thread, visibility=visibility)
    events.admission_changed(thread)


def say(
    thread: Thread,
    *,
    by: User,
    text: str,
    at: dt.datetime,
    reply_to: Post | None = None,
    key: uuid.UUID | None = None,
) -> Post:
    """Store a post under the next number. The same words under the same `key` give the post that is stored already.

    Raises Refused; ValueError when the text is empty or too long.
    """
    text = text.strip()
    if not 0 < len(text) <= TEXT_LIMIT:
        raise ValueError(f"A post has 1 to {TEXT_LIMIT} characters, not {len(text)}.")
    try:
        return _add(thread, by, text, at, reply_to, key or uuid.uuid4())
    except (IntegrityError, Refused) as failure:
        known = Post.objects.filter(thread=thread, author=by, key=key).first() if key and by.is_authenticated else None
        if known and known.text == text:
            return known
        if known and isinstance(failure, IntegrityError):
            return _add(thread, by, text, at, reply_to, uuid.uuid4())
        raise


@transaction.atomic
def _add(thread: Thread, by: User, text: str, at: dt.datetime, reply_to: Post | None, key: uuid.UUID) -> Post:
    thread = _locked(thread)
    if not (verdict := policies.may_say(by, thread, at)):
        raise Refused(verdict)
    thread.last_number += 1
    author = Author(by.actor_ref(thread.chain))
    post = Post(thread=thread, number=thread.last_number, author=by, author_ref=author.ref, text=text, key=key, at=at)
    post.reply_to = reply_to
    _introduce(post, by)
    post.save(force_insert=True)
    thread.save(update_fields=["last_number"])
    recording.record(
        "post.added",
        chain=thread.chain,
        subject=post,
        by=author,
        at=at,
        visibility=Visibility(thread.visibility),
        texts={"text": text},
        thread=thread.pk,
        number=post.number,
        reply_to=reply_to.number if reply_to else None,
    )
    events.post_added(post)
    return post


@dataclass(frozen=True)
class Author:
    """The actor of a post, whose reference in this chain is already known."""

    ref: str

    def actor_ref(self, chain: str) -> str:
        return self.ref


def _locked(thread: Thread) -> Thread:
    """Chain first, then thread: the order in which a move of the case locks them too."""
    Chain.objects.select_for_update().filter(pk=thread.chain).first()
    return Thread.objects.select_for_update(of=("self",)).select_related("area").get(pk=thread.pk)


def _introduce(post: Post, by: User) -> None:
    """Who speaks, as readers will see it: an office by its name, a neighbour by building at most."""
    now = standing.of(by, post.at)
    if office := policies.office_of(by, post.thread, post.at):
        post.office, post.office_role, post.office_title = office.body.name, office.role, office.signing_title
    elif now.home == post.thread.area and now.residence:
        post.building = now.residence.building
    elif now.home and now.home.path.startswith(post.thread.area.path):
        post.home = now.home.name


@transaction.atomic
def _set(thread: Thread, **values: object) -> None:
    _locked(thread)
    for name, value in values.items():
        setattr(thread, name, value)
    thread.save(update_fields=list(values))
