"""Who may read a thread, who may speak in it, and in whose name."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from ledger.models import Visibility
from people import standing
from people.models import Appointment, User
from people.roles import Right
from people.verdict import YES, Verdict, no

from .models import Post, Thread

VOICES = (Right.DECIDE, Right.STEER, Right.SCREEN, Right.HANDLE, Right.SUPERVISE)

UNKNOWN = no(_("There is no such discussion here, or it is not public."))


def may_read(user: Any, thread: Thread, at: dt.datetime) -> Verdict:
    """Public threads: everybody. Others: those who hold an office over the area, and of the parties those who spoke."""
    if thread.visibility == Visibility.PUBLIC:
        return YES
    if thread.visibility == Visibility.SEALED or not user.is_authenticated:
        return UNKNOWN
    if office_of(user, thread, at):
        return YES
    spoke = thread.visibility == Visibility.PARTIES and Post.objects.filter(thread=thread, author=user).exists()
    return YES if spoke else UNKNOWN


def may_say(user: Any, thread: Thread, at: dt.datetime) -> Verdict:
    """Whoever confirmed a phone number, or holds an office here, while the thread is open (domain.md §6, roles L1)."""
    if not thread.is_open:
        return no(_("This discussion is closed. What was said stays here to read."))
    if not user.is_authenticated:
        return no(_("Please sign in to speak. Everybody may read."))
    if not user.phone_verified and not office_of(user, thread, at):
        return no(_("Please confirm your phone number on your page first: whoever speaks here can be reached."))
    return may_read(user, thread, at)


def office_of(user: User, thread: Thread, at: dt.datetime) -> Appointment | None:
    """The office in whose name this person speaks: the nearest of the bodies from the area up to the district."""
    if not user.second_factor:
        return None
    offices = [
        office
        for office in standing.of(user, at).appointments
        if thread.area.path.startswith(office.body.area.path) and any(office.allows(right) for right in VOICES)
    ]
    return max(offices, key=lambda office: office.body.area.level, default=None)
