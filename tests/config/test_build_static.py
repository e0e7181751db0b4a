"""What `manage.py build_static` makes, and that it makes nothing twice."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.management.commands import build_static

CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Vote"\nmsgstr "%s"\n'


@pytest.fixture
def catalogue(tmp_path: Path, settings: Any) -> Path:
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.STATIC_ROOT = tmp_path / "static"
    source = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE % "表决")
    return source


def build() -> str:
    said = StringIO()
    call_command("build_static", stdout=said)
    return said.getvalue()


def test_second_run_has_nothing_to_do(catalogue: Path, tmp_path: Path) -> None:
    assert build() == "Compiling locale/zh_Hans/LC_MESSAGES/django.po\nCollecting static files\n"
    assert build() == ""
    assert (tmp_path / "static" / "css" / "yuanyi.css").exists()


def test_changed_translation_is_compiled_again(catalogue: Path) -> None:
    build_static.compile_catalogue(catalogue)
    later = catalogue.stat().st_mtime + 5
    os.utime(catalogue, (later, later))
    assert build_static.stale_catalogues() == [catalogue]


def test_broken_translation_stops_with_its_place(catalogue: Path) -> None:
    catalogue.write_text(CATALOGUE.removesuffix('"\n') % "表决")
    with pytest.raises(CommandError, match=r"django\.po"):
        build_static.compile_catalogue(catalogue)


def test_missing_gettext_is_named(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="install the package gettext"):
        build_static.compile_catalogue(catalogue)
