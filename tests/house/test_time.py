"""Only adapters/clock.py reads the wall clock, and only the outer doors read adapters/clock.py."""

import ast

from tests.house import sources

READERS = {
    "timezone.now", "timezone.localtime", "timezone.localdate", "datetime.now", "datetime.utcnow", "datetime.today",
    "dt.datetime.now", "dt.datetime.utcnow", "dt.datetime.today", "dt.date.today", "date.today",
    "datetime.datetime.now", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime", "Now",
}  # fmt: skip
ALLOWED = {"adapters/clock.py": "it is the one reader"}

# Who may ask adapters.clock for the present; everybody else is told by `at=`.
DOORS = ("views.py", "consumers.py", "api.py", "clock.py", "tasks.py", "receivers.py")
MARKS = {"public", "member", "allowed"}
DOOR_FILES = {
    "adapters/filing.py": "names a file by the moment in which it is written",
    "adapters/sms.py": "notes when a message was kept",
    "cms/competences.py": "holds forms of the editors' admin, which Wagtail saves without a time",
    "cms/editors.py": "answers Wagtail and Django, which ask for permissions without a time",
    "cms/models.py": "holds Wagtail's pages, which are their own views",
    "people/access.py": "guards the views",
    "proposals/loading.py": "is the first line of every view of a case",
    "people/adapters.py": "is asked by allauth, which passes no time",
}


def calls(path):
    return {sources.dotted(node.func) for node in sources.nodes(path) if isinstance(node, ast.Call)}


def reads(path):
    """`timezone.localtime(x)` converts; without an argument it reads the clock."""
    found = [node for node in sources.nodes(path) if isinstance(node, ast.Call)]
    return {
        sources.dotted(node.func) for node in found if not (node.args and "local" in sources.dotted(node.func))
    } & READERS


def has_views(path):
    imports = (node for node in sources.nodes(path) if isinstance(node, ast.ImportFrom))
    return any(
        MARKS & {alias.name for alias in node.names} for node in imports if node.module in ("people.access", "access")
    )


def is_door(path):
    is_command = path.parent.name == "commands"
    return path.name in DOORS or is_command or has_views(path) or sources.name(path).startswith("config/")


def test_nothing_else_reads_the_wall_clock():
    found = {sources.name(path): reads(path) for path in sources.python(*sources.ROOMS)}
    assert {name: read for name, read in found.items() if read and name not in ALLOWED} == {}


def test_no_column_is_filled_by_the_database_clock():
    found = {
        sources.name(path)
        for path in sources.python(*sources.ROOMS)
        for node in sources.nodes(path)
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}
    }
    assert found == set()


def test_only_the_doors_ask_for_the_present():
    found = {
        sources.name(path)
        for path in sources.python(*sources.ROOMS)
        if "clock.now" in calls(path) and not is_door(path)
    }
    assert found == set(DOOR_FILES)
