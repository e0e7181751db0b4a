import os

import pytest
from django.db import transaction
from django.utils import translation

from ledger import verifying
from ledger.models import Event
from people.verdict import Refused
from proposals import lifecycle
from proposals.models import Proposal
from proposals.moves import MOVES, TABLE
from proposals.states import ENDED, State
from tests.proposals import matrix
from tests.proposals.court import TEXTS, WAY, Court

pytestmark = pytest.mark.django_db


def test_the_matrix_of_every_verb_state_and_role_with_each_refusal_in_words() -> None:
    found = [row for state in State for row in _fresh(state)]
    if os.environ.get("WRITE_MATRIX"):
        matrix.FILE.write_text("".join("\t".join(row) + "\n" for row in found), encoding="utf-8")
    for state in State:
        assert [row for row in found if row[0] == state] == matrix.expected(state)


def _fresh(state: State) -> list[matrix.Row]:
    """In a savepoint that is undone: each state begins with a court of its own."""
    with transaction.atomic():
        rows = matrix.rows_of(state)
        transaction.set_rollback(True)
    return rows


@pytest.mark.parametrize("state", list(State))
def test_from_every_other_state_everybody_reads_the_same_sentence(state: State) -> None:
    court = Court()
    case = court.to(state)
    sentence = f"This case is now “{_english(State(state).label)}”, so this step is not possible."
    for verb, move in MOVES.items():
        if state not in move.sources:
            with translation.override("en"):
                said = {str(lifecycle.may(who, case, verb, court.now).reason) for who in court.people.values()}
            assert said == {sentence}


def _english(label: str) -> str:
    with translation.override("en"):
        return str(label)


@pytest.mark.parametrize("state", list(State))
def test_every_refusal_gives_a_reason_and_changes_nothing(state: State) -> None:
    court = Court()
    case = court.to(state)
    events = Event.objects.filter(chain_id=case.chain).count()
    for verb in MOVES:
        if not lifecycle.may(court.people["stranger"], case, verb, court.now):
            with pytest.raises(Refused) as refused:
                lifecycle.move(case, verb, by=court.people["stranger"], at=court.now, texts={"text": "x"})
            assert str(refused.value.verdict.reason)
    assert Proposal.objects.get(pk=case.pk).state == state
    assert Event.objects.filter(chain_id=case.chain).count() == events


def test_the_reasons_of_refusal_are_whole_sentences(settings) -> None:
    settings.LANGUAGE_CODE = "en"
    court = Court()
    case = court.to(State.SUBMITTED)
    verdict = lifecycle.may(court.people["stranger"], case, "accept", court.now)
    assert str(verdict.reason) == "Only those who hold an office in 槐荫里议事小组 may do this."
    verdict = lifecycle.may(court.people["chair"], case, "accept", court.now)
    assert str(verdict.reason) == "Your office in 槐荫里议事小组 does not include this."
    verdict = lifecycle.may(court.people["moderator"], case, "call_vote", court.now)
    assert str(verdict.reason) == "This case is now “Awaiting screening”, so this step is not possible."


@pytest.mark.parametrize("state", list(State))
def test_each_state_is_reached_with_one_owner_one_clock_and_a_clean_record(state: State) -> None:
    court = Court()
    case = court.to(state)
    assert (case.owner is None) == (state == State.DRAFT)
    assert (case.due_at is None) == (state in ENDED | {State.DRAFT})
    assert [str(problem) for problem in verifying.verify()] == []


def test_a_move_that_needs_a_reason_is_refused_without_one() -> None:
    court = Court()
    case = court.to(State.SUBMITTED)
    for facts in ({}, {"reason": "because"}):
        with pytest.raises(Refused):
            court.move("moderator", "reject", texts={"text": "理由"}, **facts)
    with pytest.raises(Refused):
        court.move("moderator", "reject", reason="private", texts={"text": "  "})
    assert case.state == State.SUBMITTED


def test_the_second_of_two_at_once_is_told_and_leaves_one_event() -> None:
    court = Court()
    first = court.to(State.SUBMITTED)
    second = Proposal.objects.select_related("area", "owner__area").get(pk=first.pk)
    lifecycle.move(first, "accept", by=court.people["moderator"], at=court.now)
    with pytest.raises(lifecycle.Stale):
        lifecycle.move(
            second, "reject", by=court.people["moderator"], at=court.now, reason="private", texts={"text": "x"}
        )
    kinds = list(Event.objects.filter(chain_id=first.chain).order_by("number").values_list("kind", flat=True))
    assert kinds == ["case.submitted", "case.accepted"]


@pytest.mark.parametrize(
    ("state", "arrives"),
    [
        (State.DELIBERATING, State.DELIBERATING),
        (State.NO_QUORUM, State.NO_QUORUM),
        (State.NOT_PASSED, State.NOT_PASSED),
        (State.RESOLVED, State.DECIDING),
    ],
)
def test_a_hand_up_arrives_where_it_left_or_at_the_answer(state: State, arrives: State) -> None:
    court = Court()
    court.to(state)
    court.hand_up()
    assert (court.case.state, court.case.level, court.case.left_state) == (State.ESCALATED, 3, state)
    court.take_over()
    assert (court.case.state, court.case.owner.area.level, court.case.left_state) == (arrives, 3, "")


def test_handed_back_it_is_as_it_was() -> None:
    court = Court()
    home = court.to(State.RESOLVED).owner
    court.hand_up()
    court.move("upper", "hand_back", reason="own_competence", texts={"text": "院落自己能办"})
    assert (court.case.state, court.case.owner, court.case.level) == (State.RESOLVED, home, 4)


def test_a_vacant_level_is_passed_over_and_the_event_says_so() -> None:
    court = Court()
    case = court.to(State.RESOLVED)
    community = court.courtyard.get_parent()
    community.bodies.update(sat_until=court.now)
    court.hand_up()
    assert court.case.owner.area == community.get_parent()
    event = Event.objects.filter(chain_id=case.chain, kind="case.handed_up").get()
    assert (event.payload["passed"], event.payload["level"]) == ([3], 2)


def test_nobody_accepted_in_time_so_the_upper_level_has_it() -> None:
    court = Court()
    court.to(State.ESCALATED)
    court.wait(6)
    assert (court.case.state, court.case.level) == (State.DECIDING, 3)
    assert Event.objects.filter(chain_id=court.case.chain).latest("number").payload["timer"] is True


def test_the_words_of_a_move_are_committed_and_not_in_the_chain() -> None:
    court = Court()
    case = court.to(State.SUBMITTED)
    event = Event.objects.get(chain_id=case.chain)
    assert sorted(event.commitments) == ["place", "problem", "title", "wish"]
    assert not any(text in str(event.payload) for text in TEXTS.values())
    assert {text.field: text.text for text in event.texts.all()} == TEXTS


def test_every_way_in_the_table_is_walked() -> None:
    assert set(WAY) == set(State)
    assert {move.verb for move in TABLE} == set(MOVES)


def test_a_row_edited_behind_the_back_is_named() -> None:
    court = Court()
    case = court.to(State.DELIBERATING)
    Proposal.objects.filter(pk=case.pk).update(state=State.DECIDING)
    assert [str(problem) for problem in verifying.verify()] == [
        f"proposals.proposal #{case.pk} ({case.number}): is not as its events tell"
    ]
