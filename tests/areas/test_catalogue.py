"""The catalogue as a file: all or nothing, every fault by its row, and out again as it came in."""

import datetime as dt
import random

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from areas import catalogue
from areas.catalogue import Faulty
from areas.models import Area, Body, Category, Competence, Level
from ledger.actors import SYSTEM
from ledger.models import Event

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
HEADER = "category,name,area,level,body,basis,valid_from,valid_until"


@pytest.fixture
def load(places, at):
    def read(*lines, header=HEADER, encoding="utf-8"):
        return catalogue.load("\n".join([header, *lines]).encode(encoding), by=SYSTEM, at=at)

    return read


@pytest.fixture
def problems(load):
    def read(*lines, **how):
        with translation.override("en"), pytest.raises(Faulty) as refused:
            load(*lines, **how)
        return list(refused.value.problems)

    return read


@pytest.fixture
def seat(places, at):
    def put(name, area, since=-400, until=None):
        until = until if until is None else at + until * DAY
        return Body.objects.create(area=places[area], name=name, sat_from=at + since * DAY, sat_until=until)

    return put


def rows():
    """What the catalogue says, without its primary keys."""
    return [
        (row.category.code, row.area.name, Level(row.level).name, row.body, row.basis, row.valid_from, row.valid_until)
        for row in Competence.objects.all()
    ]


def categories():
    return [(category.code, category.name, category.order) for category in Category.objects.all()]


STREET = "drains,排水管网,T001,street,,示例第1项,2026-01-01,"
DISTRICT = "drains,排水管网,T000,district,联席会,“示例”第2项,2026-01-01,2027-01-01"


def test_a_file_becomes_categories_and_rows(load, seat):
    council = seat("联席会", "区")
    assert load(STREET, DISTRICT, "other,其他,,,,,,") == 2
    assert categories() == [("drains", "排水管网", 1), ("other", "其他", 2)]
    assert rows() == [
        ("drains", "区", "DISTRICT", council, "“示例”第2项", dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
        ("drains", "抚琴", "STREET", None, "示例第1项", dt.date(2026, 1, 1), None),
    ]


def test_reading_the_same_file_again_changes_nothing(load, seat):
    seat("联席会", "区")
    load(STREET, DISTRICT, "other,其他,,,,,,")
    before = (rows(), categories(), Event.objects.count())
    assert load(STREET, DISTRICT, "other,其他,,,,,,") == 0
    assert load("other,其他,,,,,,") == 0
    assert (rows(), categories(), Event.objects.count()) == before


def test_a_row_is_changed_by_naming_it_again_and_what_is_not_named_stays(load, seat):
    seat("联席会", "区")
    load(STREET, DISTRICT)
    assert (
        load("drains,排水,T001,street,,新的依据,2026-01-01,2026-12-31", "drains,排水,T001,street,,依据,2026-12-31,")
        == 2
    )
    assert categories() == [("drains", "排水", 1)]
    assert [(row[1], row[4], row[6]) for row in rows()] == [
        ("区", "“示例”第2项", dt.date(2027, 1, 1)),
        ("抚琴", "新的依据", dt.date(2026, 12, 31)),
        ("抚琴", "依据", None),
    ]


def test_each_new_or_changed_row_is_recorded_in_its_area(load, places, seat, at):
    council = seat("联席会", "区")
    load(STREET, DISTRICT)
    events = [(event.chain_id, event.kind, event.actor, event.at, event.payload) for event in Event.objects.all()]
    common = {"category": "drains", "valid_from": "2026-01-01"}
    assert sorted(events, key=lambda event: event[0]) == [
        (
            places["区"].chain,
            "competence.listed",
            "SYSTEM",
            at,
            common | {"level": 1, "body": council.pk, "valid_until": "2027-01-01"},
        ),
        (
            places["抚琴"].chain,
            "competence.listed",
            "SYSTEM",
            at,
            common | {"level": 2, "body": None, "valid_until": None},
        ),
    ]
    assert set(Event.objects.values_list("texts__text", flat=True)) == {"示例第1项", "“示例”第2项"}


def test_the_order_of_the_file_is_that_of_its_categories_on_their_own_places(load):
    load("a,甲,,,,,,", "b,乙,,,,,,", "c,丙,,,,,,")
    load("c,丙,,,,,,", "d,丁,,,,,,", "a,甲,,,,,,")
    assert [code for code, _name, _order in categories()] == ["c", "b", "d", "a"]


# ── the form of the file ─────────────────────────────────────────────────────


def test_what_spreadsheets_make_of_a_file_is_understood(load, seat):
    lines = [
        '"drains","排水管网", T001 ,street,,"依据,\n第1项",2026/1/31,2026/12/1',
        "",
        ",,,,,,,",
        "drains,排水管网,T000,district,,依据,2026-01-01",
        "other,其他",
    ]
    assert load(*lines, encoding="utf-8-sig") == 2
    assert [(row[4], row[5], row[6]) for row in rows()] == [
        ("依据", dt.date(2026, 1, 1), None),
        ("依据,\n第1项", dt.date(2026, 1, 31), dt.date(2026, 12, 1)),
    ]
    assert [code for code, _name, _order in categories()] == ["drains", "other"]


def test_the_columns_may_stand_in_any_order(load):
    header = "valid_until,valid_from,basis,body,level,area,name,category"
    assert load(",2026-01-01,依据,,street,T001,排水管网,drains", header=header) == 1


@pytest.mark.parametrize("header", ["", "category,name", HEADER + ",note", HEADER.replace("basis", "Basis")])
def test_other_columns_are_refused(problems, header):
    assert problems(STREET, header=header) == [f"Row 1: The columns must be: {HEADER.replace(',', ', ')}."]


def test_what_is_no_table_in_utf8_is_refused(problems):
    assert problems(STREET, encoding="gb18030") == ["The file is not UTF-8. Save it as “CSV UTF-8”."]
    assert problems('drains,"排水') == ["The file is not a table: unexpected end of data."]


# ── faults ───────────────────────────────────────────────────────────────────


def test_every_fault_is_named_by_its_row_and_nothing_is_imported(problems, places, seat):
    seat("联席会", "区")
    found = problems(
        STREET,
        "排水,,T9,town,,,soon,later",
        "drains,排水管网,T001,street,,第1项,2026-02-01,2026-02-01,too,much",
        "",
        "drains,下水道,T001,community,联席会,第1项,2026-02-30,",
        "drains,排水管网,T001,street,谁,,2026-01-01,",
        f"lamps,{'灯' * 21},,,,,,",
        f"{'l' * 41},路灯,T001,street,,{'长' * 201},2026-01-01,",
        ",,T000,district,联席会,第1项,2026-01-01,",
    )
    code = "category must be a code of at most 40 letters, digits, - and _."
    name = "name must have 1 to 20 characters."
    basis = "basis must name the legal basis in at most 200 characters."
    assert found == [
        f"Row 3: {code}",
        f"Row 3: {name}",
        "Row 3: There is no area with the code “T9”.",
        "Row 3: level must be one of district, street, community, courtyard.",
        f"Row 3: {basis}",
        "Row 3: valid_from must be a date such as 2026-01-31.",
        "Row 3: valid_until must be a date such as 2026-01-31.",
        "Row 4: There are more cells than columns.",
        "Row 4: valid_until must be later than valid_from.",
        "Row 6: valid_from must be a date such as 2026-01-31.",
        "Row 6: Row 2 calls the category drains “排水管网”.",
        f"Row 7: {basis}",
        "Row 7: 抚琴 has not exactly one body “谁” at the level Street.",
        "Row 7: Row 2 has the same category, area, level and valid_from.",
        f"Row 8: {name}",
        f"Row 9: {code}",
        f"Row 9: {basis}",
        f"Row 10: {code}",
        f"Row 10: {name}",
    ]
    assert (rows(), categories(), Event.objects.count()) == ([], [], 0)


# ── bodies ───────────────────────────────────────────────────────────────────


def line(area, level, body, since="2026-01-01"):
    return f"drains,排水管网,{area},{level},{body},依据,{since},"


def test_a_body_is_looked_for_at_its_level_above_and_below_the_area(load, problems, seat):
    council, group = seat("议事会", "抚琴"), seat("小组", "槐荫里")
    seat("议事会", "营门口")
    seat("议事会", "金鱼街")
    load(line("T001", "street", "议事会"), line("T003", "street", "议事会"), line("T000", "courtyard", "小组"))
    assert {row[3] for row in rows()} == {council, group}
    none = "Row 2: 区 has not exactly one body “议事会” at the level Street."
    assert problems(line("T000", "street", "议事会")) == [none]  # two streets have one
    assert problems(line("T002", "courtyard", "小组")) == [
        "Row 2: 营门口 has not exactly one body “小组” at the level Courtyard."
    ]


def test_of_two_with_one_name_the_one_is_meant_that_sat_when_the_row_begins(load, problems, seat, at):
    old, new = seat("议事会", "抚琴", until=-100), seat("议事会", "抚琴", since=-100)
    dates = [(at + days * DAY).date().isoformat() for days in (-200, -101, -100, 0)]
    load(*(line("T001", "street", "议事会", date) for date in dates))
    assert [row[3] for row in rows()] == [old, old, new, new]
    assert len(problems(line("T001", "street", "议事会", "2020-01-01"))) == 1


# ── out and in ───────────────────────────────────────────────────────────────


def everything(places, seat):
    """Rows of all kinds, in odd places, in no order."""
    dice = random.Random(7)
    names = {area.name: seat(f"{area.name}议事会", area.name) for area in places.values()}
    for n, order in enumerate((30, 10, 20, 20, 5)):
        Category.objects.create(code=f"c{n}", name=f"类别，“{n}”", order=order)
    for category in Category.objects.exclude(code="c4"):
        for area in dice.sample(list(places.values()), 6):
            first = dt.date(2026, 1, 1) + dice.randrange(300) * DAY
            Competence.objects.create(
                category=category,
                area=area,
                level=dice.randint(1, area.level),
                basis=f'依据"{dice.random()}", 第\n{area.pk}项',
                valid_from=first,
                valid_until=dice.choice([None, first + DAY]),
            )
    for row in Competence.objects.filter(pk__in=Competence.objects.values_list("pk", flat=True)[::2]):
        row.body = names[row.area.lineage()[row.level - 1].name]
        row.save()


def test_what_goes_out_comes_in_again_as_it_was(places, seat, at):
    everything(places, seat)
    before, order, text = rows(), categories(), catalogue.dump()
    assert catalogue.load(text.encode(), by=SYSTEM, at=at) == 0
    assert (rows(), categories(), catalogue.dump()) == (before, order, text)
    Competence.objects.all().delete()
    Category.objects.all().delete()
    assert catalogue.load(text.encode(), by=SYSTEM, at=at) == len(before) > 20
    assert (sorted(rows(), key=str), catalogue.dump()) == (sorted(before, key=str), text)
    assert [code for code, _name, _order in categories()] == [code for code, _name, _order in order]


@pytest.mark.parametrize("many", [1, 30, 3000])
def test_two_queries_write_the_catalogue_however_long(places, at, many, django_assert_num_queries):
    category = Category.objects.create(code="drains", name="排水管网")
    Competence.objects.bulk_create(
        Competence(category=category, area=places["长庆"], level=2, basis="x", valid_from=at.date() + n * DAY)
        for n in range(many)
    )
    with django_assert_num_queries(2):
        assert catalogue.dump().count("\n") == many + 1


# ── the example, and the commands ────────────────────────────────────────────


@pytest.fixture
def jinniu(db):
    return Area.add_root(code="510106", name="金牛区", level=Level.DISTRICT)


def test_the_example_is_clean_and_says_that_it_is_one(jinniu, at):
    data = catalogue.EXAMPLE.read_bytes()
    assert catalogue.load(data, by=SYSTEM, at=at) == Competence.objects.count() == 41
    assert catalogue.dump().encode() == data
    names = [category.name for category in Category.objects.all()]
    assert (len(names), names[0], names[-1]) == (12, "停车与道路", "其他")
    assert all("（示例）" in row.basis and row.area == jinniu for row in Competence.objects.select_related("area"))
    drains = Competence.objects.filter(category__code="drainage").values_list("level", flat=True)
    assert (list(drains), Competence.objects.filter(category__code="other").count()) == ([1, 2, 4], 0)


def test_the_commands_read_and_write_files(jinniu, tmp_path, capsys):
    call_command("catalogue_import", str(catalogue.EXAMPLE))
    call_command("catalogue_export", str(tmp_path / "out.csv"))
    call_command("catalogue_import", str(tmp_path / "out.csv"))
    assert capsys.readouterr().out.splitlines() == ["41 rows new or changed", "0 rows new or changed"]
    assert (tmp_path / "out.csv").read_bytes() == b"\xef\xbb\xbf" + catalogue.EXAMPLE.read_bytes()
    call_command("catalogue_export")
    assert capsys.readouterr().out == catalogue.EXAMPLE.read_text()


def test_the_command_names_every_fault(tmp_path, capsys):
    file = tmp_path / "in.csv"
    file.write_text(f"{HEADER}\n{STREET}\n{DISTRICT}\n")
    with translation.override("en"), pytest.raises(CommandError, match=r"Nothing imported: 2 problem\(s\)"):
        call_command("catalogue_import", str(file))
    assert capsys.readouterr().out.splitlines() == [
        "Row 2: There is no area with the code “T001”.",
        "Row 3: There is no area with the code “T000”.",
    ]
    for name, path in (("import", tmp_path / "none.csv"), ("export", tmp_path / "none" / "out.csv")):
        with pytest.raises(CommandError, match="cannot be"):
            call_command(f"catalogue_{name}", str(path))
