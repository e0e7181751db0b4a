"""What the documents name is there: links, files, make targets, commands, settings, functions."""

import importlib
import re
from typing import Any

from django.apps import apps
from django.core.management import get_commands

from tests.docs import pages
from tests.docs.pages import ROOT

# Named because it is not there: the plan had it, or a later issue brings it.
NOT_BUILT = {"insights/", "config/api.py", "proposals/escalation.py"}
IN_DATA_DIR = ("media/", "records/", "index/", "mail/", "sms/", "static/", "built/")
MADE_LATER = ("var/", ".cache/", ".venv/", "bench/latest.json", *IN_DATA_DIR)
PATH = re.compile(r"(?:\.?[\w-]+/)+(?:[\w.-]+\.\w+)?|[\w-]+\.(?:md|toml|yaml)|Makefile|Dockerfile|\.env(?:\.example)?")
SETTING = re.compile(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|MODE|HOST|PORT|HOTLINE)\b")
DOTTED = re.compile(r"((?:\w+\.)+\w+)(?:\(.*\))?")
KEPT_IN = re.compile(r"((?:`\w+`(?:, | and )?)+) (?:of|in) `([\w/]+\.py)`")


def test_every_link_leads_somewhere():
    broken = {
        (page, link)
        for page, link in pages.links()
        if not link.startswith(("http://", "https://")) and not is_good(page, link)
    }
    assert broken == set()


def is_good(page: str, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (ROOT / page).parent / name if name else ROOT / page
    if not target.exists():
        return False
    return not anchor or anchor in pages.anchors(target.resolve().relative_to(ROOT).as_posix())


def test_every_file_that_is_named_exists():
    named = {(page, text) for page, text in pages.code() if PATH.fullmatch(text)}
    missing = {(page, text) for page, text in named if not text.startswith(MADE_LATER) and not found(page, text)}
    assert {(page, text) for page, text in missing if text not in NOT_BUILT} == set()


def found(page: str, name: str) -> bool:
    """From the top, from where the page lies, or from a room that the page is about."""
    places = (ROOT, (ROOT / page).parent, ROOT / "ledger", ROOT / "proposals")
    return any((place / name).exists() for place in places) or name == ".env"


def test_every_make_target_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {(page, target) for page, text in pages.code() for target in re.findall(r"\bmake ([a-z]+)", text)}
    assert {(page, target) for page, target in named if target not in targets} == set()


def test_every_command_exists():
    named = {(page, name) for page, text in pages.code() for name in re.findall(r"manage\.py ([a-z_]+)", text)}
    assert {(page, name) for page, name in named if name not in get_commands()} == set()


def test_every_setting_is_in_the_example():
    known = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    named = {(page, name) for page, text in pages.code() if page.startswith("README") for name in SETTING.findall(text)}
    assert {(page, name) for page, name in named if name not in known} == set()


def test_every_dotted_name_is_there():
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"adapters", "config"}
    named = {(page, full[1]) for page, text in pages.code() if (full := DOTTED.fullmatch(text))}
    ours = {(page, name) for page, name in named if name.split(".")[0] in rooms and not is_kind_or_file(name)}
    assert {(page, name) for page, name in ours if not resolves(name)} == set()


def is_kind_or_file(name: str) -> bool:
    return name.endswith((".py", ".md", ".toml")) or (ROOT / name).exists() or name in policy_keys()


def policy_keys() -> set[str]:
    from areas.policy import KEYS

    return set(KEYS)


def models_of(room: str) -> list[Any]:
    return list(apps.get_app_config(room).get_models()) if apps.is_installed(room) else []


def resolves(name: str) -> bool:
    """A module, something in it, or a model by its label."""
    parts = name.split(".")
    if len(parts) == 2 and parts[1].lower() in {model.__name__.lower() for model in models_of(parts[0])}:
        return True
    for length in range(len(parts), 0, -1):
        try:
            thing: Any = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


def test_names_are_in_the_file_that_is_said_to_hold_them():
    lost = set()
    for page, text in pages.texts().items():
        for names, file in KEPT_IN.findall(text):
            source = (ROOT / file).read_text() if (ROOT / file).exists() else ""
            lost |= {
                (page, name, file) for name in re.findall(r"`(\w+)`", names) if not re.search(rf"\b{name}\b", source)
            }
    assert lost == set()


def test_pictures_are_small_and_shown():
    kept = {path.relative_to(ROOT).as_posix(): path.stat().st_size for path in (ROOT / "docs" / "pictures").iterdir()}
    shown = {
        ((ROOT / page).parent / link).resolve().relative_to(ROOT).as_posix()
        for page, link in pages.links()
        if "pictures/" in link
    }
    assert {name: size for name, size in kept.items() if size > 150 * 1024} == {}
    assert shown == set(kept)
