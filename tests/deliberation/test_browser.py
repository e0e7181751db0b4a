"""The room in Chromium: what the script adds, and that nothing written is lost or doubled when the line breaks."""

import shutil

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect, sync_playwright

from deliberation import discussion
from deliberation.models import Post
from tests import build
from tests.deliberation.test_sockets import session_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.deliberation.urls"),
    # Under ASGI Django warns of each static file, and leaves a request's empty body open when a browser goes away.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed"),
]
NO_SOCKETS = """
window.WebSocket = class extends EventTarget {
  constructor() { super(); setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 10); }
  close() {}
};
"""
DEAF_TO_STORED = """
const listen = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (kind, hear) {
  listen.call(this, kind, (event) => kind === "message" && event.data.includes('"stored"') || hear(event));
};
"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture
def sit_down(server, thread, monkeypatch):
    """`sit_down(person)` opens the room in a browser of that person's own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in the test's thread
    site = f"http://localhost:{server}"
    troubles = []
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)

        def open_room(person=None, script="", query="", **options):
            context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, **options)
            context.set_default_timeout(15_000)
            if person:
                cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": site}
                context.add_cookies([cookie])
            if script:
                context.add_init_script(script)
            context.on("weberror", lambda error: troubles.append(str(error.error)))
            page = context.new_page()
            page.goto(f"/room/{thread.pk}/{query}")
            return page

        yield open_room
        browser.close()
        connection.close()  # inside Playwright's loop it is another one than outside
    assert troubles == []


def say(page, text):
    page.locator("textarea").fill(text)
    page.locator("[data-composer] button").click()


def numbers(page):
    return [int(post.get_attribute("data-number")) for post in page.locator(".y-post[data-number]").all()]


def live(page):
    expect(page.locator("[data-state]")).not_to_have_attribute("data-poll", "")


def test_what_one_says_stands_once_even_before_one_hears_that_it_is_stored(sit_down, neighbour):
    page = sit_down(neighbour, DEAF_TO_STORED)
    live(page)
    say(page, "东移，我没有意见。")
    expect(page.locator("#post-1")).to_contain_text("东移，我没有意见。")
    assert page.get_by_role("log").get_by_text("东移，我没有意见。").count() == 1


def test_two_neighbours_talk_live(sit_down, yard, neighbour):
    other = build.person("四栋李", yard)
    first, second = sit_down(neighbour), sit_down(other)
    live(first)
    live(second)
    say(first, "东移，我没有意见。")
    expect(second.locator("#post-1")).to_contain_text("东移，我没有意见。")
    expect(first.locator("textarea")).to_have_value("")
    expect(first.locator("#post-1")).to_have_attribute("data-mine", "")
    expect(second.locator("#post-1")).not_to_have_attribute("data-mine", "")
    second.locator("#post-1 [data-reply]").click()
    second.locator("textarea").fill("少 4 个位。")
    second.keyboard.press("Control+Enter")
    expect(first.locator("#post-2 .y-post__quote")).to_contain_text("竹筠")
    expect(first.locator("[data-sending]")).to_have_count(0)
    expect(first.locator("[data-summary]")).not_to_be_empty()
    assert numbers(first) == numbers(second) == [1, 2]


def test_the_way_without_javascript(sit_down, neighbour):
    page = sit_down(neighbour, java_script_enabled=False)
    say(page, "没有脚本也能说。")
    expect(page.locator("#post-1")).to_contain_text("没有脚本也能说。")
    page.locator("#post-1 a", has_text="#1").first.click()
    page.locator("[data-reply]").click()
    say(page, "也能回复。")
    expect(page.locator("#post-2 .y-post__quote")).to_be_visible()


def test_written_without_a_line_is_sent_once_when_it_is_back(sit_down, thread, yard, neighbour):
    other = build.person("四栋李", yard)
    page = sit_down(neighbour)
    live(page)
    page.context.set_offline(True)
    say(page, "断网时写的。")
    expect(page.locator("[data-sending]")).to_contain_text("断网时写的。")
    expect(page.locator("textarea")).to_have_value("断网时写的。")
    for number in range(1, 61):
        discussion.say(thread, by=other, text=f"第 {number} 句", at=build.AT)
    page.context.set_offline(False)
    expect(page.locator("textarea")).to_have_value("")
    expect(page.locator("#post-61")).to_contain_text("断网时写的。")
    expect(page.locator("[data-sending]")).to_have_count(0)
    assert numbers(page) == list(range(1, 62))
    assert Post.objects.filter(author=neighbour).count() == 1


def test_a_draft_and_an_unsent_post_outlive_the_page(sit_down, neighbour):
    page = sit_down(neighbour)
    live(page)
    page.locator("textarea").fill("写到一半")
    page.reload()
    expect(page.locator("textarea")).to_have_value("写到一半")
    live(page)
    page.route("**/say/", lambda route: route.abort())
    page.evaluate("WebSocket.prototype.send = () => {}")
    page.locator("[data-composer] button").click()
    expect(page.locator("[data-sending]")).to_contain_text("写到一半")
    page.unroute("**/say/")
    page.reload()
    expect(page.locator("#post-1")).to_contain_text("写到一半")
    expect(page.locator("textarea")).to_have_value("")
    assert Post.objects.count() == 1


def test_where_sockets_are_impossible_the_page_says_so_and_asks(sit_down, thread, yard, neighbour):
    other = build.person("四栋李", yard)
    page = sit_down(neighbour, script=NO_SOCKETS)
    expect(page.locator("[data-state]")).to_contain_text("5")
    discussion.say(thread, by=other, text="从别处来", at=build.AT)
    expect(page.locator("#post-1")).to_contain_text("从别处来")
    say(page, "不用线路也能说。")
    expect(page.locator("#post-2")).to_contain_text("不用线路也能说。")
    expect(page.locator("textarea")).to_have_value("")


def test_what_is_wrong_is_said_and_the_words_stay(sit_down, thread, neighbour):
    page = sit_down(neighbour)
    live(page)
    page.evaluate("document.querySelector('[name=reply_to]').value = 99")
    say(page, "回复一条没有的")
    expect(page.locator("[data-error]")).not_to_be_empty()
    expect(page.locator("textarea")).to_have_value("回复一条没有的")
    expect(page.locator("[data-sending]")).to_have_count(0)


def test_a_thread_that_closes_locks_the_composer(sit_down, thread, neighbour):
    page = sit_down(neighbour)
    live(page)
    discussion.close_thread(thread, by=neighbour, at=build.AT)
    expect(page.locator("textarea")).to_be_disabled()


def test_the_room_opens_at_the_first_unread_post_and_older_ones_come_on_demand(sit_down, thread, yard, neighbour):
    other = build.person("四栋李", yard)
    for number in range(1, 61):
        discussion.say(thread, by=other, text=f"第 {number} 句，写得长一点，好占满一行。", at=build.AT)
    sit_down(neighbour)
    for number in range(61, 66):
        discussion.say(thread, by=other, text=f"第 {number} 句", at=build.AT)
    page = sit_down(neighbour)
    expect(page.locator("#unread")).to_be_in_viewport()
    assert numbers(page) == list(range(16, 66))
    page.locator("[data-earlier] a").click()
    expect(page.locator("#post-1")).to_be_attached()
    assert numbers(page) == list(range(1, 66))
