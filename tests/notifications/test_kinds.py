"""The table of kinds: each can be read in every language, none is declared twice."""

import pytest
from django.conf import settings
from django.utils import translation

from ledger.actors import SYSTEM
from ledger.models import Event
from ledger.recording import record
from notifications import kinds, readings
from notifications.models import Notice
from tests import build
from tests.notifications import stage


def test_a_key_is_declared_once() -> None:
    with pytest.raises(ValueError, match=r"story\.told"):
        kinds.register(stage.TOLD)


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_kind_has_a_title_a_body_and_a_reason_in_every_language(language: str) -> None:
    person, event = build.person("甲"), something()
    with translation.override(language):
        for kind in kinds.KINDS.values():
            notice = Notice(user=person, event=event, kind=kind.key, at=event.at, due_at=stage.UNTIL)
            [reading] = readings.read([notice], person)
            said = [
                reading.title,
                reading.body,
                str(kind.label),
                str(kind.why),
                str(kind.act.label if kind.act else "-"),
            ]
            assert [text for text in said if not text or "{" in text or "%(" in text] == [], kind.key


def something() -> Event:
    """An event with all the words that a template may ask for."""
    words = dict.fromkeys(("text", "summary", "question", "words", "reason"), "说明")
    return record("story.told", chain=stage.CHAIN, subject=build.district(), by=SYSTEM, at=build.AT, texts=words)
