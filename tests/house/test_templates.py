"""Templates hold no script, no style and no address of a third party: the content security policy is strict."""

import re

import pytest

from tests.house import sources

INLINE = {
    "script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"[\"']javascript:", re.IGNORECASE),
    "third-party host": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}
PAPERS = ("templates/records/papers/", "templates/voting/slips/")  # set by WeasyPrint, never shown by a browser


@pytest.mark.parametrize("what", INLINE)
def test_no_template_has_an_inline(what):
    found = {sources.name(path) for path in sources.templates() if INLINE[what].search(path.read_text())}
    assert {name for name in found if not name.startswith(PAPERS)} == set()


def test_every_post_form_has_a_csrf_token():
    form = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    bare = {
        sources.name(path)
        for path in sources.templates()
        for body in form.findall(path.read_text())
        if "csrf_token" not in body
    }
    assert bare == set()
