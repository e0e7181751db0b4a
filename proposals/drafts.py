"""The one draft that a person is writing: kept on the server from the first word, on every device."""

import datetime as dt
from typing import Any

from django.db import transaction

from areas.models import Area
from people.models import User

from . import photos
from .models import Proposal
from .states import State

PATIENCE = dt.timedelta(days=30)
FIELDS = ("title", "problem", "wish", "place")


def current(user: User) -> Proposal | None:
    return Proposal.objects.filter(proposer=user, state=State.DRAFT).select_related("area").order_by("-pk").first()


def begin(user: User, area: Area, at: dt.datetime) -> Proposal:
    """The draft in progress, moved to this area, or a new one."""
    draft = current(user)
    if draft is None:
        return Proposal.objects.create(
            proposer=user, area=area, level=area.level, created_at=at, state_since=at, state=State.DRAFT
        )
    draft.area, draft.level = area, area.level
    draft.save(update_fields=["area", "level"])
    return draft


def again(earlier: Proposal, *, by: User, at: dt.datetime) -> Proposal:
    """A draft with the words of a matter that found too few endorsements: to be changed and filed once more."""
    draft = begin(by, earlier.area, at)
    draft.earlier = earlier
    draft.save(update_fields=["earlier"])
    save(draft, at, {name: getattr(earlier, name) for name in FIELDS})
    return draft


def save(draft: Proposal, at: dt.datetime, values: dict[str, Any]) -> None:
    """Keep what is typed, complete or not; too long a text is cut at the field's limit."""
    for name in FIELDS:
        if name in values:
            limit = Proposal._meta.get_field(name).max_length  # type: ignore[union-attr]
            setattr(draft, name, str(values[name])[:limit])
    Proposal.objects.filter(pk=draft.pk, state__in=[State.DRAFT, State.RETURNED]).update(
        **{name: getattr(draft, name) for name in FIELDS}
    )
    if Proposal.objects.filter(pk=draft.pk, state=State.DRAFT).update(state_since=at):
        draft.state_since = at


@transaction.atomic
def discard(draft: Proposal) -> None:
    """The draft with its photos; what has been submitted meanwhile stays."""
    if not Proposal.objects.select_for_update().filter(pk=draft.pk, state=State.DRAFT).exists():
        return
    for photo in draft.photos.all():
        photos.remove(photo)
    draft.delete()


def purge(before: dt.datetime) -> None:
    """Drafts that nobody has touched since; one that waits until it may be filed again is kept as long once more."""
    stale = Proposal.objects.filter(state=State.DRAFT, state_since__lt=before)
    for draft in stale.exclude(earlier__closed_at__gt=before - PATIENCE):
        discard(draft)
