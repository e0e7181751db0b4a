"""Nothing committed names the machine it was made on, or the address of a package index."""

import re

import pytest

from tests.house import sources

MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/(?:pypi|wheels))/")
INDEX = re.compile(
    r"pypi\.org/simple|pythonhosted\.org|registry\.npmjs|--(?:extra-)?index-url[ =]|^\s*find-links", re.MULTILINE
)


def texts():
    for path in sources.files():
        if path.name == "test_addresses.py" or path.suffix in {".png", ".jpg", ".heic", ".woff2", ".mo"}:
            continue
        yield sources.name(path), path.read_text(errors="replace")


@pytest.mark.parametrize("pattern", [MACHINE, INDEX], ids=["machine", "index"])
def test_no_file_names_the(pattern):
    assert {name: found[0] for name, text in texts() if (found := pattern.search(text))} == {}
