import hashlib
import threading

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from ledger.models import Event, Visibility
from records import letters, making, papers
from records.models import Kind, Record, Series, storage
from tests.records import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    cast = story.submitted()
    story.discussed(cast)
    return cast


@pytest.fixture
def event(cast):
    return story.decided(cast)


def made_events():
    return list(Event.objects.filter(kind="record.made").order_by("pk"))


def test_a_record_keeps_bytes_hash_size_and_pages(event):
    record = making.make(Kind.DECISION, event)
    content = record.read()
    assert content.startswith(b"%PDF-1.7")
    assert (record.sha256, record.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (record.number, record.version, record.title) == (
        "槐荫里议答〔2026〕1号",
        1,
        "关于“东门外路口增设过街信号灯”提案的答复",
    )
    assert (record.chain, record.event, record.made_at, record.visibility) == (
        event.chain_id,
        event,
        event.at,
        Visibility.PUBLIC,
    )


def test_its_event_lets_a_lower_room_list_and_link_it(event):
    record = making.make(Kind.DECISION, event)
    (told,) = made_events()
    assert (told.chain_id, told.subject_type, told.subject_id) == (record.chain, "records.record", str(record.pk))
    assert (told.actor, told.at, told.visibility) == ("SYSTEM", event.at, "public")
    assert told.payload == {
        "record": record.pk,
        "kind": "decision",
        "number": "槐荫里议答〔2026〕1号",
        "version": 1,
        "sha256": record.sha256,
        "size": record.size,
        "pages": 2,
    }


def test_an_event_makes_one_record_however_often_it_comes(event):
    first = making.make(Kind.DECISION, event)
    assert [making.make(Kind.DECISION, event).pk for _ in range(3)] == [first.pk] * 3
    assert (Record.objects.count(), len(made_events()), Series.objects.get().last) == (1, 1, 1)


def test_a_death_after_the_reservation_leaves_no_gap_and_no_second_number(event):
    reserved = making.reserve(Kind.DECISION, event)
    assert (reserved.is_made, Record.objects.made().count()) == (False, 0)
    record = making.make(Kind.DECISION, event)
    assert (record.pk, record.number, record.code) == (reserved.pk, reserved.number, reserved.code)
    assert Series.objects.get().last == 1


def test_a_death_while_the_file_was_written_is_made_good(event):
    reserved = making.reserve(Kind.DECISION, event)
    content = papers.pdf(letters.compose(reserved)).content
    digest = hashlib.sha256(content).hexdigest()
    storage().save(f"{digest[:2]}/{digest}.pdf", ContentFile(content[:1000]))
    record = making.make(Kind.DECISION, event)
    assert (record.sha256, record.read()) == (digest, content)


def test_a_death_after_the_file_was_written_leaves_one_file(event):
    reserved = making.reserve(Kind.DECISION, event)
    making._store((pdf := papers.pdf(letters.compose(reserved))).content, hashlib.sha256(pdf.content).hexdigest())
    record = making.make(Kind.DECISION, event)
    assert storage().listdir(record.sha256[:2])[1] == [f"{record.sha256}.pdf"]


def test_who_prints_second_keeps_what_the_first_one_made(event):
    reserved = making.reserve(Kind.DECISION, event)
    late = making.reserve(Kind.DECISION, event)
    pdf = papers.pdf(letters.compose(reserved))
    first = making.keep(reserved, pdf)
    second = making.keep(late, papers.printing.Pdf(pdf.content + b"%", pdf.pages))
    assert (second.pk, second.sha256, len(made_events())) == (first.pk, first.sha256, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_record(event):
    def work():
        try:
            making.make(Kind.DECISION, event)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (Record.objects.made().count(), len(made_events()), Series.objects.get().last) == (1, 1, 1)


def test_a_correction_keeps_the_number_and_takes_the_place_of_the_first_version(cast, event):
    first = making.make(Kind.DECISION, event)
    second = making.make(Kind.DECISION, story.corrected(cast, at=story.AT + 15 * story.DAY))
    first.refresh_from_db()
    assert (second.number, second.version, second.superseded_by) == (first.number, 2, None)
    assert first.superseded_by == second
    assert first.code != second.code


def test_a_version_that_was_late_is_superseded_too(cast, event):
    first = making.reserve(Kind.DECISION, event)
    second = making.make(Kind.DECISION, story.corrected(cast, at=story.AT + 15 * story.DAY))
    making.make(Kind.DECISION, event)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.superseded_by, second.superseded_by) == (second, None)


def test_what_is_not_public_stays_so(event):
    event.visibility = Visibility.PARTIES
    record = making.make(Kind.DECISION, event)
    assert record.visibility == made_events()[0].visibility == Visibility.PARTIES
    assert Record.objects.public().count() == 0


def test_records_of_a_case_are_listed_newest_first(cast, event):
    letter = making.make(Kind.DECISION, event)
    file = making.make(Kind.CASE_FILE, story.closed(cast))
    making.make(Kind.DECISION, other_case())
    assert list(Record.objects.of_chain(event.chain_id)) == [file, letter]


def other_case():
    cast = story.submitted(title="给三号院的长椅换木条", courtyard="南薰里")
    story.discussed(cast)
    return story.decided(cast)
