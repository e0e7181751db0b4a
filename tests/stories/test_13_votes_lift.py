"""Story 1, the owners' vote: 12 flats of one entrance, ¾ by heads and by area, a proxy, two sales, an objection."""

import io
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import build
from tests.stories import afterwards, polling
from tests.stories.conftest import Founds
from tests.stories.town import Town, said
from tests.voting.estate import row
from voting.models import Proxy

ENTRANCE = "3栋 2单元"
FLATS = {
    "101": "魏长河", "102": "林竹筠", "201": "孙静言", "202": "安思源", "301": "秦越", "302": "杜明礼",
    "401": "风铃音", "402": "何其芳", "501": "平安生", "502": "康乐天", "601": "范大江", "602": "唐小楼",
}  # fmt: skip
HOMES = {
    "六楼小唐": "602", "一楼老魏": "101", "二楼孙老师": "201", "三楼小秦": "301", "四楼何姐": "402",
    "五楼阿平": "501", "六楼老范": "601",
}  # fmt: skip
BUYER, ABROAD = "新来的小谢", "康乐天"
SOLD = "301 已经过户，登记簿已变更。"
OFFICER = "组织这次表决的成员和在这里任职的人不能受托。请选一位邻居或家人。"
STANDS = "这份投票权已经投过票。已投的票有效，不再变动。"
GROUNDS = "502 的委托书是照片，我没有看到原件，怀疑签名不是本人的。"
RULING = "已与业主本人视频核对，签名属实，委托有效，结果不变。"


def test_an_entrance_of_owners_votes_on_its_lift(found: Founds, tmp_path: Path) -> None:
    town = found("抚琴街道", "金鱼街社区", "槐荫里(示例)")
    town.moves_in(*HOMES, BUYER)
    polling.appoints_clerks(town)
    the_roll_of_the_entrance_is_imported(town)
    owners_find_themselves_on_the_roll(town)
    a_letter_from_abroad_is_recorded_and_used(town)
    a_flat_is_sold_before_its_paper(town)
    a_flat_is_sold_after_its_paper(town)
    nobody_votes_twice_for_one_right(town)
    three_quarters_by_heads_and_by_area(town)
    the_ground_floor_objects_and_another_body_rules(town)
    assert "结果 · result: 通过" in polling.anybody_recounts(town, tmp_path)
    everybody_was_told(town)
    afterwards.a_stranger_reads(town, "表决通过", never=("四楼何姐", *FLATS.values()))
    afterwards.the_record_is_clean(town)


def the_roll_of_the_entrance_is_imported(town: Town) -> None:
    """By a clerk, from a file; the other entrance is on the register too, and not on this roll."""
    polling.is_talked_over(
        town, "六楼小唐", *list(HOMES)[2:], title="3 栋 2 单元加装电梯",
        problem="六层楼没有电梯，五楼六楼有四位老人，两位已经半年没有下过楼。", wish="在单元门外加装一部电梯。",
        place="3 栋 2 单元门口",
    )  # fmt: skip
    assert polling.imports_register(town, "first clerk", *rows(FLATS)) == [
        *((f"{ENTRANCE} {home}", "新增房屋") for home in FLATS),
        ("3栋 1单元 101", "新增房屋"),
    ]
    call(town)
    page = said(town.by("").get(polling.door(town, "roll/")))
    assert "12 人，960.00 ㎡" in page
    assert "3栋 2单元 1** 魏**" in page
    assert "石安然" not in page


def rows(flats: dict[str, str]) -> list[list[str]]:
    mine = [row(home, owner, "80.00", entrance="2单元") for home, owner in flats.items()]
    return [*mine, row("101", "石安然", "95.00", entrance="1单元")]


def call(town: Town) -> None:
    plan = "井道后移，玻璃围护；一楼不出钱，二楼以上按楼层分摊。"
    question = "是否同意 3 栋 2 单元加装电梯？"
    special = {"statute": "civil_code_278_special", "part": ENTRANCE}
    town.does("convener", "call_vote", text=question, plan=plan, **special)


def owners_find_themselves_on_the_roll(town: Town) -> None:
    for name, home in HOMES.items():
        polling.claims_a_right(town, name, f"3-2-{home}")
    linked = town.ballot.entries.exclude(voter=None).values_list("voter__name", "owner__name")
    assert dict(linked) == {name: FLATS[home] for name, home in HOMES.items()}


def a_letter_from_abroad_is_recorded_and_used(town: Town) -> None:
    """The owner has no account. The clerk copies the letter; whoever leads the body that calls cannot hold it."""
    right = town.ballot.entries.get(owner__name=ABROAD)
    page = polling.door(town, "proxies/record/")

    def letter(holder: str) -> dict[str, object]:
        told = town.people[holder]
        return {"entry": right.pk, "phone": told.phone, "name": told.name, "scope": "同意加装电梯。", "letter": photo()}

    build.home(town.people["convener"], town.courtyards[0], "1-101", at=town.now)
    refused = town.by("first clerk").post(page, letter("convener"))
    assert (refused.status_code, refused.context["form"].non_field_errors()) == (422, [OFFICER])
    town.posts("first clerk", page, page, **letter("二楼孙老师"))
    assert town.wait(16).state == "voting"
    assert polling.casts_for_another(town, "二楼孙老师", Proxy.objects.get().pk, "yes")


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return SimpleUploadedFile("letter.png", out.getvalue(), "image/png")


def a_flat_is_sold_before_its_paper(town: Town) -> None:
    """The register names the buyer; one officer asks, another makes it, and the buyer votes instead of the seller."""
    sold = rows(FLATS | {"301": "谢安然"})
    assert polling.imports_register(town, "first clerk", *sold) == [("3栋 2单元 301", "业主有变")]
    asked = polling.asks_for_sale(town, "convener", "秦越", "3-2-301", SOLD)
    assert (asked.status_code, asked["Location"]) == (302, polling.door(town, "roll/"))
    town.settle()
    own = town.turned_away("convener", polling.correction_page(), send=town.by("convener").post, ruling="make")
    assert own == "更正名册要两个人：这是您提出的，须由另一位来做。"
    polling.makes_correction(town, "second clerk")
    assert SOLD in said(town.by("").get(polling.door(town, "roll/")))
    polling.claims_a_right(town, BUYER, "3-2-301")
    seller = town.turned_away("三楼小秦", polling.door(town, "confirm/"), send=town.by("三楼小秦").post, choice="no")
    assert seller == "您代表的房屋已经从名册上更正掉了，原因见名册。"
    assert polling.casts(town, BUYER, choice="yes")


def a_flat_is_sold_after_its_paper(town: Town) -> None:
    """The vote that was cast for the flat stands."""
    assert polling.casts(town, "五楼阿平", choice="yes")
    sold = rows(FLATS | {"301": "谢安然", "501": "夏荷生"})
    polling.imports_register(town, "first clerk", *sold)
    asked = polling.asks_for_sale(town, "convener", "平安生", "3-2-501", "501 在表决中过户。")
    assert (asked.status_code, asked.context["form"].non_field_errors()) == (422, [STANDS])


def nobody_votes_twice_for_one_right(town: Town) -> None:
    """The holder of the letter not again; and who has voted by phone not on paper as well."""
    page = f"/proxies/{Proxy.objects.get().pk}/confirm/"
    again = town.turned_away("二楼孙老师", page, send=town.by("二楼孙老师").post, choice="no")
    assert again == "这份委托已经用过：票已投出，有效，不能再撤回或更改。"
    slip = polling.prints_slip(town, "first clerk", right=town.ballot.entries.get(owner__name="何其芳").pk)
    polling.casts(town, "四楼何姐", choice="no")
    polling.takes_in(town, "first clerk", slip)
    assert [polling.keys_in(town, clerk, slip, "1") for clerk in ("first clerk", "second clerk")] == [
        "returned",
        "invalid",
    ]
    assert slip.fault == "duplicate"


def three_quarters_by_heads_and_by_area(town: Town) -> None:
    """Eight of twelve take part and six of them say yes: both bounds are included."""
    for name in ("六楼小唐", "二楼孙老师", "六楼老范"):
        polling.casts(town, name, choice="yes")
    polling.casts(town, "一楼老魏", choice="no")
    town.wait(7)
    assert town.ballot.tally == {
        "method": "yes_no", "result": "passed", "winners": [], "roll": [12, 96_000], "papers": [8, 64_000],
        "yes": [6, 48_000], "no": [2, 16_000], "abstain": [0, 0],
    }  # fmt: skip
    assert polling.came_through(town) == {"手机、网页": 7, "委托": 1}
    page = polling.result(town)
    assert [words for words in ("通过", "意见征询", "480.00 ㎡", "8 / 12 人") if words not in page] == []


def the_ground_floor_objects_and_another_body_rules(town: Town) -> None:
    """Within seven days; not by the body that called the vote. The result waits for the ruling and the last day."""
    assert (town.case.state, town.ballot.state) == ("voting", "closed")
    town.wait(2)
    page = polling.objects(town, "一楼老魏", GROUNDS)
    assert town.turned_away("convener", page) == "只有组织这次表决的上级机构负责人可以答复。"
    polling.rules(town, "community", page, "refuse", RULING)
    shown = said(town.by("").get(polling.door(town, "objections/")))
    assert [text for text in (GROUNDS, RULING, "3栋 2单元 1** 魏**") if text not in shown] == []
    assert town.wait(5).state == "voting"
    assert (town.wait(1).state, town.ballot.state) == ("resolved", "final")
    late = polling.door(town, "objections/make/")
    assert town.turned_away("一楼老魏", late) == "异议期已过。"


def everybody_was_told(town: Town) -> None:
    """The clerks of each claim and correction, the holder of the letter, the seller, and who had objected."""
    voter = "qualified opened roll.claim_ruled ballot_opened_named ballot_closed resolved"
    clerks = "roll.claimed roll.correction_asked"
    assert afterwards.told(town) == afterwards.were(
        {
            "六楼小唐": f"accepted {voter}",
            "四楼何姐、五楼阿平、六楼老范": voter,
            "二楼孙老师": f"{voter} proxy.given",
            "三楼小秦": f"{voter} roll.corrected",
            "一楼老魏": "roll.claim_ruled ballot_opened_named ballot_closed objection.ruled",
            BUYER: "roll.claim_ruled ballot_closed",
            "、".join(polling.CLERKS): clerks,
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act resolved:act",
            "community": "objection.made",
        }
    )
