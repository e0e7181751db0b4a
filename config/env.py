"""Typed readers for the environment: a malformed value stops the start with a sentence that says what to write."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name}={value!r}: write one of {', '.join(options)}.")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in ("1", "0", "true", "false", "yes", "no"):
        raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0.")
    return value in ("1", "true", "yes")


def integer(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number from {least} to {most}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name}={path}: this is a file; write the path of a folder.")
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret(name: str, *, data_dir: Path, must_be_given: bool) -> str:
    """A secret from the environment; outside production one is made once and kept in DATA_DIR."""
    given = text(name)
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured(f"{name} is shorter than 32 characters: write a long random text.")
        return given
    if must_be_given:
        raise ImproperlyConfigured(
            f"{name} is not set: production starts only with its own secret. "
            f"Write {name}=… with at least 32 random characters."
        )
    kept = data_dir / name.lower()
    if not kept.exists():
        made = data_dir / f".{name.lower()}.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, kept)  # whoever is first wins, also between two processes
        except FileExistsError:
            pass
        made.unlink()
    return kept.read_text().strip()


def database(name: str, default: str) -> dict[str, Any]:
    value = text(name, default)
    try:
        return dict(dj_database_url.parse(value))
    except (dj_database_url.ParseError, ValueError) as error:
        raise ImproperlyConfigured(
            f"{name} cannot be read ({error}): write postgres://USER:PASSWORD@HOST:PORT/NAME or sqlite:///PATH."
        ) from error


def redis(name: str) -> str:
    value = text(name)
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(f"{name}={value!r}: write redis://HOST:PORT/NUMBER, or leave it empty.")
    return value


def email(name: str) -> dict[str, Any]:
    value = text(name)
    if not value:
        return {}
    if not value.startswith(("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")):
        raise ImproperlyConfigured(f"{name}={value!r}: write smtps://USER:PASSWORD@HOST:PORT, or leave it empty.")
    return dict(dj_email_url.parse(value))
