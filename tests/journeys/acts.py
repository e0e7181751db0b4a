"""What people do with their fingers, in the words that stand on the pages."""

import re
import time
import urllib.request
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.site import Site

PASSWORD = "yuanyi-demo-2026"


def sign_in_by_phone(page: Page, site: Site, phone: str) -> None:
    page.goto("/login/")
    page.locator("input[name=phone]").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    page.locator("input[name=code]").fill(site.code_for(phone))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/")


def sign_in_with_second_factor(page: Page, name: str, email: str) -> None:
    """An official: e-mail, password, then the authenticator's code (shown on the development page)."""
    page.goto("/dev/")
    code = page.locator("article", has_text=name).locator(".y-num").inner_text()
    page.goto("/login/password/")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/")


def sign_in_at_once(page: Page, name: str) -> None:
    page.goto("/dev/")
    page.get_by_role("button", name=f"以{name}的身份登录").click()
    page.wait_for_load_state()


def until(page: Page, path: str, seen: Callable[[], None], tries: int = 60) -> None:
    """Look again until the beat and the outbox have done their work."""
    for left in reversed(range(tries)):
        page.goto(path)
        try:
            seen()
        except AssertionError:
            if not left:
                raise
            page.wait_for_timeout(500)
        else:
            return


def wait_until(true: Callable[[], bool], seconds: float = 90) -> None:
    """For what the beat does in its own time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It did not come to pass."
        time.sleep(0.5)


def move(page: Page, number: str, verb: str, *, reason: str = "", text: str = "", plan: str = "") -> None:
    page.goto(f"/cases/{number}/")
    link = page.get_by_role("link", name=verb, exact=True)
    if not link.is_visible():
        page.get_by_text("更多", exact=True).click()
    link.click()
    if reason:
        page.get_by_label(re.compile(reason)).check()
    if text:
        page.locator("textarea[name=text]").fill(text)
    if plan:
        page.locator("textarea[name=plan]").fill(plan)
    page.get_by_role("button", name=verb, exact=True).click()
    expect(page.locator(".y-notice, .y-toast").filter(has_text="已办")).to_be_visible()


def pass_days(page: Page, days: int) -> None:
    page.goto("/dev/")
    page.locator("input[name=days]").fill(str(days))
    page.get_by_role("button", name="往后调").click()
    page.wait_for_load_state()


def download(site: Site, path: str) -> bytes:
    with urllib.request.urlopen(site.url + path, timeout=30) as answer:
        return bytes(answer.read())
