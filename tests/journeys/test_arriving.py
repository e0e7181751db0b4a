"""A visitor arrives at a fresh installation."""

from playwright.sync_api import expect


def test_a_visitor_sees_the_first_page(person, site):
    page = person("visitor")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
