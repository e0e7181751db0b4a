"""The editor's journey: from the log-in through Wagtail's admin to what everybody reads."""

import re

from playwright.sync_api import Page, expect

from tests.journeys import acts

WIDE = {"width": 1280, "height": 900}


def publish(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    page.locator("button[name=action-publish]").click()
    expect(page.locator(".messages")).to_contain_text(re.compile("已.*发布"))


def write(page: Page, field: str, words: str) -> None:
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)
    expect(page.locator(f"[name={field}]")).to_have_value(re.compile(words))


def test_an_editor_writes_what_everybody_reads(person, site) -> None:
    desk, reader = person("editor", viewport=WIDE), person("reader")
    acts.sign_in_with_second_factor(desk, "苏纸鸢", "qu-editor@yuanyi.example")
    desk.goto("/cms/")
    expect(desk).to_have_title(re.compile("控制面板"))

    desk.goto("/cms/pages/search/?q=抚琴街道")
    desk.locator("main").get_by_role("link", name="抚琴街道", exact=True).click()
    write(desk, "intro", "每周三下午在街道大厅接待。")
    publish(desk)
    reader.goto("/areas/510106032/")
    expect(reader.get_by_text("每周三下午在街道大厅接待。")).to_be_visible()

    desk.goto("/cms/pages/search/?q=办事指南和规则")
    desk.locator("main").get_by_role("link", name="办事指南和规则", exact=True).click()
    desk.goto(desk.url.replace("/edit/", "/add_subpage/"))
    desk.locator("[name=title]").fill("怎样参加坝坝会")
    desk.locator("[name=summary]").fill("时间、地点和怎么发言。")
    write(desk, "body", "带上凳子就行。")
    publish(desk)
    reader.goto("/guides/")
    reader.get_by_role("link", name="怎样参加坝坝会").click()
    expect(reader.get_by_text("带上凳子就行。")).to_be_visible()
    reader.goto("/search/?q=坝坝会")
    expect(reader.get_by_role("link", name="怎样参加坝坝会")).to_be_visible()

    desk.goto("/cms/pages/")
    desk.goto(desk.url + "edit/")
    desk.locator("[name=heading]").fill("院里的事，商量着办")
    desk.locator("[data-side-panel-toggle=preview]").first.click()
    expect(desk.frame_locator("#w-preview-iframe").get_by_role("heading", level=1)).to_have_text("院里的事，商量着办")
    publish(desk)
    reader.goto("/")
    expect(reader.get_by_role("heading", level=1)).to_have_text("院里的事，商量着办")
