"""Erasing words: the chain stays whole, verify says what went, and everything else is still a problem."""

import pytest

from ledger import recording
from ledger.actors import SYSTEM
from ledger.models import Event, Text
from tests.ledger import book

pytestmark = pytest.mark.django_db

TITLE = "case:a#1 thing.happened “title”"


@pytest.fixture
def words():
    """Two chains with words: a#1 (title, note), a#2 (title), b#1 (title)."""
    book.note("case:a", texts={"title": "楼道的灯", "note": "坏了"})
    book.note("case:a", texts={"title": "水管"})
    book.note("case:b", texts={"title": "电梯"})
    return Text.objects.all()


def erase(texts, reason="request"):
    return recording.erase(texts, by=SYSTEM, at=book.AT, reason=reason)


def rows():
    order = ("event__chain_id", "event__number", "field")
    return list(Text.objects.order_by(*order).values_list(*order, "text", "erased_by__number"))


def test_salt_and_words_go_and_each_chain_says_which(words):
    assert erase(words.filter(field="title")) == 3
    assert rows() == [
        ("case:a", 1, "note", "坏了", None),
        ("case:a", 1, "title", "", 3),
        ("case:a", 2, "title", "", 3),
        ("case:b", 1, "title", "", 2),
    ]
    assert set(Text.objects.exclude(erased_by=None).values_list("salt", flat=True)) == {""}
    told = Event.objects.filter(kind="text.erased").values_list("chain_id", "number", "payload", "actor", "commitments")
    assert list(told) == [
        ("case:a", 3, {"reason": "request", "erased": [[1, "title"], [2, "title"]]}, "SYSTEM", {}),
        ("case:b", 2, {"reason": "request", "erased": [[1, "title"]]}, "SYSTEM", {}),
    ]
    assert book.problems() == []


def test_what_is_gone_is_not_erased_again(words):
    erase(words.filter(event__chain_id="case:b"))
    assert (erase(words.filter(field="title")), erase(words.filter(field="title"))) == (2, 0)
    assert (book.numbers("case:a"), book.numbers("case:b")) == ([1, 2, 3], [1, 2])
    assert book.problems() == []


def test_any_way_to_choose_the_words_will_do(words):
    assert erase(words.filter(event__kind="thing.happened").distinct().order_by("-pk")[:2]) == 2
    assert book.problems() == []


def test_verify_tells_how_much_was_erased_and_by_which_events(words, capsys):
    erase(words.filter(field="title"))
    erase(words.filter(field="note"), reason="retention")
    assert book.verify(capsys) == (
        0,
        [
            "Erased texts: 4, by case:a#3 (2), case:a#4 (1), case:b#2 (1).",
            "All is as it was written: 6 events checked.",
        ],
    )
    assert book.verify(capsys, "case:b", "--erased") == (
        0,
        [
            "case:b#1 thing.happened “title” was erased by case:b#2 text.erased",
            "Erased texts: 1, by case:b#2 (1).",
            "All is as it was written: 2 events checked.",
        ],
    )


def test_many_erasures_are_summed_up(capsys):
    for chain in range(23):
        book.note(f"case:{chain:02}", texts={"title": "灯"})
    erase(Text.objects.all())
    _, [line, _] = book.verify(capsys)
    first = ", ".join(f"case:{chain:02}#2 (1)" for chain in range(20))
    assert line == f"Erased texts: 23, by {first}, 3 more."


def test_altered_words_are_a_problem(words, capsys):
    book.sql("UPDATE ledger_text SET text = %s WHERE text = %s", "楼道的门", "楼道的灯")
    assert book.verify(capsys) == (
        1,
        [
            f"{TITLE}: the text was altered after it was written",
            "Erased texts: none.",
            "1 problem(s) found in 3 events.",
        ],
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("salt = '00ff'", "the text was altered after it was written"),
        ("salt = 'no hex'", "the text was altered after it was written"),
        ("salt = '', text = ''", "the text was altered after it was written"),
        ("erased_by_id = event_id", "is marked as erased by an event that does not name it"),
        ("salt = '', text = '', erased_by_id = event_id", "is marked as erased by an event that does not name it"),
    ],
)
def test_emptying_or_marking_by_hand_is_a_problem(words, change, what):
    book.sql(f"UPDATE ledger_text SET {change} WHERE text = %s", "楼道的灯")
    assert book.problems() == [f"{TITLE}: {what}"]


def test_the_mark_of_another_erasure_does_not_count(words):
    erase(words.filter(text="水管"))
    eraser = Event.objects.get(kind="text.erased")
    book.sql("UPDATE ledger_text SET salt = '', text = '', erased_by_id = %s WHERE text = %s", eraser.pk, "楼道的灯")
    assert book.problems() == [f"{TITLE}: is marked as erased by an event that does not name it"]


def test_the_erasure_of_another_chain_does_not_count(words):
    erase(words.filter(event__chain_id="case:b"))
    eraser = Event.objects.get(kind="text.erased")
    assert eraser.payload["erased"] == [[1, "title"]]
    book.sql("UPDATE ledger_text SET salt = '', text = '', erased_by_id = %s WHERE text = %s", eraser.pk, "楼道的灯")
    assert book.problems() == [f"{TITLE}: is marked as erased by an event that does not name it"]


def test_erased_words_that_came_back_are_a_problem(words):
    [kept] = words.filter(text="楼道的灯")
    erase(words.filter(pk=kept.pk))
    book.sql("UPDATE ledger_text SET salt = %s, text = %s WHERE id = %s", kept.salt, kept.text, kept.pk)
    assert book.problems() == [f"{TITLE}: was erased by case:a#3 text.erased, but there are words again"]
    book.sql("UPDATE ledger_text SET erased_by_id = NULL WHERE id = %s", kept.pk)
    assert book.problems() == ["case:a#1 “title”: was erased by case:a#3 text.erased, but is not marked so"]


def test_a_row_that_is_gone_is_a_problem(words):
    book.sql("DELETE FROM ledger_text WHERE text = %s", "楼道的灯")
    assert book.problems() == [f"{TITLE}: its row is gone: erasing would have left it, empty"]


def test_words_that_nobody_committed_to_are_a_problem(words):
    event = Event.objects.get(chain_id="case:b")
    Text.objects.create(event=event, field="note", text="我没说过")
    assert book.problems() == ["case:b#1 thing.happened “note”: was added: the event made no commitment to it"]


def test_words_moved_to_another_event_are_a_problem(words):
    target = Event.objects.get(chain_id="case:b")
    book.sql("UPDATE ledger_text SET event_id = %s WHERE text = %s", target.pk, "坏了")
    assert book.problems() == [
        "case:a#1 thing.happened “note”: its row is gone: erasing would have left it, empty",
        "case:b#1 thing.happened “note”: was added: the event made no commitment to it",
    ]
