""".env.example has one line for each name that the settings read, and nothing else reads the environment."""

import ast
import re

from tests.house import sources

READERS = {
    f"env.{name}"
    for name in ("text", "choice", "flag", "integer", "words", "folder", "secret", "database", "redis", "email")
}
OUTSIDE_SETTINGS = {
    "config/env.py": "the readers",
    "config/asgi.py": "names the settings",
    "config/celery.py": "names the settings",
}


def names_read() -> list[str]:
    settings = sources.ROOT / "config" / "settings.py"
    calls = [node for node in sources.nodes(settings) if isinstance(node, ast.Call)]
    names = [call.args[0] for call in calls if sources.dotted(call.func) in READERS]
    return [str(name.value) for name in names if isinstance(name, ast.Constant)]


def test_the_example_has_one_line_for_each_name():
    lines = (sources.ROOT / ".env.example").read_text().splitlines()
    named = [found[1] for line in lines if (found := re.match(r"#?([A-Z_]+)=", line))]
    assert sorted(named) == sorted(set(names_read()))


def test_only_the_settings_read_the_environment():
    found = {sources.name(path) for path in sources.python(*sources.ROOMS) if "os.environ" in path.read_text()}
    assert found - OUTSIDE_SETTINGS.keys() == set()
