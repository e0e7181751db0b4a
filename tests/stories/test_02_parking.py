"""Story 2: where to park at night. Three courtyards, a community and the street; an answer declined point by point."""

from areas.models import Level
from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

FIRST = ("西南苑小吴", *(f"西南苑住户{n}" for n in range(1, 7)))
SECOND = tuple(f"石人小院住户{n}" for n in range(1, 8))
THIRD = tuple(f"北巷新居住户{n}" for n in range(1, 8))
OUTSIDER = "外来停车人"
PROPOSER, *ENDORSERS = FIRST + SECOND + THIRD
TEXTS = {
    "title": "夜里没有地方停车",
    "problem": "三个院落晚上七点以后一位难求，白天又空着一大半，天天有人为车位争吵。",
    "wish": "在消防通道划线停车；学校操场夜里开放；院前的路改成单行。",
    "place": "西南苑门前路",
}
DECLINED = (
    ("在消防通道划线停车", "declined", "占用消防通道，法律不允许，任何时段都不能划。"),
    ("学校操场夜里开放", "declined", "学校担心安全，没有同意。"),
    ("院前的路改成单行", "declined", "公交要从这条路过，交警没有同意。"),
)
PARTLY = (
    DECLINED[0],
    ("学校操场夜里开放", "adopted", "学校同意晚七点到早七点开放 40 个车位，由社区派人值守。"),
    DECLINED[2],
)
WORDS = {
    "reasons": "一、消防通道的宽度不能减少。二、街道已请交警、城管、消防和学校一起到场看过。",
    "basis": "《中华人民共和国消防法》第二十八条；街道权责清单第 9 项",
    "contact": "城市管理办公室 顾南枝 028-0000-0188",
}


def test_three_courtyards_ask_where_to_park(found: Founds) -> None:
    town = found("抚琴街道", "西南街社区", "西南苑(示例)", "石人小院(示例)", "北巷新居(示例)")
    for n, names in enumerate((FIRST, SECOND, THIRD)):
        town.moves_in(*names, courtyard=n)
    town.lives_elsewhere(OUTSIDER, "曹家巷甲院(示例)", "曹家巷社区")
    a_second_one_like_it_is_not_taken_twice(town)
    twenty_households_of_three_courtyards_endorse(town)
    the_examination_finds_the_fire_lane(town)
    it_is_voted_and_goes_to_the_street(town)
    every_point_is_declined_and_reviewed(town)
    a_part_is_adopted_and_tried(town)
    everybody_was_told(town)
    shown = ("办结·未评价", "到期没有人评，不算满意。", "占用消防通道，法律不允许", "复核：答复要重做")
    afterwards.a_stranger_reads(town, *shown[:2], shown[3], never=tuple(FIRST[1:5]))
    assert shown[2] in said(town.by("").get(town.at("decision/")))
    assert afterwards.papers(town) == [
        ("decision", 1, "抚琴街议答〔2026〕1号"),
        ("decision", 2, "抚琴街议答〔2026〕1号"),
        ("case_file", 1, "抚琴街议卷〔2027〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def a_second_one_like_it_is_not_taken_twice(town: Town) -> None:
    """It stays to be read, with its reason and the way to the first one."""
    first = town.files(PROPOSER, Level.COMMUNITY, **TEXTS)
    town.does("clerk", "accept")
    town.files(SECOND[0], Level.COMMUNITY, **TEXTS | {"title": "晚上回来没处停车"})
    town.does("clerk", "reject", "repeated", f"编号 {first.number} 已在办，请去附议，您的意见会一起商量。")
    afterwards.a_stranger_reads(town, "不予受理", "同一件事已经在办。", f"编号 {first.number} 已在办")
    town.turn_to(first)


def twenty_households_of_three_courtyards_endorse(town: Town) -> None:
    refusal = town.turned_away(OUTSIDER, town.at("endorse/"), send=town.by(OUTSIDER).post)
    assert refusal == "只有西南街社区的住户可以这样做，您登记的住址在别处。"
    assert town.endorsed_by(*ENDORSERS[:19]).state == "endorsing"
    assert town.endorsed_by(ENDORSERS[19]).state == "screening"


def the_examination_finds_the_fire_lane(town: Town) -> None:
    """Before it is complete the deliberation does not open; what it finds stands above the discussion."""
    fields = {
        "cause": "配建车位不到户数的三成。",
        "affected": "三个院落，六百多户。",
        "units": "街道、交警、城管、消防、学校。",
    }
    gains, bears = "+三个院落的住户：晚上有地方停车", "消防通道两边的住户：车停进去，救援进不来"
    town.examines("clerk", gains, opens=False, **fields)
    page = said(town.by("clerk").get(town.at("examination/")))
    assert "立案审查还缺：主要障碍、谁承担。" in page
    assert town.case.state == "screening"
    illegal = "在消防通道划线停车违反消防法第二十八条，这一项不能作为方案。"
    town.examines("clerk", gains, bears, obstacles=illegal, **fields)
    assert illegal in said(town.by("").get(town.at()))


def it_is_voted_and_goes_to_the_street(town: Town) -> None:
    town.says(THIRD[0], "学校操场晚上空着，能不能商量一下？")
    question, plan = "是否同意提请街道协调学校操场夜间开放？", "晚七点到早七点，40 个车位，有人值守。"
    town.does("community", "call_vote", text=question, plan=plan)
    town.beat()
    ballot = f"/ballots/{town.ballot.pk}/confirm/"
    refusal = town.turned_away(OUTSIDER, ballot, send=town.by(OUTSIDER).post, choice="yes")
    assert refusal == "只有名册冻结前住址在西南街社区核实过的成年居民可以投票。"
    town.votes(yes=" ".join((PROPOSER, *ENDORSERS[5:15])), no=THIRD[6])
    town.wait(8)
    town.does("community", "hand_up", "several_areas", "涉及学校、交警、城管、消防，请街道召集。")
    town.does("street", "take_over")


def every_point_is_declined_and_reviewed(town: Town) -> None:
    """Who is not content asks once for a review; another body than the one that answered decides it."""
    town.answers("street", *DECLINED, summary="三项都不采纳，理由见各点。", **WORDS)
    page = said(town.by("").get(town.at("decision/")))
    for _wish, _result, reason in DECLINED:
        assert f"不采纳 {_wish} {reason}" in page
    town.does(PROPOSER, "ask_review", text="没有问过学校的新校长，操场的事没有真正谈过。")
    assert town.refused("street", "confirm") == "只有金牛区社区提案工作联席会的工作人员可以这样做。"
    town.wait(3)
    town.does("district", "revise", text="请当面和学校再谈一次操场，谈的结果写进答复。")
    town.answers("street", *PARTLY, summary="部分采纳：学校操场晚上开放 40 个车位。", **WORDS)
    assert town.refused(PROPOSER, "ask_review") == "这份答复已经复核过一次。"


def a_part_is_adopted_and_tried(town: Town) -> None:
    """Nobody judges in time: that is “not evaluated”, never “satisfied”."""
    town.does("street handler", "start", text="与学校签共享协议，下周一起试行。")
    town.wait(25)
    town.does("street handler", "complete", text="试行以来夜间平均停 33 辆，没有事故。")
    town.wait(20)
    assert afterwards.road(town) == [
        "submit: submitted, 西南街社区",
        "accept: endorsing, 西南街社区",
        "qualify: screening, 西南街社区",
        "open: deliberating, 西南街社区",
        "call_vote: voting, 西南街社区",
        "resolve: resolved, 西南街社区",
        "hand_up: escalated, 抚琴街道",
        "take_over: deciding, 抚琴街道",
        "decide: decided, 抚琴街道",
        "ask_review: reviewing, 金牛区",
        "revise: deciding, 抚琴街道",
        "decide: decided, 抚琴街道",
        "start: implementing, 抚琴街道",
        "complete: evaluating, 抚琴街道",
        "close: closed, 抚琴街道",
    ]


def everybody_was_told(town: Town) -> None:
    heard = (
        "qualified opened ballot_opened ballot_closed resolved handed_up taken_over decided revised started "
        "completed:act half_time:own time_short:own closed"
    )
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"accepted {heard}",
            "、".join(ENDORSERS): f"{heard} review_asked",
            "clerk": "submitted:act qualified:act",
            "community": "qualified:act opened:act resolved:act taken_over:office decided:office completed:office",
            "street": "handed_up:act taken_over:act revised:act",
            "district": "review_asked:act",
            "street handler": "decided:act",
        }
    )
