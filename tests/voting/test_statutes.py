"""Which rules there are, when each may be used, and that a wrong file stops the start."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from people.verdict import Refused
from voting import statutes
from voting.statutes import Broken, Roll
from voting.tally import Rule, Share

HALF, TWO_THIRDS, THREE_QUARTERS = Share(1, 2, True), Share(2, 3, False), Share(3, 4, False)
OLD, NEW = dt.date(2025, 12, 31), dt.date(2026, 1, 1)

SOUND = """
code = "residents_meeting_2026"
roll = "residents"
by_area = false
quorum = [1, 3, false]
majority = [1, 2, true]
valid_from = 2026-01-01
verified = true
[title]
zh = "居民会议"
en = "Residents' meeting"
[basis]
zh = "读过的条文"
en = "The text that was read"
"""


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.STATUTES_DIR = tmp_path
    return tmp_path


def put(folder: Path, text: str, name: str = "ours.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_these_statutes_come_with_the_product(folder: Path):
    found = {
        code: (each.roll, each.by_area, each.quorum, each.majority, each.verified)
        for code, each in statutes.all().items()
    }
    assert found == {
        "civil_code_278_general": (Roll.OWNERS, True, TWO_THIRDS, HALF, True),
        "civil_code_278_special": (Roll.OWNERS, True, TWO_THIRDS, THREE_QUARTERS, True),
        "residents_meeting_1989": (Roll.RESIDENTS, False, HALF, HALF, True),
        "delegates_meeting_1989": (Roll.HOUSEHOLDS, False, HALF, HALF, True),
        "residents_meeting_2026": (Roll.RESIDENTS, False, None, None, False),
        "delegates_meeting_2026": (Roll.HOUSEHOLDS, False, None, None, False),
        "council": (Roll.COUNCIL, False, TWO_THIRDS, HALF, True),
        "house": (Roll.RESIDENTS, False, HALF, HALF, True),
    }


def test_the_nine_matters_take_one_of_two_rules_each(folder: Path):
    matters = {code: [matter.code for matter in each.matters] for code, each in statutes.all().items() if each.matters}
    assert matters == {
        "civil_code_278_general": ["278_1", "278_2", "278_3", "278_4", "278_5", "278_9"],
        "civil_code_278_special": ["278_6", "278_7", "278_8"],
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_words_follow_the_reader(folder: Path, language: str):
    with translation.override(language):
        found = str(statutes.get("council").title)
    assert found == {"zh-hans": "议事会表决", "en": "Vote of the council"}[language]


def test_a_statute_gives_the_rule_of_a_ballot(folder: Path):
    special = statutes.usable("civil_code_278_special", on=NEW)
    assert special.rule() == Rule(TWO_THIRDS, THREE_QUARTERS, "civil_code_278_special", by_area=True)
    council = statutes.usable("council", on=NEW).rule("ranked", options=("a", "b"))
    assert council == Rule(TWO_THIRDS, HALF, "council", method="ranked", options=("a", "b"))
    with pytest.raises(ValueError):
        special.rule("ranked", options=("a", "b"))  # by floor area nobody ranks


@pytest.mark.parametrize(
    ("code", "on", "reason"),
    [
        ("residents_meeting_1989", NEW,
         "“Residents' meeting (old law)” applied until Dec. 31, 2025. Please choose the rule that is in force."),
        ("residents_meeting_2026", OLD, "“Residents' meeting” applies only from Jan. 1, 2026 on."),
        ("residents_meeting_2026", NEW,
         "Nobody has compared “Residents' meeting” with the law yet. The operator must first enter its fractions."),
        ("dice", NEW, "There is no rule with the code dice."),
    ],
)  # fmt: skip
def test_what_may_not_be_used_says_why(folder: Path, code: str, on: dt.date, reason: str):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        statutes.usable(code, on=on)
    assert str(refusal.value) == reason


def test_the_last_day_and_the_first_are_in_force(folder: Path):
    put(folder, SOUND)
    assert [statutes.usable(code, on=day).rule() for code, day in (
        ("residents_meeting_1989", OLD), ("residents_meeting_2026", NEW),
    )] == [Rule(basis="residents_meeting_1989"), Rule(Share(1, 3, False), HALF, "residents_meeting_2026")]  # fmt: skip


def test_the_operator_replaces_one_and_adds_another(folder: Path):
    ours = put(folder, SOUND)
    added = put(folder, SOUND.replace("residents_meeting_2026", "street_hearing"), "street.toml")
    shipped = {each.code: each for each in map(statutes.read, statutes.OURS.glob("*.toml"))}
    changed = {each.code: each for each in map(statutes.read, (ours, added))}
    assert len(shipped.keys() & changed.keys()) == 1
    assert statutes.all() == shipped | changed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SOUND.replace("majority = [1, 2, true]", ""), "a verified statute has a quorum and a majority"),
        (SOUND.replace("2026-01-01", '"2026-01-01"'),
         "valid_from = '2026-01-01': write a day like 2026-01-01, without quotes"),
        (SOUND.replace("valid_from", "valid_until = 2025-01-01\nvalid_from"), "valid_until is before valid_from"),
        ("colour = 1\n" + SOUND, "unknown: colour"),
        (SOUND.replace("verified = true", ""), "verified is missing"),
        (SOUND.replace("by_area = false", "by_area = 0"), "by_area = 0: write true or false"),
        (SOUND.replace("[1, 3, false]", "[4, 3, false]"),
         "quorum = [4, 3, False]: write [1, 2, true] for more than a half, [2, 3, false] for two thirds"),
        (SOUND.replace("[1, 3, false]", "[0.5, 1, false]"),
         "quorum = [0.5, 1, False]: write [1, 2, true] for more than a half, [2, 3, false] for two thirds"),
        (SOUND.replace('"residents"', '"everybody"'),
         "roll = 'everybody': write one of owners, residents, households, council"),
        (SOUND.replace('"residents_meeting_2026"', '"Residents"'),
         "code = 'Residents': write small letters, figures and _"),
        (SOUND.replace('en = "Residents\' meeting"', ""), "title = {'zh': '居民会议'}: write a table with zh and en"),
        (SOUND + '[[matters]]\nzh = "一"\nen = "one"\n',
         "matters = [{'zh': '一', 'en': 'one'}]: write tables with code, zh and en"),
    ],
)  # fmt: skip
def test_a_wrong_file_stops_the_start_and_is_named(folder: Path, text: str, why: str):
    path = put(folder, text)
    assert [error.msg for error in statutes.check()] == [f"{path}: {why}"]
    with pytest.raises(Broken):
        statutes.all()


def test_a_file_that_is_no_toml_and_a_code_given_twice_are_named(folder: Path):
    path = put(folder, "code =")
    assert [error.msg.partition(" (")[0] for error in statutes.check()] == [f"{path}: it cannot be read: Invalid value"]
    put(folder, SOUND)
    second = put(folder, SOUND, "second.toml")
    why = "another file here has the code residents_meeting_2026 too"
    assert [error.msg for error in statutes.check()] == [f"{second}: {why}"]


def test_without_files_of_the_operator_all_is_well(folder: Path):
    assert statutes.check() == []
