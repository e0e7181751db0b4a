"""Seals: what moved since the last one, under one root that can be published."""

import datetime as dt
import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger import bulk, canonical, sealing
from ledger.bulk import Draft
from ledger.models import Chain, Seal, SealedHead
from tests.ledger import book
from tests.ledger.book import AT

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def heads(seal):
    return list(seal.heads.values_list("chain_id", "number", "hash"))


def two_days():
    """Two chains sealed on the first day; on the second only case:b moved."""
    book.notes(2, "case:a")
    book.note("case:b")
    first = sealing.seal(AT)
    book.note("case:b")
    return first, sealing.seal(AT + DAY)


def test_a_seal_covers_the_heads_that_moved():
    first, second = two_days()
    assert heads(first)[0] == ("case:a", 2, Chain.objects.get(pk="case:a").hash)
    assert [head[:2] for head in heads(first)] == [("case:a", 2), ("case:b", 1)]
    assert heads(second) == [("case:b", 2, Chain.objects.get(pk="case:b").hash)]
    assert (first.at, first.prev, second.at, second.prev) == (AT, canonical.GENESIS, AT + DAY, first.root)
    assert [seal.root for seal in (first, second)] == [sealing.root_of(s.at, s.prev, heads(s)) for s in (first, second)]
    assert book.problems() == []


def test_nothing_is_sealed_when_nothing_moved():
    assert sealing.seal(AT) is None
    two_days()
    Chain.objects.create(pk="case:empty")
    assert (sealing.seal(AT + 2 * DAY), Seal.objects.count()) == (None, 2)


def test_the_root_is_this_hash():
    rows = [("case:a", 2, "a" * 64), ("case:b", 1, "b" * 64)]
    content = (
        '{"at":"2026-11-18T02:00:00.000000Z","heads":[["case:a",2,"' + "a" * 64 + '"],["case:b",1,"' + "b" * 64 + '"]],'
        '"prev":"' + "0" * 64 + '","v":1}'
    )
    assert sealing.root_of(AT, canonical.GENESIS, rows) == hashlib.sha256(content.encode()).hexdigest()
    assert sealing.root_of(AT, canonical.GENESIS, rows[::-1]) == sealing.root_of(AT, canonical.GENESIS, rows)


def test_the_order_of_heads_is_that_of_code_points_in_any_database():
    for chain in ("case:b", "case:B", "case:_", "case:a1", "case:10", "area:x"):
        book.note(chain)
    made = sealing.seal(AT)
    ordered = sorted(heads(made))
    assert [head[0] for head in ordered] == ["area:x", "case:10", "case:B", "case:_", "case:a1", "case:b"]
    content = {"v": 1, "at": canonical.instant(AT), "prev": canonical.GENESIS, "heads": [list(h) for h in ordered]}
    assert made.root == book.reader()["digest"](content)


def test_a_seal_is_followed_by_one_only():
    first, _ = two_days()
    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(at=AT, prev=first.root, root="1" * 64)


def test_a_head_is_sealed_once():
    _, second = two_days()
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedHead.objects.create(seal=second, chain_id="case:b", number=2, hash="1" * 64)


@pytest.mark.parametrize("chains", [1, 30, 240])
def test_sealing_one_move_reads_one_head_however_many_were_sealed(chains):
    draft = Draft("thing.happened", ("a.b", "1"), "SYSTEM", AT, {})
    bulk.write({f"case:{n}": [draft] for n in range(chains)})
    with CaptureQueriesContext(connection) as queries:
        assert len(heads(sealing.seal(AT))) == chains
    assert len(queries) == 7  # what moved; savepoint, last seal, seal, heads, release; this test's own look
    book.note("case:0")
    assert [head[:2] for head in sealing.unsealed_heads()] == [("case:0", 2)]
    sealing.seal(AT + DAY)
    with CaptureQueriesContext(connection) as queries:
        assert sealing.seal(AT + 2 * DAY) is None
    assert len(queries) == 1


# ── tampering ────────────────────────────────────────────────────────────────


def test_a_changed_seal_is_named():
    first, second = two_days()
    book.sql("UPDATE ledger_seal SET at = '2026-11-18 02:00:00.000001+00:00' WHERE id = %s", first.pk)
    assert book.problems() == [f"ledger.seal #{first.pk}: does not fit what it sealed"]
    root = sealing.root_of(Seal.objects.get(pk=first.pk).at, first.prev, heads(first))
    book.sql("UPDATE ledger_seal SET root = %s WHERE id = %s", root, first.pk)
    assert book.problems() == [f"ledger.seal #{second.pk}: does not follow from the seal before it"]


def test_a_changed_head_of_a_seal_is_named():
    first, _ = two_days()
    book.sql("UPDATE ledger_sealedhead SET number = 1 WHERE chain_id = 'case:a'")
    assert book.problems() == [
        f"ledger.seal #{first.pk}: does not fit what it sealed",
        f"case:a#1: is not as ledger.seal #{first.pk} has it",
    ]


def test_a_head_taken_from_a_seal_is_named():
    first, _ = two_days()
    book.sql("DELETE FROM ledger_sealedhead WHERE chain_id = 'case:a'")
    assert book.problems() == [f"ledger.seal #{first.pk}: does not fit what it sealed"]


def test_a_seal_taken_out_is_missed_by_the_next():
    first, second = two_days()
    book.sql("DELETE FROM ledger_sealedhead WHERE seal_id = %s", first.pk)
    book.sql("DELETE FROM ledger_seal WHERE id = %s", first.pk)
    assert book.problems() == [f"ledger.seal #{second.pk}: does not follow from the seal before it"]


# ── what nothing here can see ────────────────────────────────────────────────


def test_a_past_rewritten_with_all_its_seals_is_betrayed_only_by_a_published_root(capsys):
    first, second = two_days()
    published = second.root
    call_command("verify", "--published", published)
    events = list(Chain.objects.get(pk="case:a").events.all())
    last = book.forge(events[1], prev=book.forge(events[0], payload={"n": 7}))
    book.sql("UPDATE ledger_chain SET hash = %s WHERE id = 'case:a'", last)
    book.sql("UPDATE ledger_sealedhead SET hash = %s WHERE chain_id = 'case:a'", last)
    root = sealing.root_of(first.at, first.prev, heads(first))
    book.sql("UPDATE ledger_seal SET root = %s WHERE id = %s", root, first.pk)
    newer = sealing.root_of(second.at, root, heads(second))
    book.sql("UPDATE ledger_seal SET prev = %s, root = %s WHERE id = %s", root, newer, second.pk)
    assert book.problems() == []
    capsys.readouterr()
    with pytest.raises(CommandError, match="1 problem"):
        call_command("verify", "--published", published, no_color=True)
    assert capsys.readouterr().out.splitlines()[0] == f"ledger.seal: none has the published root {published}"
