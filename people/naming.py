"""The ledger's opaque references, as names that people know; for whoever left, a word instead."""

from collections.abc import Collection

from django.utils.translation import gettext

from ledger.actors import System

from .models import Alias


def names(refs: Collection[str]) -> dict[str, str]:
    """A name for each reference; one query."""
    known = Alias.objects.filter(ref__in=set(refs), user__closed_at=None).values_list("ref", "user__name")
    nobody = dict.fromkeys(refs, gettext("Closed account"))
    return nobody | dict(known) | ({System.REF: gettext("Yuanyi")} if System.REF in refs else {})
