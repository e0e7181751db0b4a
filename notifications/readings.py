"""A notice in words: made for one reader, in their language, from the event and the case's name as it is now."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.template import Context, Engine
from django.utils.translation import gettext as _

from ledger import chains
from ledger.models import Event
from people.models import User

from .kinds import NoticeKind
from .models import Notice


@dataclass(frozen=True)
class Reading:
    notice: Notice
    kind: NoticeKind | None
    case: str
    title: str
    body: str


def read(notices: Iterable[Notice], to: User) -> list[Reading]:
    """The words of many notices of one person, with a number of queries that does not grow with them."""
    notices = list(notices)
    prefetch_related_objects(notices, "event__texts")
    links = chains.links({notice.event.chain_id for notice in notices})
    titles = {chain: link.title for chain, link in links.items()}
    return [_reading(notice, titles.get(notice.event.chain_id, ""), to) for notice in notices]


def _reading(notice: Notice, case: str, to: User) -> Reading:
    kind = notice.meaning
    if kind is None:
        return Reading(notice, None, case, case or _("A message"), "")
    title, _gap, body = _words(kind, notice, case, to).strip().partition("\n")
    return Reading(notice, kind, case, title.strip(), body.strip())


def _words(kind: NoticeKind, notice: Notice, case: str, to: User) -> str:
    event = notice.event
    facts = {
        "case": case,
        "event": event,
        "payload": event.payload,
        "texts": {text.field: text.text for text in event.texts.all() if not text.erased_by_id},
        "due": notice.due_at or _announced(event),
        "to": to,
    }
    return str(Engine.get_default().get_template(kind.template).render(Context(facts, autoescape=False)))


def _announced(event: Event) -> dt.datetime | None:
    """Until when the next step is to be made, where the event says so."""
    due = event.payload.get("due")
    return dt.datetime.fromisoformat(due) if due else None
