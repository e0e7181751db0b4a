"""Proxies: given by the voter or recorded from a letter, taken back, used once. On owners' ballots only.

Whoever gives or takes back holds the ballot alone, whoever casts shares it: a proxy is taken back or used, never both.
The first paper that counts locks the right, whoever cast it.
"""

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from ledger import canonical
from ledger.models import Visibility
from ledger.recording import record
from notifications import inbox
from people.models import User

from . import corrections, proxy_policies
from .corrections import require
from .models import Ballot, Proxy, RollEntry
from .states import ProxyState


@transaction.atomic
def give(entry: RollEntry, *, holder: User, scope: str, until: dt.datetime, by: User, at: dt.datetime) -> Proxy:
    """The voter's own account is the signature."""
    held, right = _held(entry)
    require(proxy_policies.may_give(by, right, held, at))
    return _keep(held, Proxy(entry=right, holder=holder, scope=scope, until=until, recorded_by=by), at)


@transaction.atomic
def record_letter(
    entry: RollEntry,
    *,
    holder: User,
    scope: str,
    until: dt.datetime,
    letter: bytes,
    by: User,
    at: dt.datetime,
) -> Proxy:
    """letter: a JPEG of what the voter signed."""
    held, right = _held(entry)
    require(proxy_policies.may_record(by, right, held, at))
    proxy = Proxy(entry=right, holder=holder, scope=scope, until=until, recorded_by=by)
    return _keep(held, proxy, at, letter)


@transaction.atomic
def revoke(proxy: Proxy, *, by: User, at: dt.datetime) -> None:
    """Before the vote is cast. The voter may also simply vote."""
    held, _right = _held(proxy.entry)
    found = Proxy.objects.select_related("entry").get(pk=proxy.pk)
    require(proxy_policies.may_revoke(by, found, held, at))
    _end(Proxy.objects.filter(pk=found.pk), ProxyState.REVOKED, at)
    _tell("proxy.revoked", found, by=by, at=at)


def use(entry: RollEntry, *, by: User, at: dt.datetime) -> bool:
    """In the transaction of the cast. False when it was taken back, used or over. The voter is told that it was used,
    and of what was chosen nothing."""
    proxy = Proxy.objects.in_force(at).filter(entry=entry, holder=by).first()
    if proxy is None or not _end(Proxy.objects.filter(pk=proxy.pk), ProxyState.USED, at):
        return False
    _tell("proxy.used", proxy, by=by, at=at)
    return True


def lapse(entry: RollEntry, *, at: dt.datetime) -> None:
    """The voter has voted themself: nobody needs to do it for them. No event: a vote leaves no trace on any chain."""
    _end(entry.proxies.all(), ProxyState.REVOKED, at)


def prolong(ballot: Ballot, *, was: dt.datetime) -> None:
    """What was given until the end of the vote lasts until its new end."""
    Proxy.objects.given().filter(entry__ballot=ballot, until=was).update(until=ballot.closes_at)


def held_by(user: Any, ballot: Ballot) -> QuerySet[Proxy]:
    mine = Proxy.objects.filter(entry__ballot=ballot, holder=user.pk).exclude(state=ProxyState.REVOKED)
    return mine.select_related("entry__ballot").order_by("entry__label", "pk")


def given_by(user: Any, ballot: Ballot) -> QuerySet[Proxy]:
    mine = Proxy.objects.filter(entry__ballot=ballot, entry__voter=user.pk)
    return mine.select_related("entry__ballot", "holder").order_by("-pk")


def find_holder(phone: str, name: str) -> User | None:
    """Whoever told the voter both. None for everybody else, so that nothing can be found out about anybody."""
    found = list(User.objects.on_phone(phone).filter(name=name)[:2])
    return found[0] if len(found) == 1 and proxy_policies.is_known(found[0]) else None


def act_key(proxy: int) -> str:
    """The key of the notices that ask the holder for the vote."""
    return f"proxy:{proxy}"


def _keep(ballot: Ballot, proxy: Proxy, at: dt.datetime, letter: bytes = b"") -> Proxy:
    require(proxy_policies.may_hold(proxy.holder, proxy.entry, ballot, at))
    require(proxy_policies.lasts(proxy.until, ballot, at))
    _end(proxy.entry.proxies.all(), ProxyState.REVOKED, at)  # one whose own time is over
    proxy.given_at = at
    if letter:
        proxy.letter.save("letter.jpg", ContentFile(letter), save=False)
    proxy.save()
    facts: dict[str, Any] = {"on_paper": bool(proxy.letter), "due": canonical.instant(proxy.until)}
    texts = {"scope": proxy.scope, "holder": proxy.holder.actor_ref(ballot.chain)}
    _tell("proxy.given", proxy, by=proxy.recorded_by, at=at, texts=texts, **facts)
    return proxy


def _end(proxies: QuerySet[Proxy], state: ProxyState, at: dt.datetime) -> bool:
    ending = list(proxies.filter(state=ProxyState.GIVEN).values_list("pk", flat=True))
    ended = Proxy.objects.filter(pk__in=ending, state=ProxyState.GIVEN).update(state=state, ended_at=at)
    for pk in ending:
        inbox.settle(act_key(pk), at=at)
    return bool(ended)


def _tell(kind: str, proxy: Proxy, *, by: User, at: dt.datetime, **facts: Any) -> None:
    ballot = proxy.entry.ballot
    codes: dict[str, Any] = {"ballot": ballot.pk, "proxy": proxy.pk, "right": proxy.entry.token}
    record(kind, chain=ballot.chain, subject=proxy, by=by, at=at, visibility=Visibility.STAFF, **codes, **facts)


def _held(entry: RollEntry) -> tuple[Ballot, RollEntry]:
    """As they stand, with the ballot held alone."""
    ballot = corrections.lock(entry.ballot_id)
    right = RollEntry.objects.select_related("owner", "voter").get(pk=entry.pk)
    right.ballot = ballot
    return ballot, right
