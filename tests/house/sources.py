"""The house's own files, read once for all house tests."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = (
    "adapters", "areas", "cms", "config", "deliberation", "ledger", "notifications", "people", "proposals", "records",
    "search", "voting",
)  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """What is or may be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python(*folders: str) -> list[Path]:
    """Python files below these folders (all of ours if none is named), without migrations."""
    return [
        path
        for path in files()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (not folders or path.relative_to(ROOT).parts[0] in folders)
    ]


def templates() -> list[Path]:
    """What people see: not the tests' own templates."""
    return [
        path
        for path in files()
        if path.suffix in {".html", ".txt", ".xml"}
        and "templates" in path.parts
        and not name(path).startswith("tests/")
    ]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(tree(path))


def dotted(node: ast.AST) -> str:
    """`a.b.c` for an attribute chain, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (front := dotted(node.value)):
        return f"{front}.{node.attr}"
    return ""
