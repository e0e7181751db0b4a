"""Statutes as data: which fractions law and custom ask for, on what basis and from when until when.

Each is a TOML file beside this one. A file of the operator's folder (STATUTES_DIR) adds one, or replaces the one of the
same code. No fraction is invented: what nobody has compared with the text of the law is not verified and not usable.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.verdict import YES, Refused, Verdict, no

from .reading import Broken, Matter, Roll, Statute, Words, read

__all__ = ["Broken", "Matter", "Roll", "Statute", "Words", "all", "check", "get", "may_use", "usable"]

OURS = Path(__file__).parent


def all() -> dict[str, Statute]:
    """By code. Raises Broken."""
    return _ours_and(Path(settings.STATUTES_DIR))


def get(code: str) -> Statute:
    """Also one that is no longer, or not yet, usable: to read what a ballot was called by."""
    return all()[code]


def may_use(code: str, on: dt.date) -> Verdict:
    statute = all().get(code)
    if statute is None:
        return no(_("There is no rule with the code %(code)s.") % {"code": code})
    words: dict[str, Any] = {"title": statute.title}
    if on < statute.valid_from:
        words["day"] = date_format(statute.valid_from)
        return no(_("“%(title)s” applies only from %(day)s on.") % words)
    if statute.valid_until and on > statute.valid_until:
        words["day"] = date_format(statute.valid_until)
        return no(_("“%(title)s” applied until %(day)s. Please choose the rule that is in force.") % words)
    if not statute.verified:
        why = _("Nobody has compared “%(title)s” with the law yet. The operator must first enter its fractions.")
        return no(why % words)
    return YES


def usable(code: str, on: dt.date) -> Statute:
    """Raises Refused with the reason."""
    if not (verdict := may_use(code, on)):
        raise Refused(verdict)
    return get(code)


def check(**_options: Any) -> Sequence[CheckMessage]:
    """At start: every file can be used."""
    try:
        all()
    except Broken as error:
        return [Error(str(error), hint="Correct this file, or take it away.", id="voting.E001")]
    return []


@cache
def _ours_and(folder: Path) -> dict[str, Statute]:
    return _read(OURS) | _read(folder)


def _read(folder: Path) -> dict[str, Statute]:
    found: dict[str, Statute] = {}
    for path in sorted(folder.glob("*.toml")):
        statute = read(path)
        if statute.code in found:
            raise Broken(path, f"another file here has the code {statute.code} too")
        found[statute.code] = statute
    return found
