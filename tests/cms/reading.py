"""What stands on a page, as a person reads it."""

import html
import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

NUMBER = re.compile(r"y-case__no\">(\d{4}-\d+)<")
TILE = re.compile(r'<a class="y-tile" href="([^"]+)"><b>(\d+)')


def text(response: Any) -> str:
    """The whole page without the marks that lie inside words."""
    assert response.status_code == 200
    return html.unescape(re.sub(r"<wbr>|</?mark>", "", response.content.decode()))


def tiles(response: Any) -> list[tuple[str, int]]:
    """The address that each tile opens, and its figure."""
    return [(html.unescape(address), int(count)) for address, count in TILE.findall(response.content.decode())]


def numbers(browser: Client, address: str) -> list[str]:
    """The numbers of all cases of a list, through all its pages."""
    found: list[str] = []
    page = 1
    while True:
        joint = "&" if "?" in address else "?"
        content = browser.get(f"{address}{joint}page={page}").content.decode()
        found += NUMBER.findall(content)
        if 'rel="next"' not in content:
            return found
        page += 1


def queries(browser: Client, address: str) -> list[str]:
    """The statements that a second visit makes: the first one fills caches."""
    browser.get(address)
    with CaptureQueriesContext(connection) as made:
        assert browser.get(address).status_code == 200
    return [query["sql"] for query in made]
