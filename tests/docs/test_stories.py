"""docs/stories.md names functions that are there and every story that is told, and says of the rest what unlocks it."""

import ast
import re
from collections.abc import Iterator

from tests.docs import pages
from tests.docs.pages import ROOT

STORIES = ROOT / "tests" / "stories"
ROW = re.compile(r"^\| (.+) \| (.+) \|$", re.MULTILINE)
SHOWN = re.compile(r"`(test_\w+\.py::\w+)`")
MISSING = re.compile(r"missing: [C-I](, [C-I])*( \(.+\))?")
HEAD = re.compile(r"^## (\d+)\. ", re.MULTILINE)


def told() -> str:
    return pages.texts()["docs/stories.md"]


def steps() -> list[str]:
    """The second column of the stories' tables."""
    rows = ROW.findall(told()[told().index("\n## 1. ") :])
    return [second for first, second in rows if first not in ("step", "---")]


def functions() -> Iterator[str]:
    for path in STORIES.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield f"{path.name}::{node.name}"


def test_each_step_is_shown_or_says_what_will_unlock_it() -> None:
    assert [step for step in steps() if not SHOWN.fullmatch(step) and not MISSING.fullmatch(step)] == []


def test_what_is_said_to_show_a_step_is_there() -> None:
    assert set(SHOWN.findall(told())) - set(functions()) == set()


def test_every_story_and_every_test_of_it_is_named() -> None:
    assert [int(number) for number in HEAD.findall(told())] == list(range(1, 13))
    tests = {name for name in functions() if "::test_" in name}
    assert tests - set(SHOWN.findall(told())) == set()
