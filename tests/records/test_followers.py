import pytest

from ledger import following, recording
from ledger.actors import SYSTEM
from ledger.models import Delivery, DeliveryState, Event
from records.models import Kind, Record
from tests.records import story

pytestmark = pytest.mark.django_db
LATER = story.AT + 40 * story.DAY


def deliver():
    for name in ("records.decision_letter", "records.case_file"):
        while following.deliver(LATER, only=name):
            pass


def states():
    return dict(Delivery.objects.filter(follower__startswith="records.").values_list("event__kind", "state"))


def test_an_answer_becomes_a_letter_and_a_closed_case_a_file():
    story.whole()
    deliver()
    assert list(Record.objects.made().values_list("kind", flat=True)) == [Kind.DECISION, Kind.CASE_FILE]
    assert states() == {"case.decided": "done", "case.closed": "done"}


def test_a_correction_becomes_a_second_letter_that_takes_the_place_of_the_first():
    cast = story.submitted()
    story.discussed(cast)
    story.decided(cast)
    deliver()
    story.corrected(cast, at=story.AT + 15 * story.DAY)
    deliver()
    first, second = Record.objects.made().order_by("version")
    assert states() == {"case.decided": "done", "case.corrected": "done"}
    assert (first.version, second.version, second.number) == (1, 2, first.number)
    assert (first.superseded_by, second.superseded_by) == (second, None)


def test_the_file_tells_of_the_letter():
    """record.made of the letter comes before the close, when a worker is in time."""
    cast = story.submitted()
    story.discussed(cast)
    story.decided(cast)
    deliver()
    story.closed(cast)
    deliver()
    kinds = list(Event.objects.filter(chain_id=cast.case.chain).order_by("number").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind in ("case.decided", "record.made", "case.closed")] == [
        "case.decided", "record.made", "case.closed", "record.made",
    ]  # fmt: skip


def test_what_is_delivered_again_makes_nothing_new():
    story.whole()
    deliver()
    Delivery.objects.filter(follower__startswith="records.").update(state=DeliveryState.PENDING, next_at=LATER)
    deliver()
    assert (Record.objects.count(), Event.objects.filter(kind="record.made").count()) == (2, 2)


def test_a_paper_that_cannot_be_made_does_not_hold_the_others_up():
    event = story.whole()
    strange = recording.record("case.closed", chain="case:nowhere", subject=event, by=SYSTEM, at=story.AT, owner=0)
    following.deliver(LATER, only="records.case_file")
    assert Record.objects.made().get().event == event
    assert (
        "Body matching query does not exist" in Delivery.objects.get(event=strange, follower="records.case_file").error
    )
