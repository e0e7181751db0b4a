"""A case's standing rebuilt from its events alone: what `manage.py verify` compares with the row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .deadlines import STAGES
from .moves import TABLE

KINDS = sorted({move.event for move in TABLE} | {stage.event for stage in STAGES})


class Broken(ValueError):
    """An event does not follow from the one before it."""


@dataclass(frozen=True)
class Standing:
    """due: ISO instant or None; round: failed results so far."""

    state: str = "draft"
    owner: int | None = None
    level: int = 0
    due: str | None = None
    stage: int = 0
    round: int = 0
    hand_backs: int = 0


def fold(payloads: Iterable[Mapping[str, Any]]) -> Standing:
    """The standing after these events (the payloads of one case's KINDS, in order). Broken when one does not follow."""
    now = Standing()
    for payload in payloads:
        if "to" in payload:
            now = _after(now, payload)
    return now


def _after(now: Standing, payload: Mapping[str, Any]) -> Standing:
    if payload.get("from", now.state) != now.state:
        raise Broken(f"an event starts from {payload['from']!r}, but the case stood in {now.state!r}")
    return Standing(
        state=payload["to"],
        owner=payload["owner"],
        level=payload["level"],
        due=payload.get("due"),
        stage=payload.get("stage", 0),
        round=payload.get("round", now.round),
        hand_backs=payload.get("hand_backs", now.hand_backs),
    )
