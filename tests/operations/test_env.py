"""A malformed value stops the start with a sentence that says what to write."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests.house.sources import ROOT


@pytest.fixture
def write(monkeypatch):
    return lambda value: monkeypatch.setenv("NAME", value)


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (lambda: env.choice("NAME", "a", ("a", "b")), "c", "NAME='c': write one of a, b."),
        (lambda: env.flag("NAME", False), "maybe", "NAME='maybe': write 1 or 0."),
        (lambda: env.integer("NAME", 1, least=1, most=9), "ten", "NAME='ten': write a whole number from 1 to 9."),
        (lambda: env.integer("NAME", 1, least=1, most=9), "10", "NAME='10': write a whole number from 1 to 9."),
        (lambda: env.integer("NAME", 1, least=1, most=9), "٣", "NAME='٣': write a whole number from 1 to 9."),
        (
            lambda: env.redis("NAME"),
            "localhost:6379",
            "NAME='localhost:6379': write redis://HOST:PORT/NUMBER, or leave it empty.",
        ),
        (
            lambda: env.email("NAME"),
            "mail.example",
            "NAME='mail.example': write smtps://USER:PASSWORD@HOST:PORT, or leave it empty.",
        ),
    ],
)
def test_a_malformed_value_says_what_to_write(write, read, value, sentence):
    write(value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read()
    assert str(refused.value) == sentence


def test_an_unreadable_database_says_what_to_write(write):
    write("postgress://somewhere")
    with pytest.raises(ImproperlyConfigured) as refused:
        env.database("NAME", "")
    assert str(refused.value).endswith("write postgres://USER:PASSWORD@HOST:PORT/NAME or sqlite:///PATH.")


def test_empty_means_the_default(write):
    write("  ")
    assert env.text("NAME", "x") == "x"
    assert env.flag("NAME", True) is True
    assert env.integer("NAME", 7, least=1, most=9) == 7
    assert env.words("NAME", "a, b,,c") == ["a", "b", "c"]
    assert env.redis("NAME") == ""
    assert env.email("NAME") == {}


def test_a_file_is_no_folder(write, tmp_path):
    (tmp_path / "file").touch()
    write(str(tmp_path / "file"))
    with pytest.raises(ImproperlyConfigured, match="this is a file; write the path of a folder"):
        env.folder("NAME", tmp_path)


def test_a_secret_is_made_once_and_only_for_the_owner(monkeypatch, tmp_path):
    monkeypatch.delenv("NAME", raising=False)
    made = env.secret("NAME", data_dir=tmp_path, must_be_given=False)
    assert len(made) >= 32
    assert env.secret("NAME", data_dir=tmp_path, must_be_given=False) == made
    assert (tmp_path / "name").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["name"]


def test_a_short_secret_is_refused(write, tmp_path):
    write("short")
    with pytest.raises(ImproperlyConfigured, match="NAME is shorter than 32 characters"):
        env.secret("NAME", data_dir=tmp_path, must_be_given=True)


def test_production_does_not_start_without_a_secret(tmp_path):
    environment = {"MODE": "production", "DATA_DIR": str(tmp_path), "SECRET_KEY": "", "PATH": "/usr/bin"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "SECRET_KEY is not set: production starts only with its own secret." in done.stderr
