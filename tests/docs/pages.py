"""The documents that people read, and what they name."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("README.md", "README.en.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/**/*.md")
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"|<a[^>]* href=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@cache
def texts() -> dict[str, str]:
    paths = sorted(path for name in NAMES for path in ROOT.glob(name))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def code() -> Iterator[tuple[str, str]]:
    """What stands in backticks or in a block, with the page that says it."""
    for page, text in texts().items():
        for block in BLOCK.findall(text):
            yield page, block
        for found in CODE.findall(BLOCK.sub("", text)):
            yield page, found


def links() -> Iterator[tuple[str, str]]:
    for page, text in texts().items():
        for found in LINK.finditer(CODE.sub("", BLOCK.sub("", text))):
            yield page, next(filter(None, found.groups()))


def anchors(page: str) -> set[str]:
    """The names by which GitHub and others link to a page's headings."""
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(texts()[page]))
    return {heading.strip().replace(" ", "-") for heading in headings}
