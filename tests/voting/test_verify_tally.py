"""Anyone can check a published file: an honest one is accepted, and whatever was altered in one is named."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.voting import forging, published
from tests.voting.forging import Forgery, chained, forgeries, unchained
from tests.voting.published import Line, read
from voting import verify_tally
from voting.hands import paper_of
from voting.methods import METHODS
from voting.tally import Rule, Weight
from voting.verify_tally import Tally

SCRIPT = Path(verify_tally.__file__)
BROKEN = "校验链断：此行被改，或此处缺行、多行 · altered, or lines are missing or added here"
NOT_PUBLISHED = "末行校验值与公布的不符 · not the chain value that was published"
FOREIGN = "此类表决无此行 · no line of such a ballot"
HANDS = "人数不合 · hands do not add up"
NO_VOTE = "无此表决权 · no right that has a vote"
IMPOSSIBLE = "不可能的选择 · no paper can say this"
DIFFER = "渠道、回执、选票、表决权数目不合 · channels, receipts, papers, rights differ"

COMPACT: dict[str, Any] = {"sort_keys": True, "separators": (",", ":")}

few = settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])  # a file has 300 forgeries


def faults(file: list[bytes], root: str | None = None) -> list[tuple[int, str, str]]:
    return sorted(tuple(problem) for problem in Tally(file, root).problems)


def counted_again(name: str, said: Any, true: Any) -> str:
    texts = (json.dumps(value, **COMPACT) for value in (said, true))
    return "{}：文件 in the file {}，重算 counted again {}".format(name, *texts)


@settings(max_examples=150, deadline=None)
@given(published.files())
def test_every_honest_file_is_accepted(file: list[bytes]) -> None:
    assert faults(file, read(file)[-1]["chain"]) == []


# ── every single change of a file ────────────────────────────────────────────


@few
@example(published.named())
@example(published.secret())
@example(published.show())
@given(published.files())
def test_every_single_change_is_rejected_and_its_line_named(file: list[bytes]) -> None:
    assert [forgery for forgery in forgeries(file) if not is_named(forgery)] == []


def is_named(forgery: Forgery) -> bool:
    """Where a line is gone, the one that took its place is named; behind the last line there is none."""
    lines = {line for line, _kind, _what in faults(unchained(forgery.lines))}
    return min(forgery.number, len(forgery.lines)) in lines


@few
@example(published.named())
@example(published.secret())
@example(published.show())
@given(published.files())
def test_a_forger_who_writes_the_chain_anew_is_caught(file: list[bytes]) -> None:
    """By the file itself where it says a thing twice or adds it up, and always by the chain value published."""
    root = read(file)[-1]["chain"]
    for forgery in forgeries(file):
        forged = chained(forgery.lines)
        if forged != file:
            found = faults(forged)
            assert found or forgery.is_silent or (forgery.is_of_the_count and adds_up(forgery.lines)), forgery
            assert faults(forged, root) == sorted([*found, (len(forged), last_kind(forged), NOT_PUBLISHED)]), forgery


def last_kind(file: list[bytes]) -> str:
    kind = str(read(file)[-1].get("line"))
    return kind if kind in verify_tally.ORDER else "?"


def adds_up(lines: list[Line]) -> bool:
    """Does the product, counting these lines, come to the result that stands in them?"""
    of: dict[str, list[Line]] = {}
    for line in lines:
        of.setdefault(line["line"], []).append(line)
    held = {line["right"]: sum(area for _label, area in line["units"]) for line in of["right"] if line["units"]}
    cast = [(line["content"], Weight(1, held[line["right"]])) for line in of.get("paper", [])]
    cast += [(line["content"], Weight(1)) for line in of.get("choice", [])]
    told = {key: value for key, value in of["result"][0].items() if key not in ("line", "chain")}
    try:
        rule = Rule.of(of["rule"][0]["terms"])
        for line in of.get("hands", []):
            cast += [(paper_of(line["counts"], rule.options, head), Weight(1)) for head in range(line["present"])]
        found = METHODS[rule.method].count(cast, Weight(len(held), sum(held.values())), rule).data()
    except (ValueError, TypeError, KeyError):
        return False
    return json.dumps(found, sort_keys=True) == json.dumps(told, sort_keys=True)


# ── some forgeries, and the whole of what is said of them ────────────────────


def edited(file: list[bytes], number: int, **fields: Any) -> list[Line]:
    lines = read(file)
    lines[number - 1].update(fields)
    return lines


def test_an_altered_choice_is_named_and_what_it_would_turn() -> None:
    assert faults(unchained(edited(published.secret(), 12, content=["c"]))) == [
        (12, "choice", BROKEN),
        (
            15,
            "result",
            counted_again(
                "pairs",
                {"a": {"b": 0, "c": 1}, "b": {"a": 2, "c": 2}, "c": {"a": 0, "b": 0}},
                {"a": {"b": 0, "c": 1}, "b": {"a": 1, "c": 1}, "c": {"a": 1, "b": 1}},
            ),
        ),
        (15, "result", counted_again("result", "passed", "tied")),
        (15, "result", counted_again("winners", ["b"], ["b", "c"])),
    ]


@pytest.mark.parametrize(
    ("number", "fields", "expected"),
    [
        (
            10,
            {"right": "0b"},
            [
                (11, "paper", "重复或未按序 · twice, or not in order: 0b"),
                (14, "result", counted_again("papers", [2, 25050], [2, 18000])),
                (14, "result", counted_again("silent", [1, 7000], [1, 14050])),
                (
                    14,
                    "result",
                    counted_again(
                        "with_silent", {"yes": [1, 16050], "no": [1, 9000]}, {"yes": [1, 9000], "no": [1, 9000]}
                    ),
                ),
                (14, "result", counted_again("yes", [1, 16050], [1, 9000])),
            ],
        ),
        (11, {"right": "0e"}, [(11, "paper", NO_VOTE)]),
        (11, {"right": "0d"}, [(11, "paper", NO_VOTE)]),
        (11, {"content": "maybe"}, [(11, "paper", IMPOSSIBLE)]),
        (11, {"receipt": "AAAA-2222"}, [(n, "paper", "回执码重复 · the receipt code stands twice") for n in (10, 11)]),
        (
            11,
            {"channel": "web"},
            [(13, "channels", counted_again("proxy", 1, 0)), (13, "channels", counted_again("web", 1, 2))],
        ),
        (8, {"by": ["p1", "p1"]}, [(8, "correction", "读不懂或栏目有误 · unreadable, or wrong fields: by")]),
        (8, {"right": "0d"}, [(4, "right", "有变动而无更正 · without correction")]),
        (8, {"at": "2026-09-25T01:00:00.000000Z"}, [(8, "correction", "时间不对 · at a wrong time")]),
        (2, {"labels": {"a": "甲"}}, [(2, "rule", "规则各项不合 · terms that do not fit each other")]),
        (15, {"root": "AB" * 32}, [(15, "end", "读不懂或栏目有误 · unreadable, or wrong fields: root")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(number: int, fields: dict[str, Any], expected: list[Any]) -> None:
    assert faults(chained(edited(published.named(), number, **fields))) == expected


def test_a_smaller_floor_area_shows_in_the_roll_and_in_the_result() -> None:
    found = faults(chained(edited(published.named(), 5, units=[["1栋 2**", 1]])))
    assert [(line, kind, what.split("：")[0]) for line, kind, what in found] == [
        (3, "roll", "area"),
        (3, "roll", "hash"),
        *((14, "result", name) for name in ("no", "papers", "roll", "with_silent")),
    ]


def test_a_receipt_that_is_left_out_is_missed() -> None:
    lines = read(published.secret())
    assert faults(chained([*lines[:7], *lines[8:]])) == [(13, "channels", DIFFER)]


def test_a_vote_without_a_right_is_one_too_many() -> None:
    lines = read(published.secret())
    more = [{"line": "choice", "content": ["b"]} for _ in range(2)]
    lines[13].update(web=4)
    codes = [{"line": "receipt", "code": code} for code in ("FFFF-7777", "GGGG-8888")]
    found = faults(chained([*lines[:10], *codes, *lines[10:13], *more, *lines[13:]]))
    assert found[0] == (18, "channels", DIFFER)


def test_a_secret_ballot_shows_no_papers() -> None:
    lines = read(published.secret())
    paper = {"line": "paper", "right": "1a", "channel": "web", "receipt": "CCCC-4444", "content": []}
    found = faults(chained([*lines[:7], paper, *lines[7:]]))
    assert (8, "paper", FOREIGN) in found


@pytest.mark.parametrize(
    "fields",
    [
        {"present": 6},
        {"present": 2**52},
        {"present": 3},
        {"counts": {"yes": 3, "no": 0, "abstain": 1}},
        {"counts": {key: {"yes": 2**52, "no": 0, "abstain": 0} for key in "ab"}},
        {"counts": {"a": {"yes": 4, "no": 0, "abstain": 0}}},
    ],
)
def test_hands_that_do_not_add_up_are_named(fields: dict[str, Any]) -> None:
    assert faults(chained(edited(published.show(), 9, **fields))) == [(9, "hands", HANDS)]


def test_one_meeting_counts_its_hands_once_and_a_secret_ballot_counts_none() -> None:
    lines = read(published.show())
    assert (10, "hands", FOREIGN) in faults(chained([*lines[:9], lines[8], *lines[9:]]))
    secret = read(published.secret())
    assert (14, "hands", FOREIGN) in faults(chained([*secret[:13], lines[8], *secret[13:]]))


def test_other_hands_give_another_result() -> None:
    more = {"a": {"yes": 3, "no": 1, "abstain": 0}, "b": {"yes": 1, "no": 2, "abstain": 1}}
    [(line, kind, what)] = faults(chained(edited(published.show(), 9, counts=more)))
    assert (line, kind, what.split("：")[0]) == (11, "result", "options")


# ── files that are none, and the script by itself ────────────────────────────

UNREADABLE = "读不懂或栏目有误 · unreadable, or wrong fields: line"
SHORT = "文件不完整 · the file ends too early"


@pytest.mark.parametrize(
    "bad",
    [
        b"", b"{}", b"[]", b"null", b"{", b"\xff", b'{"line":{}}\n', b'{"line":"vote"}\n', b"[" * 100_000, b"1e999\n",
        b'{"line":NaN}\n', b"9" * 9999, b'{"code":"\\ud800","line":"receipt"}\n',
    ],
)  # fmt: skip
def test_what_is_no_line_is_said_to_be_none(bad: bytes) -> None:
    file = published.secret()
    assert faults([*file[:9], bad, *file[10:]]) == [(10, "?", UNREADABLE)]


def test_a_file_that_ends_early_is_none() -> None:
    assert faults([]) == [(0, "?", SHORT)]
    assert faults(published.secret()[:-1]) == [(15, "result", SHORT)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2**64) | st.floats() | st.text(max_size=3) | st.sampled_from("abc"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "*", "line"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.data(), published.files())
def test_no_file_whatever_is_too_much_for_it(data: st.DataObject, file: list[bytes]) -> None:
    """Something else in one place, with the chain written anew: every fault is said, and nothing breaks."""
    lines = read(file)
    n = data.draw(st.integers(0, len(lines) - 1))
    where = data.draw(st.sampled_from([where for where, _value in forging.places(lines[n]) if where]))
    value = data.draw(json_values)
    forged = chained([*lines[:n], forging.changed(lines[n], where, lambda _: value), *lines[n + 1 :]])
    assert bool(faults(forged, lines[-1]["chain"])) == (forged != file)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=4))
def test_no_bytes_are_too_much_for_it(file: list[bytes]) -> None:
    assert faults(file) != []


def test_it_is_one_short_file_of_an_old_python_and_its_own_library() -> None:
    text = SCRIPT.read_text()
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert {str(name).split(".")[0] for name in imported} <= sys.stdlib_module_names
    assert len(text.splitlines()) <= 300


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Alone in a folder, without our code and without any package."""
    shutil.copy(SCRIPT, folder)
    command = [sys.executable, "-I", "-S", SCRIPT.name, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, done.stdout, done.stderr


def test_by_itself_it_sums_up_an_honest_file(tmp_path: Path) -> None:
    file = published.secret()
    (tmp_path / "tally.jsonl").write_bytes(b"".join(file))
    root, result, terms = read(file)[-1]["chain"], read(file)[-2], read(file)[1]["terms"]
    told = json.dumps({name: result[name] for name in sorted(result) if name not in ("line", "chain")}, **COMPACT)
    said = (
        f"相符：16 行全部重算。All 16 lines agree. 末行校验值 · last chain: {root}\n"
        f"问题、规则 · question, rule: 要不要装电梯？ 院规 {json.dumps(terms, **COMPACT)}\n"
        f"结果 · result: 通过 {told}\n"
    )
    assert run(tmp_path, "tally.jsonl") == (0, said, "")
    assert run(tmp_path, "tally.jsonl", "--root", root) == (0, said, "")


def test_by_itself_it_names_what_is_wrong(tmp_path: Path) -> None:
    altered = unchained(edited(published.secret(), 11, content=["b"]))
    (tmp_path / "tally.jsonl").write_bytes(b"".join(altered))
    pairs = counted_again("pairs", read(altered)[14]["pairs"], {**read(altered)[14]["pairs"], "a": {"b": 0, "c": 0}})
    said = (
        f"第 11 行 · line 11, choice: {BROKEN}\n"
        f"第 15 行 · line 15, result: {pairs}\n"
        f"第 16 行 · line 16, end: {NOT_PUBLISHED}\n"
        "不符：3 处。 The file does not agree: 3 faults.\n"
    )
    assert run(tmp_path, "tally.jsonl", "--root", "0" * 64) == (1, said, "")


def test_a_question_cannot_write_lines_of_its_own_into_the_answer(tmp_path: Path) -> None:
    forged = chained(edited(published.secret(), 1, question="好吗\n不符\u202e\x1b[2K"))
    (tmp_path / "tally.jsonl").write_bytes(b"".join(forged))
    code, said, _errors = run(tmp_path, "tally.jsonl")
    assert (code, said.splitlines()[1].split("{")[0]) == (0, "问题、规则 · question, rule: 好吗 不符  [2K 院规 ")


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, name: str) -> None:
    code, said, errors = run(tmp_path, name)
    assert (code, said, errors.split(": ")[0]) == (1, "", "读不了文件 · the file cannot be read")


def test_many_faults_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    file = published.secret()
    (tmp_path / "tally.jsonl").write_bytes(b"".join([*file[:8], *[file[7]] * 40, *file[8:]]))
    code, said, _errors = run(tmp_path, "tally.jsonl")
    assert (code, len(said.splitlines()), said.splitlines()[-1].split("。")[0]) == (1, 21, "不符：81 处")
