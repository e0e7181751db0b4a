"""The register of owners from a file: what it must say, what it changes, and that it comes back out as it went in."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from areas.models import Area
from ledger.models import Event
from people.verdict import Refused
from tests import build
from tests.voting import estate, urn
from tests.voting.estate import row, table
from voting import register, register_files, rolls
from voting.models import Owner, Unit
from voting.register_changes import changes, metres
from voting.register_reading import Register
from voting.register_rows import PURPOSES

pytestmark = pytest.mark.django_db

PLENTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def problems(*rows: list[str], area: Area | None = None) -> list[tuple[int, str]]:
    return register.read(area or build.courtyard(), table(*rows)).problems


def understood(*rows: list[str], area: Area | None = None) -> Register:
    reading = register.read(area or build.courtyard(), table(*rows))
    assert reading.problems == [] and reading.register
    return reading.register


def changed(area: Area, *rows: list[str]) -> list[tuple[str, str, str, str]]:
    found = changes(area, understood(*rows, area=area))
    return [(change.kind.value, change.label, change.before, change.after) for change in found]


# ── what a file says ─────────────────────────────────────────────────────────


def test_a_file_becomes_units_and_heads() -> None:
    here = build.courtyard()
    found = understood(
        row("101", "竹筠", "84.60", identity="510106199001010011"),
        row("102", "竹筠", "90", identity="510106199001010011"),
        row("201", "石安", "84.6", votes="否"),
        row("201", "石宁", "84.60", votes="是"),
        row("A-07", "同安置业", "12.5", purpose="车位", unsold="是", entrance=""),
        row("A-08", "同安置业", "12.50", purpose="车位", unsold="是", entrance=""),
        area=here,
    )
    assert [(party.name, bool(party.identity), party.is_developer) for party in found.parties] == [
        ("竹筠", True, False),
        ("石安", False, False),
        ("石宁", False, False),
        ("同安置业", False, True),
    ]
    assert [(holding.label, holding.purpose, holding.floor_area, holding.owners) for holding in found.holdings] == [
        ("3栋 1单元 101", "flat", 8460, (0,)),
        ("3栋 1单元 102", "flat", 9000, (0,)),
        ("3栋 1单元 201", "flat", 8460, (2, 1)),
        ("3栋 A-07", "parking", 1250, (3,)),
        ("3栋 A-08", "parking", 1250, (3,)),
    ]
    assert (found.heads, found.floor_area) == (3, 8460 + 9000 + 8460 + 2500)


def test_every_problem_is_listed_by_its_row() -> None:
    found = problems(
        row(purpose="仓库"),
        row("102", floor_area="八十"),
        row("103", floor_area="84.605"),
        row("104", floor_area="0"),
        row("105", floor_area="-3.5"),
        row("106", votes="对"),
        row("1" * 21),
        row("108", "长" * 61),
        row("109", ""),
        row("", "无房号"),
        row("110", identity="1" * 41),
        ["合计", "", "", "", "840.00"],
    )
    assert found == [
        (2, "“仓库” is no purpose. Write one of: 住宅, 商铺, 车位, 其他."),
        (3, "The floor area “八十” is no number."),
        (4, "The floor area “84.605” has more than two decimals."),
        (5, "The floor area must be more than 0."),
        (6, "The floor area must be more than 0."),
        (7, "“对” under “是否投票人” is neither “是” nor “否”."),
        (8, "“房号” is longer than 20 characters."),
        (9, "“业主姓名” is longer than 60 characters."),
        (10, "“业主姓名” is empty."),
        (11, "“房号” is empty."),
        (12, "“证件号” is longer than 40 characters."),
        (13, "This is a row of totals, not a unit. Please take it out."),
    ]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([row("101", "甲"), row("101", "甲")], [3]),
        ([row("101", "甲"), row("0101", "乙")], [3]),
        ([row("101", "甲", identity="7"), row("102", "乙", identity="7")], [3]),
        ([row("101", "甲", identity="7"), row("102", "甲")], [3]),
        ([row("101", "甲", votes="否"), row("101", "乙", votes="")], [2]),
        ([row("101", "甲"), row("101", "乙"), row("101", "丙", votes="否")], [3]),
        ([row("101", "甲"), row("101", "乙", "84.61", votes="否")], [3]),
        ([row("101", "甲"), row("101", "乙", purpose="商铺", votes="否")], [3]),
        ([row("101", "甲置业", unsold="是"), row("102", "乙置业", unsold="是")], [3]),
    ],
    ids=[
        "the same owner twice",
        "one unit spelled in two ways",
        "two names under one number",
        "a name with and without a number",
        "nobody marked to vote",
        "two marked to vote",
        "two floor areas",
        "two purposes",
        "two developers",
    ],
)
def test_what_rows_say_against_each_other(rows: list[list[str]], where: list[int]) -> None:
    assert [number for number, _text in problems(*rows)] == where


def test_a_sole_owner_votes_without_a_mark() -> None:
    assert understood(row(votes="")).holdings[0].owners == (0,)


def test_the_same_name_without_numbers_is_one_person_and_a_warning() -> None:
    reading = register.read(build.courtyard(), table(row("101"), row("102"), row("103", "石安")))
    assert [(party.name, party.key) for party in reading.register.parties] == [
        ("竹筠", ("", "竹筠")),
        ("石安", ("", "石安")),
    ]
    assert reading.warnings == [(2, "“竹筠” has 2 units and no identity number: counted as one person.")]


def test_the_same_name_with_two_numbers_is_two_people() -> None:
    assert understood(row("101", identity="1"), row("102", identity="2")).heads == 2


def test_an_identity_number_is_kept_as_a_keyed_hash_only() -> None:
    here, there = build.courtyard(), build.courtyard("同安苑")
    one, same, elsewhere = (
        understood(row(identity=number), area=area).parties[0].identity
        for number, area in (
            ("51010619900101001x", here),
            (" 51010619900101001X ", here),
            ("51010619900101001X", there),
        )
    )
    assert one == same != elsewhere
    estate.take_over(here, table(row(identity="51010619900101001X")))
    assert "51010619900101" not in repr([*Owner.objects.values(), *Event.objects.values()])


@pytest.mark.parametrize("column", range(9))
def test_a_column_that_is_missing_is_named(column: int) -> None:
    header = [cell for n, cell in enumerate(register_files.HEADER) if n != column]
    reading = register.read(build.courtyard(), table(row(), header=header))
    assert (reading.register, reading.problems) == (
        None,
        [(1, f"The column “{register_files.COLUMNS[column]}” is missing.")],
    )


def test_a_title_above_the_header_and_columns_in_another_order_are_read() -> None:
    turned = table(list(reversed(row())), header=reversed(register_files.HEADER))
    titled = b"\xef\xbb\xbf" + "槐荫里业主名册,,\r\n".encode() + turned.removeprefix(b"\xef\xbb\xbf")
    here = build.courtyard()
    assert register.read(here, titled).register == register.read(here, turned).register == understood(row(), area=here)


# ── changes and taking over ──────────────────────────────────────────────────


def test_the_preview_names_what_would_change_and_taking_over_makes_just_that() -> None:
    here = build.courtyard()
    first = [row("101", "甲"), row("102", "乙"), row("103", "丙"), row("104", "丁")]
    assert [kind for kind, *_rest in changed(here, *first)] == ["new"] * 4
    estate.take_over(here, table(*first))
    assert changed(here, *first) == []
    second = [row("101", "甲", "90.00"), row("102", "戊"), row("103", "丙", identity="7"), row("105", "己", "70")]
    assert changed(here, *second) == [
        ("unit", "3栋 1单元 101", "住宅 84.60 ㎡", "住宅 90.00 ㎡"),
        ("owner", "3栋 1单元 102", "乙", "戊"),
        ("new", "3栋 1单元 105", "", "住宅 70.00 ㎡ · 己"),
        ("person", "丙", "", "with an identity number"),
        ("gone", "3栋 1单元 104", "丁", ""),
    ]
    estate.take_over(here, table(*second))
    assert changed(here, *second) == []
    assert [cells[2:6] for cells in estate.said(here)] == [
        ["101", "住宅", "90.00", "甲"],
        ["102", "住宅", "84.60", "戊"],
        ["103", "住宅", "84.60", "丙"],
        ["105", "住宅", "70.00", "己"],
    ]


def test_an_import_is_on_record_with_counts_and_no_names() -> None:
    here = build.courtyard()
    estate.take_over(here, table(row("101", "竹筠"), row("102", "石安", "15.40")))
    event = Event.objects.get(kind="register.imported")
    assert (event.chain_id, event.texts.count(), event.payload) == (
        here.chain,
        0,
        {
            "file": "0" * 64, "units": 2, "owners": 2, "floor_area": 10000,
            "new": 2, "unit": 0, "owner": 0, "person": 0, "gone": 0,
        },
    )  # fmt: skip


def test_an_owner_who_is_known_keeps_the_account() -> None:
    here = build.courtyard()
    estate.take_over(here, table(row("101", "竹筠"), row("102", "石安", identity="2")))
    users = {name: build.person(name) for name in ("竹筠", "石安")}
    for name, user in users.items():
        Owner.objects.filter(name=name).update(user=user)
    estate.take_over(
        here, table(row("101", "竹筠", identity="1"), row("102", "石安"), row("103", "石宁", identity="3"))
    )
    kept = {owner.name: (owner.user, bool(owner.identity)) for owner in Owner.objects.filter(area=here)}
    assert kept == {"竹筠": (users["竹筠"], True), "石安": (users["石安"], True), "石宁": (None, True)}


def test_who_owns_nothing_any_more_is_forgotten_unless_a_roll_names_them() -> None:
    here = build.courtyard()
    estate.take_over(here, table(row("101", "旧主"), row("102", "石安")))
    user = build.person("旧主")
    Owner.objects.filter(name="旧主").update(user=user)
    estate.call(here)
    estate.take_over(here, table(row("101", "新主"), row("102", "石安")))
    estate.take_over(here, table(row("101", "又一新主"), row("102", "石安")))
    left = {owner.name: owner.user for owner in Owner.objects.filter(area=here)}
    assert left == {"旧主": None, "又一新主": None, "石安": None}


def test_the_developer_may_change_and_stays_one_head() -> None:
    here = build.courtyard()
    unsold = [row("101", "甲置业", unsold="是"), row("102", "甲置业", unsold="是"), row("103", "乙置业")]
    estate.take_over(here, table(*unsold))
    estate.take_over(here, table(row("101", "甲置业"), row("102", "乙置业", unsold="是"), row("103", "乙置业")))
    owners = {owner.name: owner.is_developer for owner in Owner.objects.filter(area=here)}
    assert owners == {"甲置业": False, "乙置业": True}


def test_what_was_previewed_against_another_register_is_not_taken_over() -> None:
    here, officer = build.courtyard(), build.person("文员")
    seen = register.fingerprint(here)
    asked = understood(row("101", "甲"), area=here)
    estate.take_over(here, table(row("102", "乙")))
    with pytest.raises(Refused) as refused, transaction.atomic():
        register.take_over(here, asked, seen=seen, by=officer, at=urn.AT, file="0" * 64)
    assert refused.value.verdict == register.CHANGED
    assert [cells[5] for cells in estate.said(here)] == ["乙"]


def test_a_frozen_roll_stays_when_the_register_changes() -> None:
    here = build.courtyard()
    estate.take_over(here, table(row("101", "甲"), row("102", "乙")))
    ballot = estate.call(here)
    estate.take_over(here, table(row("101", "丙", "90.00")))
    rights = ballot.entries.order_by("token").values_list("token", "units")
    assert (ballot.roll_size, ballot.roll_area, rolls.digest(rights)) == (2, 16920, ballot.roll_hash)


@pytest.mark.parametrize("text", ["3栋 1单元 101", "3-1-101", "３幢1单元0101室", "3栋1单元101"])
def test_a_unit_is_found_however_it_is_written(text: str) -> None:
    here = build.courtyard()
    estate.take_over(here, table(row("101"), row("102")))
    assert register.find(here, text) == Unit.objects.get(door="101")
    assert register.find(here, "3-1") is None


def test_three_thousand_rows_are_taken_over_with_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    here = build.courtyard()
    rows = [row(f"{k}", f"业主{k}", "80.00", building=f"{k % 30}栋", identity=f"{k}") for k in range(3000)]
    data = table(*rows)
    asked = register.read(here, data).register
    with django_assert_num_queries(3):
        register.fingerprint(here)
    estate.take_over(here, data)
    assert (Unit.objects.filter(area=here).count(), Owner.objects.filter(area=here).count()) == (3000, 3000)
    with django_assert_num_queries(4):
        assert changes(here, asked) == []


# ── properties ───────────────────────────────────────────────────────────────


def seen(text: str) -> str:
    """What is left of a name when it is read."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


WORDS = st.text("甲乙丙丁=+-@'\"<b>&,;\t　ＡＢ１２01", min_size=1, max_size=8).filter(seen)
AREAS = st.integers(1, 99_999_999)
NAMES = st.lists(WORDS, min_size=4, max_size=4, unique_by=seen)
NUMBERED = st.tuples(*[st.booleans()] * 4)
HELD = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)
UNITS = st.lists(st.tuples(WORDS, HELD, st.sampled_from(list(PURPOSES)), AREAS), min_size=1, max_size=6)
FORMULAS = [("\t=", [0], "住宅", 1), (" '+", [1], "住宅", 1)]
FORMS = st.sampled_from([register_files.csv_of, register_files.xlsx_of])


@PLENTY
@example(["甲", "乙", "丙", "丁"], (False,) * 4, FORMULAS, register_files.csv_of)
@example(["\t=", " '+", "　-", "@"], (False,) * 4, [("0", [0, 1, 2, 3], "住宅", 1)], register_files.csv_of)
@given(NAMES, NUMBERED, UNITS, FORMS)
def test_what_is_exported_and_imported_is_the_same_register(
    names: list[str], numbered: list[bool], units: list[Any], written: Any
) -> None:
    lines = [
        row(door, names[who], metres(area), building=f"{n}栋", purpose=purpose, identity=str(who) * numbered[who],
            votes="否" if place else "是", unsold="否" if who else "是")
        for n, (door, held, purpose, area) in enumerate(units)
        for place, who in enumerate(held)
    ]  # fmt: skip
    with transaction.atomic():
        here = build.courtyard()
        estate.take_over(here, register_files.csv_of(lines))
        before, said = register.fingerprint(here), estate.said(here)
        again = register.read(here, written(said))
        assert (again.problems, changes(here, again.register)) == ([], [])
        estate.take_over(here, written(said))
        assert (register.fingerprint(here), estate.said(here)) == (before, said)
        transaction.set_rollback(True)
