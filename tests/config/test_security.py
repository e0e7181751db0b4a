"""What a browser may load and send: only from and to this house."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.security import ContentSecurityPolicy

PAPERS = ("templates/records/papers/", "templates/voting/slips/")  # printed, never served
OURS = [
    path
    for pattern in ("templates/**/*.html", "*/templates/**/*.html")
    for path in settings.BASE_DIR.glob(pattern)
    if not any(papers in str(path) for papers in PAPERS)
]


def policy(address: str) -> dict[str, str]:
    request = RequestFactory().get(address)
    answer = ContentSecurityPolicy(lambda request: HttpResponse()).process_response(request, HttpResponse())
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_pages_load_from_here_only() -> None:
    assert policy("/cases/") == {
        "default-src": "'self'",
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }


def test_only_wagtails_admin_may_run_inline_scripts() -> None:
    assert policy("/cms/pages/3/")["script-src"] == "'self' 'unsafe-inline'"
    assert "script-src" not in policy("/cms-not/")


@pytest.mark.django_db
def test_headers_of_a_page(client: Client) -> None:
    headers = client.get("/components/").headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "what", [r"\sstyle=", r"\son\w+=", r"<style", r"<script(?![^>]*\bsrc=)", r"(?:src|href)=.(?:https?:)?//"]
)
def test_templates_hold_nothing_that_the_policy_forbids(what: str) -> None:
    found = [path.name for path in OURS if re.search(what, path.read_text())]
    assert found == []
