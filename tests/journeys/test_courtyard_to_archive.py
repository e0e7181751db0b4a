"""The main job, whole: from a courtyard to the archive, three people at once, in real browsers."""

import email
import io
import re
from email import policy

from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys import acts
from tests.journeys.site import Site

PARTS = {
    "reasons": "一、雨棚破损属实，已到现场看过。\n二、表决十人中六人参加，四人同意。",
    "arguments": "有人主张用钢板：阳光板透光，住户多数赞成，用阳光板。",
    "basis": "社区保障资金使用清单第 4 项",
    "evidence": "现场照片三张，表决结果。",
    "options": "补洞：一年后又漏。换新：十年不用管。",
    "cost": "2,600 元，社区和院落各一半",
    "contact": "程小禾 028-0000-0151",
}
NEIGHBOURS = ("老槐树下", "四栋李", "郭家阿姨", "青瓦", "糖油果子")


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (2600, 1800), "#b9643f").save(out, "JPEG")
    return {"name": "雨棚.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def file_a_proposal(page: Page) -> str:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="提一件事").click()
    page.get_by_label("槐荫里（院落）").check()
    page.get_by_label("具体位置").fill("车棚西头")
    page.get_by_role("button", name="下一步：什么事").click()
    page.get_by_label("一句话说清是什么事").fill("车棚的雨棚漏雨，要换新的")
    page.get_by_label("现在是什么情况").fill("雨棚破了三个洞，下雨天车座全湿，地上积水老人容易滑倒。")
    page.get_by_label("希望怎么解决").fill("把雨棚换成新的，再把积水的地方垫平。")
    page.set_input_files("input[type=file]", files=[photo()])
    expect(page.get_by_alt_text("第 1 张照片")).to_be_visible()
    page.get_by_role("button", name="下一步：看一遍").click()
    page.get_by_role("button", name="提交").click()
    return page.locator(".y-slip__big b").inner_text()


def vote(page: Page, number: str, choice: str) -> str:
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="去投票").first.click()
    page.get_by_label(re.compile(f"^{choice}")).check()
    page.get_by_role("button", name=re.compile("下一步")).click()
    expect(page.get_by_text("您选的是")).to_be_visible()
    page.locator("input[type=checkbox]").check()
    page.get_by_role("button", name=re.compile(f"：{choice}")).click()
    return page.locator(".y-receipt").first.inner_text()


def test_a_proposal_goes_from_the_courtyard_to_the_archive(person, fresh_site: Site) -> None:
    site = fresh_site
    zhuyun, huai, moderator, clerk, committee = (
        person(name, at=site) for name in ("竹筠", "老槐树下", "moderator", "clerk", "committee")
    )
    acts.sign_in_by_phone(zhuyun, site, "00000000101")
    acts.sign_in_by_phone(huai, site, "00000000102")
    number = file_a_proposal(zhuyun)
    assert re.fullmatch(r"\d{4}-\d{4}", number)
    it_is_accepted(moderator, number)
    it_is_endorsed(huai, clerk, number)
    it_is_examined(moderator, number)
    three_talk_at_once(zhuyun, huai, clerk, number)
    it_is_voted(zhuyun, huai, clerk, number)
    acts.pass_days(moderator, 9)
    the_result_is_there(zhuyun, number)
    it_is_handed_up_and_answered(clerk, committee, number)
    told = zhuyun.get_by_text("已答复：车棚的雨棚漏雨，要换新的").first
    acts.until(zhuyun, "/inbox/", lambda: expect(told).to_be_visible(timeout=100))
    papers_can_be_verified(zhuyun, site, number)
    it_is_done_and_judged(committee, zhuyun, number)
    site.settle()
    the_public_finds_it(person("public", at=site), site, number)
    acts.wait_until(lambda: any("车棚的雨棚漏雨" in subject for subject in subjects_of_mail(site)))
    the_record_is_clean_and_names_what_was_edited(site)


def it_is_accepted(moderator: Page, number: str) -> None:
    acts.sign_in_with_second_factor(moderator, "傅望舒", "huai-mod@yuanyi.example")
    moderator.goto("/desk/")
    expect(moderator.get_by_role("link", name="车棚的雨棚漏雨，要换新的", exact=True)).to_be_visible()
    acts.move(moderator, number, "收下")


def it_is_endorsed(huai: Page, clerk: Page, number: str) -> None:
    for name in NEIGHBOURS:
        page = huai if name == "老槐树下" else clerk
        if page is clerk:
            acts.sign_in_at_once(clerk, name)
        page.goto(f"/cases/{number}/")
        page.get_by_role("button", name="附议").click()
        expect(page.get_by_text("已计入您这一户的附议")).to_be_visible()
    expect(clerk.get_by_text("立案审查中").first).to_be_visible()


def it_is_examined(moderator: Page, number: str) -> None:
    """Nothing that was typed is lost when the map of who gains and who bears is incomplete."""
    moderator.goto(f"/cases/{number}/examination/")
    for label, words in (
        ("根源", "雨棚用了十二年，阳光板老化开裂。"),
        ("相关群体", "停车的六十多户，路过的老人孩子。"),
        ("主要障碍", "经费没有来源，材料有两种意见。"),
        ("责任单位", "院落议事小组、物业、社区。"),
    ):
        moderator.get_by_label(re.compile(f"^{label}")).fill(words)
    moderator.locator("input[name=party-0-name]").fill("停车的住户")
    moderator.locator("input[name=party-0-how]").fill("车不淋雨，地不积水")
    moderator.get_by_role("button", name="保存并开启协商").click()
    expect(moderator.get_by_text("立案审查还缺：谁承担").first).to_be_visible()
    expect(moderator.locator("input[name=party-0-name]")).to_have_value("停车的住户")
    moderator.locator("input[name=party-1-name]").fill("物业")
    moderator.locator("select[name=party-1-side]").select_option("bears")
    moderator.locator("input[name=party-1-how]").fill("施工三天，要腾空车棚")
    moderator.get_by_role("button", name="保存并开启协商").click()
    expect(moderator.get_by_text("协商中").first).to_be_visible()


def three_talk_at_once(zhuyun: Page, huai: Page, clerk: Page, number: str) -> None:
    """Nobody reloads."""
    acts.sign_in_at_once(clerk, "方正阳")
    for page in (zhuyun, huai, clerk):
        page.goto(f"/cases/{number}/talk/")
    say(zhuyun, "我量过，棚顶一共二十四平方米。")
    for page in (huai, clerk):
        expect(page.get_by_text("我量过，棚顶一共二十四平方米。")).to_be_visible()
    say(huai, "换阳光板吧，亮堂。")
    say(clerk, "两种都问了价，差八百元。")
    for page in (zhuyun, huai, clerk):
        expect(page.get_by_text("换阳光板吧，亮堂。")).to_be_visible()
        expect(page.get_by_text("两种都问了价，差八百元。")).to_be_visible()
        expect(page.locator(".y-post")).to_have_count(3)


def it_is_voted(zhuyun: Page, huai: Page, clerk: Page, number: str) -> None:
    plan = "换二十四平方米阳光板，约两千六百元，请社区出一半。"
    acts.move(clerk, number, "发起表决", text="是否同意把雨棚换成阳光板？", plan=plan)
    ready = zhuyun.get_by_role("link", name="去投票").first
    acts.until(zhuyun, f"/cases/{number}/", lambda: expect(ready).to_be_visible(timeout=100))
    receipts = {vote(zhuyun, number, "同意"), vote(huai, number, "同意")}
    for name, choice in (("四栋李", "同意"), ("郭家阿姨", "同意"), ("青瓦", "不同意"), ("糖油果子", "弃权")):
        acts.sign_in_at_once(clerk, name)
        receipts.add(vote(clerk, number, choice))
    assert len(receipts) == 6
    clerk.goto(f"/cases/{number}/")
    expect(clerk.get_by_text(re.compile("已投 6 / 10"))).to_be_visible()


def the_result_is_there(page: Page, number: str) -> None:
    resolved = page.get_by_text("已决议").first
    acts.until(page, f"/cases/{number}/", lambda: expect(resolved).to_be_visible(timeout=100))
    page.get_by_role("link", name="看结果").click()
    expect(page.get_by_text("通过", exact=True).first).to_be_visible()


def it_is_handed_up_and_answered(clerk: Page, committee: Page, number: str) -> None:
    acts.sign_in_at_once(clerk, "方正阳")
    acts.move(clerk, number, "提到上一级", reason="超出本级经费", text="表决通过，请社区出一半费用。")
    acts.sign_in_with_second_factor(committee, "罗一川", "jin-chair@yuanyi.example")
    acts.move(committee, number, "接手")
    publish_the_answer(committee, number)


def it_is_done_and_judged(committee: Page, zhuyun: Page, number: str) -> None:
    acts.move(committee, number, "开始办理", text="维修队明天量尺寸，下周装好。")
    acts.move(committee, number, "报告完工", text="新雨棚装好了，积水的地方垫平了。")
    zhuyun.goto(f"/cases/{number}/judge/")
    zhuyun.get_by_label("已解决").check()
    zhuyun.get_by_label("很好").check()
    zhuyun.get_by_role("button", name="提交评议").click()
    expect(zhuyun.get_by_text("办结·已解决").first).to_be_visible()


def the_record_is_clean_and_names_what_was_edited(site: Site) -> None:
    clean = site.manage("verify", check=False)
    assert clean.returncode == 0, clean.stdout
    newest = "SELECT id, chain_id, number FROM ledger_event WHERE kind = 'case.decided' ORDER BY id DESC LIMIT 1"
    pk, chain, number = site.sql(newest)[0]
    site.sql("UPDATE ledger_event SET actor = 'somebody else' WHERE id = %s", [pk])
    found = site.manage("verify", check=False)
    assert found.returncode != 0
    assert f"{chain}#{number} case.decided: was altered after it was written" in found.stdout


def say(page: Page, words: str) -> None:
    page.locator("textarea[name=text]").fill(words)
    page.get_by_role("button", name="发送").click()


def publish_the_answer(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}/decide/")
    page.get_by_label("采纳", exact=True).check()
    page.get_by_label("答复一句话").fill("采纳：社区出一千三百元，两周内换好雨棚。")
    page.locator("[name=point-0-result]").select_option("adopted")
    page.locator("[name=point-0-reason]").fill("雨棚破损属实，经费够用。")
    for name, text in PARTS.items():
        page.locator(f"[name={name}]").fill(text)
    review = page.locator("[name=review_on]")
    review.fill(review.get_attribute("min") or "")
    page.get_by_role("button", name="签发并公布答复").click()
    expect(page.get_by_text("采纳的事要写明谁来做")).to_be_visible()
    expect(page.get_by_label("答复一句话")).to_have_value("采纳：社区出一千三百元，两周内换好雨棚。")
    page.locator("[name=actions]").fill("社区联系维修队，两周内换好，费用两千六百元。")
    page.get_by_role("button", name="签发并公布答复").click()
    expect(page.get_by_text("已答复").first).to_be_visible()


def papers_can_be_verified(page: Page, site: Site, number: str) -> None:
    link = page.get_by_role("link", name="答复函", exact=True)
    acts.until(page, f"/cases/{number}/", lambda: expect(link).to_be_visible(timeout=100))
    address = link.get_attribute("href")
    assert address and acts.download(site, address)[:5] == b"%PDF-"
    code = site.sql("SELECT code FROM records_record WHERE kind = 'decision' ORDER BY id DESC LIMIT 1")[0][0]
    page.goto(f"/verify/{code}/")
    expect(page.get_by_text("核验码是真的").first).to_be_visible()


def the_public_finds_it(page: Page, site: Site, number: str) -> None:
    page.goto("/archive/")
    page.get_by_role("searchbox").fill("雨棚漏雨")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="车棚的雨棚漏雨，要换新的").click()
    expect(page).to_have_url(f"{site.url}/archive/{number}/")
    expect(page.get_by_text("办结·已解决").first).to_be_visible()
    expect(page.get_by_text("采纳：社区出一千三百元，两周内换好雨棚。").first).to_be_visible()
    address = page.get_by_role("link", name="全卷", exact=True).get_attribute("href")
    assert address and acts.download(site, address)[:5] == b"%PDF-"


def subjects_of_mail(site: Site) -> list[str]:
    letters = (site.data_dir / "mail").glob("*.eml")
    return [str(email.message_from_bytes(path.read_bytes(), policy=policy.default)["subject"]) for path in letters]
