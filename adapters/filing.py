"""A folder of messages as files: written whole or not at all, named so that they sort by time."""

import secrets
from pathlib import Path

from . import clock


def put(folder: Path, suffix: str, data: bytes) -> Path:
    """Write one new file; readers see it complete or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{clock.now():%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}{suffix}"
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(data)
    draft.replace(path)
    return path


def newest(folder: Path, suffix: str, limit: int) -> list[Path]:
    """The latest files, newest first."""
    found = (path for path in folder.glob(f"*{suffix}") if not path.name.startswith("."))
    return sorted(found, reverse=True)[:limit]
