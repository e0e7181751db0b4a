"""Rooms stay small enough to be read: files, functions, templates, and no room for odds and ends."""

import ast
import statistics

from tests.house import sources

FORBIDDEN = {"utils", "helpers", "services", "common", "core", "mixins", "misc", "signals"}
SELF_EXPLAINING = {"apps.py", "urls.py", "routing.py", "asgi.py"}


def functions():
    for path in sources.python():
        for node in sources.nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{sources.name(path)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_file_is_longer_than_400_lines():
    long = {
        sources.name(path): lines for path in sources.python() if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_function_is_longer_than_60_lines():
    """But a journey is one story."""
    long = {where: lines for where, lines in functions() if lines > 60 and not where.startswith("tests/journeys/")}
    assert long == {}


def test_most_functions_are_a_few_lines():
    lengths = sorted(lines for where, lines in functions() if not where.startswith("tests/"))
    assert statistics.median(lengths) <= 8
    assert lengths[len(lengths) * 9 // 10] <= 25


def test_no_template_is_longer_than_120_lines():
    long = {
        sources.name(path): lines for path in sources.templates() if (lines := len(path.read_text().splitlines())) > 120
    }
    assert long == {}


def test_no_module_is_named_for_odds_and_ends():
    named = {sources.name(path) for path in sources.python() if FORBIDDEN & {*path.with_suffix("").parts[-2:]}}
    assert named == set()


def test_every_module_says_what_it_is():
    silent = {
        sources.name(path)
        for path in sources.python(*sources.ROOMS)
        if sources.tree(path).body and ast.get_docstring(sources.tree(path)) is None
        if path.name not in SELF_EXPLAINING and path.parent.name != "commands"
    }
    assert silent == set()
