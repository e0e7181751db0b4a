"""Every page that a person meets, in every mode: nothing that axe finds, no sideways scroll, also without scripts."""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys import acts

VISITOR = ("/", "/cases/", "/archive/", "/areas/", "/guides/", "/search/?q=充电", "/ballots/", "/login/", "/verify/",
           "/competence/", "/areas/510106/rules/")  # fmt: skip
RESIDENT = ("/new/where/", "/inbox/", "/me/", "/me/notices/", "/mine/")
OFFICIAL = ("/desk/", "/desk/decider/", "/me/offices/", "/mine/")
MODES = (("", "light"), ("", "dark"), ("elder", "light"), ("elder", "dark"))
WIDTHS = {"light": (320, 1280), "dark": (320,)}  # the dark tokens change colours and no place


@pytest.fixture(scope="module")
def numbers(site) -> list[str]:
    """One case in each state that the demo shows."""
    rows = site.sql("SELECT state, min(number) FROM proposals_proposal WHERE number IS NOT NULL GROUP BY state")
    return sorted(number for _state, number in rows)


@pytest.mark.parametrize(("mode", "theme"), MODES)
def test_no_page_has_a_barrier_or_scrolls_sideways(person, site, numbers, mode: str, theme: str) -> None:
    cases = [f"/cases/{number}/" for number in numbers]
    owners, secret = (ballots(site, kind, "open") for kind in ("named", "secret"))
    ended = (*ballots(site, "named", "final"), *ballots(site, "secret", "final"))
    results = [f"/ballots/{pk}/{page}/" for pk in ended[:1] for page in ("roll", "uncounted", "objections")]
    results += [f"/ballots/{pk}/result/" for pk in (ended[0], ended[1], ended[-1])]
    own = [f"/ballots/{owners[0]}/{page}" for page in ("", "roll/", "proxies/", "roll/claim/")]
    kept = [f"/areas/{courtyard(site)}/register/{page}" for page in ("", "import/")]
    seen = {
        "visitor": (*VISITOR, *cases, *results, "/areas/510106/", "/guides/how-it-works/"),
        "竹筠": (*RESIDENT, *cases[:3], f"/cases/{numbers[1]}/talk/", f"/ballots/{secret[0]}/", *own),
        "乔明远": (*OFFICIAL, *cases),
        "谢一苇": ("/desk/rolls/", f"/ballots/{owners[0]}/paper/", *kept),
    }
    troubles = []
    for name, width in itertools.product(seen, WIDTHS[theme]):
        page = person(f"{name}-{width}", viewport={"width": width, "height": 800}, bypass_csp=True)  # axe sets styles
        if name != "visitor":
            acts.sign_in_at_once(page, name)
        wear(page, site, mode, theme)
        for path in seen[name]:
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                troubles.append(f"{path} scrolls sideways at {width} for {name}")
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
            for broken in found.response["violations"]:
                targets = [node["target"] for node in broken["nodes"]][:2]
                troubles.append(f"{path} at {width} for {name}: {broken['id']} {targets}")
    assert troubles == []


def ballots(site, kind: str, state: str) -> list[int]:
    rows = site.sql(f"SELECT id FROM voting_ballot WHERE kind = '{kind}' AND state = '{state}' ORDER BY id")
    return [pk for (pk,) in rows]


def courtyard(site) -> str:
    return site.sql("SELECT code FROM areas_area WHERE name = '槐荫里'")[0][0]


def wear(page, site, mode: str, theme: str) -> None:
    pairs = {"mode": mode, "theme": theme}
    page.context.add_cookies(
        [
            {"name": f"yuanyi_{site.port}_{key}", "value": value, "url": site.url}
            for key, value in pairs.items()
            if value
        ]
    )


def test_a_matter_is_filed_without_scripts(person, site) -> None:
    page = person("plain", java_script_enabled=False)
    acts.sign_in_at_once(page, "小满")
    page.goto("/new/where/")
    page.get_by_label("具体位置").fill("一栋门口")
    page.get_by_role("button", name="下一步：什么事").click()
    page.get_by_label("一句话说清是什么事").fill("信箱锁坏了两个")
    page.get_by_label("现在是什么情况").fill("一栋的信箱锁坏了两个，信件丢过一次。")
    page.get_by_label("希望怎么解决").fill("换两把新锁，钥匙发到户。")
    page.get_by_role("button", name="下一步：看一遍").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交").first).to_be_visible()


def test_words_are_said_without_scripts(person, site) -> None:
    page = person("plain talk", java_script_enabled=False)
    acts.sign_in_at_once(page, "青瓦")
    number = site.sql("SELECT number FROM proposals_proposal WHERE state = 'deliberating' ORDER BY id LIMIT 1")[0][0]
    page.goto(f"/cases/{number}/talk/")
    page.locator("textarea[name=text]").fill("没有脚本也能说话。")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("没有脚本也能说话。")).to_be_visible()


def test_an_owner_votes_by_keyboard_and_without_scripts(person, site) -> None:
    page = person("plain owner", java_script_enabled=False)
    acts.sign_in_at_once(page, "糖油果子")
    page.goto(f"/ballots/{ballots(site, 'named', 'open')[0]}/")
    page.get_by_label(re.compile("^同意")).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("您选的是")).to_be_visible()
    expect(page.locator(".y-slip__big b")).to_have_text("同意")
    page.get_by_label("是我本人投票").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="票已收到")).to_be_visible()
    assert len(page.locator(".y-receipt").inner_text()) == len("K7M2-94QD")
