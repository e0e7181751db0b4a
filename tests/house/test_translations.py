"""Texts are English in the source, complete in Chinese, and translatable: whole sentences with named places."""

import ast
import re
import subprocess

import pytest
from django.core.management import call_command

from tests.house import sources

GETTEXT = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
ANONYMOUS = re.compile(r"(?<!%)%[sd]|\{\}")
TRANSLATE = re.compile(r"{%\s*(?:trans|translate)\s+(\"[^\"]*\"|'[^']*')")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?endcomment\s*%}", re.DOTALL)

PAPERS = (
    "templates/records/papers/",
    "templates/voting/slips/",
)  # official papers are written in Chinese, whatever the reader's language


def gettext_calls():
    for path in sources.python(*sources.ROOMS):
        for node in sources.nodes(path):
            if isinstance(node, ast.Call) and sources.dotted(node.func).split(".")[-1] in GETTEXT:
                yield f"{sources.name(path)}:{node.lineno}", node.args


def template_texts():
    for path in sources.templates():
        text = path.read_text()
        for found in [*TRANSLATE.findall(text), *BLOCK.findall(text)]:
            yield sources.name(path), found


def test_gettext_gets_whole_plain_strings():
    odd = [where for where, args in gettext_calls() if not all(is_plain(arg) for arg in args[:1])]
    assert odd == []


def is_plain(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_place_in_a_text_has_a_name():
    in_python = [
        where for where, args in gettext_calls() if args and is_plain(args[0]) and ANONYMOUS.search(args[0].value)
    ]
    in_templates = [where for where, text in template_texts() if ANONYMOUS.search(text)]
    assert in_python + in_templates == []


def test_source_texts_are_english():
    in_python = [
        where for where, args in gettext_calls() if args and is_plain(args[0]) and CHINESE.search(args[0].value)
    ]
    in_templates = [where for where, text in template_texts() if CHINESE.search(text)]
    assert in_python + in_templates == []


def test_templates_have_no_chinese_of_their_own():
    found = {sources.name(path) for path in sources.templates() if CHINESE.search(COMMENT.sub("", path.read_text()))}
    assert {name for name in found if not name.startswith(PAPERS)} == set()


@pytest.fixture
def extracted(tmp_path, monkeypatch, settings):
    """The catalogue that makemessages would make of the sources as they are."""
    for path in sources.files():
        if sources.name(path).split("/")[0] in {*sources.ROOMS, "templates"} and path.suffix in {
            ".py",
            ".html",
            ".txt",
        }:
            target = tmp_path / sources.name(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = []
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["zh_Hans"], extensions=["py", "html", "txt"], verbosity=0)
    return tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_chinese_is_complete_and_fresh(extracted):
    catalogue = sources.ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    done = subprocess.run(["msgcmp", catalogue, extracted], capture_output=True, text=True)
    assert done.stderr.splitlines()[:20] == []
