"""Which ways out a person wants for which group of notices."""

from collections.abc import Collection

from django.db import transaction

from people.models import User

from .kinds import KINDS, Group, NoticeKind
from .models import Channel, Preference

WANTED_BY_DEFAULT = {Group.ACT: True, Group.CASES: True, Group.DESK: True, Group.ACCOUNT: True}


def of(user: User, channel: Channel) -> dict[Group, bool]:
    rows = Preference.objects.filter(user=user, channel=channel).values_list("group", "wanted")
    return WANTED_BY_DEFAULT | {Group(group): wanted for group, wanted in rows}


@transaction.atomic
def choose(user: User, channel: Channel, wanted: dict[Group, bool]) -> None:
    """Keep a person's word. Groups that are not named stay as they were."""
    for group, yes in wanted.items():
        Preference.objects.update_or_create(user=user, group=group, channel=channel, defaults={"wanted": yes})


def wanting(users: Collection[int], kind: NoticeKind, channel: Channel) -> set[int]:
    """Those of the users who get this kind by this way; what must be served goes to all. One query."""
    if kind.must:
        return set(users)
    asked = Preference.objects.filter(user__in=users, group=kind.group, channel=channel)
    said = dict(asked.values_list("user_id", "wanted"))
    return {user for user in users if said.get(user, WANTED_BY_DEFAULT[kind.group])}


def kinds_by_group(*, desk: bool) -> dict[Group, list[NoticeKind]]:
    """The groups that hold any kind, in their order; those of an office only for who holds one."""
    groups = {group: [kind for kind in KINDS.values() if kind.group == group] for group in Group}
    return {group: kinds for group, kinds in groups.items() if kinds and (desk or group != Group.DESK)}
