"""Story 8, the vote on the shed: common ground changes its use, so ¾ by heads and by area; six shops, one head."""

from pathlib import Path

from tests.stories import afterwards, polling
from tests.stories.conftest import Founds
from tests.stories.town import Town, said
from tests.voting.estate import row

OWNERS = {
    "三楼小贺": "贺之舟", "二楼郝师傅": "郝建国", "高层的孟姐": "孟晚", "一楼曾婆婆": "曾玉芬", "送餐的阿强": "强有光",
    "对门老闵": "闵行之",
}  # fmt: skip
DOORS = dict(zip(OWNERS, ("301", "201", "601", "101", "202", "302"), strict=True))
MERCHANT, MERCHANT_NAME = "开店的老梁", "梁万山"
SHOPS = [str(n) for n in range(1, 7)]
LIVING = [row(DOORS[who], name, "80.00", building="2栋") for who, name in OWNERS.items()]
SHOP_ROWS = [
    row(shop, MERCHANT_NAME, "50.00", building="底商", entrance="", purpose="商铺", identity="510100195001010011")
    for shop in SHOPS
]


def test_six_shops_of_one_owner_are_one_head_with_all_their_floor(found: Founds, tmp_path: Path) -> None:
    town = found("九里堤街道", "康禧社区", "康禧苑(示例)")
    town.moves_in(*OWNERS, MERCHANT)
    polling.appoints_clerks(town)
    polling.is_talked_over(
        town, *list(OWNERS)[:5], MERCHANT, title="东北角绿地建充电棚", problem="有人从窗户拉线充电，昨晚电线冒烟。",
        wish="在东北角绿地建一个充电棚。", place="东北角绿地",
    )  # fmt: skip
    what_is_wrong_in_the_file_is_told_by_row(town)
    six_shops_are_one_right(town)
    by_heads_it_would_carry_by_area_it_does_not(town)
    assert "结果 · result: 未通过" in polling.anybody_recounts(town, tmp_path)
    the_merchant_comes_round(town)
    afterwards.a_stranger_reads(town, "表决通过", never=(MERCHANT_NAME, *OWNERS.values()))
    afterwards.the_record_is_clean(town)


def what_is_wrong_in_the_file_is_told_by_row(town: Town) -> None:
    """Nothing is taken over from a file with a fault."""
    faults = polling.register_refused(town, "first clerk", *LIVING, row("701", "无面积", "0", building="2栋"))
    assert faults == [(8, "专有面积必须大于 0。")]
    sums = town.by("").get(f"/areas/{town.courtyards[0].code}/register/").context["sums"]
    assert sums == {"units": 0, "heads": 0, "floor_area": None}


def six_shops_are_one_right(town: Town) -> None:
    """Twelve units and seven heads: six of the units are his, 300 of 780 m²."""
    polling.imports_register(town, "first clerk", *LIVING, *SHOP_ROWS)
    calls(town)
    for who, home in DOORS.items():
        polling.claims_a_right(town, who, f"2-1-{home}")
    polling.claims_a_right(town, MERCHANT, "底商-1")
    roll = said(town.by("").get(polling.door(town, "roll/")))
    assert "7 人，780.00 ㎡" in roll
    assert "底商 1 +5 梁** 300.00 ㎡" in roll


def calls(town: Town) -> None:
    question = "是否同意把东北角绿地改建为充电棚？"
    plan = "二十四个充电位，带灭火和断电，收入归全体业主。"
    town.does("convener", "call_vote", text=question, plan=plan, statute="civil_code_278_special")
    polling.waits_for(town, "open")


def by_heads_it_would_carry_by_area_it_does_not(town: Town) -> None:
    """Six of seven heads are for it, and only 480 of the 780 m²: three quarters of both are needed."""
    for who in OWNERS:
        polling.casts(town, who, choice="yes")
    polling.casts(town, MERCHANT, choice="no")
    polling.waits_for(town, "closed")
    assert town.ballot.tally == {
        "method": "yes_no", "result": "not_passed", "winners": [], "roll": [7, 78_000], "papers": [7, 78_000],
        "yes": [6, 48_000], "no": [1, 30_000], "abstain": [0, 0],
    }  # fmt: skip
    polling.waits_for(town, "final")
    assert town.case.state == "not_passed"


def the_merchant_comes_round(town: Town) -> None:
    """Deliberated again; on the new roll everybody stands linked already. A named vote may be changed until the end."""
    town.does("convener", "reopen", text="充电棚往北移，不挡铺面。")
    calls(town)
    for who in OWNERS:
        polling.casts(town, who, choice="yes")
    codes = [polling.casts(town, MERCHANT, choice=choice) for choice in ("no", "yes")]
    polling.waits_for(town, "final")
    assert (town.case.state, town.ballot.tally["yes"]) == ("resolved", [7, 78_000])
    kept = [polling.finds_receipt(town, code) for code in codes]
    assert kept == [False, True]
