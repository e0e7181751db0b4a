"""What must be true of a case at any moment, whatever happened to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import connection

from ledger import following
from ledger.models import Delivery, Event
from notifications.models import Notice
from people.models import Appointment
from proposals import checks, deadlines, folding
from proposals.deadlines import STAGES
from proposals.models import Proposal
from proposals.states import DETOURS, ENDED, State

UNTIMED = {State.DRAFT, *ENDED}
SAID = {stage.event: n for n, stage in enumerate(STAGES, 1)}
ROOMS = ("proposals", "ledger", "notifications", "voting", "deliberation")


def leave_papers_out() -> None:
    """Papers and the index are other rooms' matter, and slow. The registry is put back after each test."""
    for name in [name for name in following.FOLLOWERS if name.startswith(("records.", "search."))]:
        del following.FOLLOWERS[name]


def holds(case: Proposal) -> None:
    """case: as its row is now."""
    events = list(Event.objects.filter(chain_id=case.chain).order_by("number").values_list("kind", "payload"))
    _has_one_owner(case)
    _has_one_clock(case)
    _is_as_its_events_tell(case, events)
    _says_each_stage_once(events)
    _asks_only_for_what_is_to_do(case)


def _has_one_owner(case: Proposal) -> None:
    assert (case.owner is None) == (case.state == State.DRAFT)
    assert case.owner is None or case.level == case.owner.area.level
    assert bool(case.left_state) == (case.state in DETOURS)
    assert case.left_owner is None or case.state in DETOURS


def _has_one_clock(case: Proposal) -> None:
    assert (case.due_at is None) == (case.state in UNTIMED)
    assert not case.held or case.state in DETOURS
    if case.due_at is None:
        assert {name: getattr(case, name) for name in deadlines.none()} == deadlines.none()
        return
    area = case.owner.area
    rings = deadlines.rings_at(area, State(case.state), case.due_at, case.due_unit, case.due_minutes, case.stage)
    assert (case.ring_at is None) == (rings is None)
    assert rings is None or case.ring_at >= rings  # later where a move of the timer was refused and is tried again
    assert case.first_due_at <= case.due_at


def _is_as_its_events_tell(case: Proposal, events: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    told = [payload for kind, payload in events if kind in folding.KINDS]
    if case.state == State.DRAFT:
        assert told == []
    else:
        assert folding.fold(told) == checks.standing(case)


def _says_each_stage_once(events: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """A stage goes up only by being said; a fresh clock begins at 0, one that was held where it was."""
    state, stage, held = "draft", 0, 0
    for kind, payload in events:
        if "to" not in payload:
            continue
        new = payload["stage"]
        if kind in SAID:
            assert (payload["to"], new) == (state, SAID[kind])
            assert new > stage
        elif payload["to"] == state:
            assert new == (0 if payload["verb"] == "climb" else stage)  # what nobody screened is to be screened above
        else:
            assert new in (0, held) if state in DETOURS else new == 0
        if payload["to"] in DETOURS and state not in DETOURS:
            held = stage
        state, stage = payload["to"], new


def _asks_only_for_what_is_to_do(case: Proposal) -> None:
    """Nobody is told twice, nothing is asked for a state that was left, and of offices only the one that has it."""
    notices = list(Notice.objects.filter(event__chain=case.chain).select_related("user"))
    assert len({(notice.user, notice.event_id) for notice in notices}) == len(notices)
    asked = [notice for notice in notices if notice.act_key.startswith(case.chain) and not notice.done_at]
    assert {notice.act_key for notice in asked} <= {f"{case.chain}:{case.state}"}
    residents = {case.proposer_id, *case.endorsements.values_list("user", flat=True)}
    officers = set(Appointment.objects.filter(body=case.owner_id).values_list("user", flat=True))
    assert {notice.user_id for notice in asked} <= residents | officers


def everything() -> tuple[Any, ...]:
    """How many rows each table has, and every column of the cases: what a refusal must leave as it was."""
    tables = [model._meta.db_table for room in ROOMS for model in apps.get_app_config(room).get_models()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in tables))
        return *cursor.fetchone(), *Proposal.objects.order_by("pk").values_list()


def columns(case: Proposal) -> dict[str, Any]:
    """What an object in memory says of its row."""
    return {field.attname: getattr(case, field.attname) for field in case._meta.concrete_fields}


def verbs(case: Proposal) -> list[str]:
    payloads = Event.objects.filter(chain_id=case.chain, payload__has_key="verb").values_list("payload", flat=True)
    return [payload["verb"] for payload in payloads]


def failures() -> list[str]:
    """What a follower tripped over."""
    return list(Delivery.objects.exclude(error="").values_list("error", flat=True))
