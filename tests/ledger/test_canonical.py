"""The byte form of an event: literal, so that it cannot change by accident."""

import datetime as dt
import decimal
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from areas.models import Level
from ledger import canonical
from ledger.models import Event, Visibility
from tests.ledger import book

READER = book.reader()

VECTORS = [
    ({}, b"{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
    ("", b'""', "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126"),
    ([1, [2, [3]]], b"[1,[2,[3]]]", "515b8578d7e3f9401f4013b481191a4df6373a4b37fc3e565abd5085344c927f"),
    (
        {"b": [True, False, None], "a": 1},
        b'{"a":1,"b":[true,false,null]}',
        "39c40f48225c0bda582175eb3e5f00cc9e58928b59b1cd3d6385276cca4da0d5",
    ),
    (
        {"门": "3-2-501", "水": "表"},
        b'{"\xe6\xb0\xb4":"\xe8\xa1\xa8","\xe9\x97\xa8":"3-2-501"}',
        "1a0fa6f96bfba7bf9251542dfb6f42aa01713887487f0e8fbf7257b3bef90e83",
    ),
    (  # by code points: by UTF-16 units the last two would change places
        {"😀": 3, "ｚ": 2, "a": -1, "Z": 0},
        b'{"Z":0,"a":-1,"\xef\xbd\x9a":2,"\xf0\x9f\x98\x80":3}',
        "85e08f5c5f6f7ba1dc8271aad4f2e16d7341e39e8846ce2a48e9191eda9cd6bc",
    ),
    (
        ['"\\/\b\t\n\f\r\x01\x1f\x7f\u2028é'],
        b'["\\"\\\\/\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\xe2\x80\xa8\xc3\xa9"]',
        "1b37e01439ce0eb10578e7de51949f1ca0cb04b7cce8b72350b768f3adbe15a7",
    ),
    (
        [2**53 - 1, -(2**53 - 1), 0],
        b"[9007199254740991,-9007199254740991,0]",
        "b80bd42d5351670aefcf3e66750d64961095073307e52f6d6b3554d97ed6578f",
    ),
    (
        {"a": {"c": [], "b": {}}},
        b'{"a":{"b":{},"c":[]}}',
        "fe74fd3690471d75a7972ca5502bb49f6eec18c334f67643d35ab85de2d1cb56",
    ),
]

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
whole = st.integers(-canonical.LARGEST, canonical.LARGEST)
values = st.recursive(
    st.none() | st.booleans() | whole | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(("value", "encoded", "digest"), VECTORS)
def test_a_value_has_these_bytes_and_this_hash(value, encoded, digest):
    assert canonical.encode(value) == encoded
    assert hashlib.sha256(encoded).hexdigest() == digest
    assert canonical.digest(value) == READER["digest"](value) == digest


def test_tuples_and_enumerations_are_what_the_database_gives_back():
    assert canonical.encode({"a": (Level.STREET, Visibility.STAFF)}) == b'{"a":[2,"staff"]}'


@given(values)
@settings(max_examples=300, deadline=None)
def test_what_is_encoded_is_read_back_the_same(value):
    encoded = canonical.encode(value)
    assert json.loads(encoded) == value
    assert encoded == READER["canonical"](value).encode()


@given(st.dictionaries(texts, whole, min_size=2), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_in_which_keys_were_put_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical.encode(dict(items)) == canonical.encode(value)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        dt.date(2026, 11, 18),
        book.AT,
        decimal.Decimal(1),
        b"1",
        {1, 2},
        object(),
        {1: "a"},
        {None: 1},
    ],
    ids=lambda value: repr(value).split(" at ")[0],
)
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical.encode({"a": [value]})


@pytest.mark.parametrize("value", [2**53, -(2**53), "a\0b", {"a\0": 1}, "\ud83d"], ids=ascii)
def test_what_some_reader_could_not_give_back_is_refused(value):
    with pytest.raises(ValueError):
        canonical.encode([value])


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (dt.datetime(2026, 11, 18, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8))), "2026-11-18T02:00:00.000000Z"),
        (dt.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC), "2026-01-02T03:04:05.000006Z"),
    ],
)
def test_an_instant_is_written_in_utc_with_six_digits(at, written):
    assert canonical.instant(at) == written


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        canonical.instant(dt.datetime(2026, 11, 18, 10, 0))  # noqa: DTZ001


def test_a_commitment_is_the_hash_of_salt_and_text():
    salt = "000102030405060708090a0b0c0d0e0f"
    expected = hashlib.sha256(bytes(range(16)) + "同意受理。".encode()).hexdigest()
    assert canonical.commitment(salt, "同意受理。") == READER["commitment"](salt, "同意受理。") == expected


def test_salts_are_sixteen_bytes_and_new_each_time():
    salts = {canonical.new_salt() for _ in range(100)}
    assert {len(bytes.fromhex(salt)) for salt in salts} == {16}
    assert len(salts) == 100


def test_an_event_has_these_bytes_and_this_hash():
    event = Event(
        chain_id="case:5f0c2d6e8b7a4f1e9d3c2b1a00ff7e61",
        number=2,
        kind="case.accepted",
        subject_type="proposals.proposal",
        subject_id="17",
        actor="SYSTEM",
        visibility=Visibility.PUBLIC,
        at=book.AT,
        payload={"level": 4, "due": "2026-12-03T16:00:00.000000Z"},
        commitments={"note": "fe18986913105e841cfc798a9f99092f2f2d7a026ce8de57bb76d4801b061ae4"},
        prev=canonical.GENESIS,
    )
    assert canonical.encode(event.content()).decode() == (
        '{"actor":"SYSTEM","at":"2026-11-18T02:00:00.000000Z","chain":"case:5f0c2d6e8b7a4f1e9d3c2b1a00ff7e61",'
        '"commitments":{"note":"fe18986913105e841cfc798a9f99092f2f2d7a026ce8de57bb76d4801b061ae4"},'
        '"kind":"case.accepted","number":2,"payload":{"due":"2026-12-03T16:00:00.000000Z","level":4},'
        '"prev":"0000000000000000000000000000000000000000000000000000000000000000",'
        '"subject":["proposals.proposal","17"],"v":1,"visibility":"public"}'
    )
    assert event.fingerprint() == "fd325a732d736d3fba4b5a47888d8dabb5067a030c3ed70f8a4c8f399e61975d"
