"""Story 1: a lift for an old entrance. Courtyard, community, street; a vote; a deferral refused; one opponent."""

from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

FIRST_FLOOR, SILENT = "一楼老魏", ("三楼小秦", "四楼何姐", "五楼阿平")
ENDORSERS = (*SILENT, "二楼孙老师", "六楼老范")
STREET = "抚琴街道社区提案公共事务议事委员会"
POINTS = (
    ("3 栋 2 单元加装一部电梯", "adopted", "规划和消防现场核过，尺寸够用。"),
    ("街道出一部分钱", "partly", "按现行补助办法申请，其余由住户分摊。"),
    ("不要挡一楼的光", "partly", "井道后移 40 厘米，改用玻璃围护；完全不挡做不到。"),
)
WORDS = {
    "summary": "部分采纳：同意加装，井道后移并用玻璃，补助按办法申请。",
    "reasons": "一、住户表决通过，六户同意。二、一楼的采光和噪声意见属实，方案已改。",
    "basis": "《民法典》第二百七十八条；街道权责清单第 12 项",
    "cost": "约 46 万元，补助以外由住户分摊",
    "contact": "城市管理办公室 顾南枝 028-0000-0188",
}


def test_a_lift_goes_from_the_entrance_to_the_street(found: Founds) -> None:
    town = found("抚琴街道", "金鱼街社区", "槐荫里(示例)", "同安苑(示例)")
    town.moves_in("六楼小唐", FIRST_FLOOR, *ENDORSERS)
    town.moves_in("同安老陈", courtyard=1)
    it_finds_five_households(town)
    who_is_against_is_heard(town)
    who_is_on_the_frozen_roll_votes(town)
    it_goes_up_two_levels(town)
    the_district_refuses_to_let_it_wait(town)
    the_street_answers_each_point(town)
    it_is_built_and_judged(town)
    everybody_was_told(town)
    shown = (
        "办结·已解决",
        "1 / 1 说“已解决”",
        "4.0 / 5 答复和态度",
        WORDS["summary"],
        "不同意挂账，现在就办",
        "同意 5，不同意 1",
    )
    afterwards.a_stranger_reads(town, *shown, never=SILENT)
    assert afterwards.papers(town) == [
        ("decision", 1, "抚琴街议答〔2026〕1号"),
        ("case_file", 1, "抚琴街议卷〔2027〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def it_finds_five_households(town: Town) -> None:
    """Who lives in another courtyard is told why their endorsement does not count."""
    town.files(
        "六楼小唐",
        title="3 栋 2 单元加装电梯",
        problem="六层楼没有电梯，五楼六楼有四位老人，两位已经半年没有下过楼。",
        wish="在单元门外加装一部电梯，费用按楼层分摊，街道能补一点更好。",
        place="3 栋 2 单元门口",
    )
    town.does("screener", "accept")
    refusal = town.turned_away("同安老陈", town.at("endorse/"), send=town.by("同安老陈").post)
    assert refusal == "只有槐荫里(示例)的住户可以这样做，您登记的住址在别处。"
    town.endorsed_by(*ENDORSERS)
    town.examines(
        "screener", "+五楼六楼住户：不用爬楼", "一楼住户：光线和运行的声音",
        cause="建成时按六层不设电梯的标准。", affected="一个单元 12 户，四位老人。",
        obstacles="占用门前绿地，一楼采光，费用分摊。", units="院落小组、社区、街道、规划和住建部门。",
    )  # fmt: skip


def who_is_against_is_heard(town: Town) -> None:
    town.follows(FIRST_FLOOR)
    town.says(FIRST_FLOOR, "井道正对我家卧室，光线没有了，晚上还有声音。")
    town.says("六楼小唐", "可以往后移，改玻璃的，老魏您看行不行？")
    room = said(town.by("").get(town.at("talk/")))
    assert "井道正对我家卧室，光线没有了，晚上还有声音。" in room
    plan = "井道后移，玻璃围护；一楼不出钱，二楼以上按楼层分摊。"
    town.does("convener", "call_vote", text="是否同意 3 栋 2 单元加装电梯？", plan=plan)


def who_is_on_the_frozen_roll_votes(town: Town) -> None:
    """Who moves in after the call, who lives elsewhere and who only holds an office here has no vote."""
    town.beat()
    town.wait(1)
    town.moves_in("新来的小谢")
    ballot = f"/ballots/{town.ballot.pk}/confirm/"
    elsewhere = "只有名册冻结前住址在槐荫里(示例)核实过的成年居民可以投票。"
    refusals = {
        "新来的小谢": "您的住址是在名册冻结以后核实的，可以参加下一次表决。",
        "同安老陈": elsewhere,
        "convener": elsewhere,
    }
    assert {who: town.turned_away(who, ballot, send=town.by(who).post, choice="yes") for who in refusals} == refusals
    town.votes(yes="六楼小唐 二楼孙老师 六楼老范 三楼小秦 四楼何姐", no=FIRST_FLOOR)
    assert town.wait(8).state == "resolved"
    result = said(town.by("").get(f"/ballots/{town.ballot.pk}/result/"))
    for words in ("通过", "同意 5 人 不同意 1 人 弃权 0 人", "6 / 7 人", "不代替法定的居民会议"):
        assert words in result


def it_goes_up_two_levels(town: Town) -> None:
    town.does("convener", "hand_up", "beyond_competence", "住户表决通过。规划和消防要上级核，请社区接手。")
    town.does("community", "take_over")
    town.does("community", "hand_up", "beyond_budget", "补助由街道统一申报，请街道接手。")
    town.does("street", "take_over")
    assert afterwards.strip(town) == f"{STREET} 12月18日（周五）"


def the_district_refuses_to_let_it_wait(town: Town) -> None:
    """A deferral is never the office's own decision. Refused, the clock goes on with the fifteen days left."""
    asked = {"interim": "先在单元门口装扶手和休息凳。", "recheck_on": "2026-12-30"}
    town.does("street", "ask_deferral", "funds", "本年度补助已经用完，请求挂账到明年。", **asked)
    assert town.refused("street", "defer") == "只有金牛区社区提案工作联席会的工作人员可以这样做。"
    town.wait(2)
    town.does("district", "refuse_deferral", text="补助可以先审批、明年拨付，现在就能答复。")
    assert afterwards.strip(town) == f"{STREET} 12月18日（周五）"


def the_street_answers_each_point(town: Town) -> None:
    short = {"reasons": "至少写 20 个字，现在有 3 个。", "basis": "请完成这一项。"}
    assert town.answer_refused("street", *POINTS, **WORDS | {"basis": "", "reasons": "同意。"}) == short
    misfit = "总的结果要和各点一致：各点都采纳为“采纳”，都不采纳为“不采纳”，其余为“部分采纳”。"
    assert town.answer_refused("street", *POINTS, **WORDS | {"result": "adopted"}) == {"__all__": misfit}
    town.answers("street", *POINTS, **WORDS)
    page = said(town.by("").get(town.at("decision/")))
    for wish, _result, reason in POINTS:
        assert wish in page
        assert reason in page


def it_is_built_and_judged(town: Town) -> None:
    town.does("street handler", "start", text="下周进场，工期四十天。")
    town.wait(40)
    town.does("street handler", "complete", text="电梯装好，昨天开始运行。")
    assert town.turned_away(FIRST_FLOOR, town.at("judge/")) == "只有提案人和附议人可以评。"
    town.judges("六楼小唐", "yes", 4, "老人下楼方便了，就是慢了一点。")
    assert afterwards.road(town) == [
        "submit: submitted, 槐荫里(示例)",
        "accept: endorsing, 槐荫里(示例)",
        "qualify: screening, 槐荫里(示例)",
        "open: deliberating, 槐荫里(示例)",
        "call_vote: voting, 槐荫里(示例)",
        "resolve: resolved, 槐荫里(示例)",
        "hand_up: escalated, 金鱼街社区",
        "take_over: deciding, 金鱼街社区",
        "hand_up: escalated, 抚琴街道",
        "take_over: deciding, 抚琴街道",
        "ask_deferral: deferring, 金牛区",
        "refuse_deferral: deciding, 抚琴街道",
        "decide: decided, 抚琴街道",
        "start: implementing, 抚琴街道",
        "complete: evaluating, 抚琴街道",
        "close: closed, 抚琴街道",
    ]


def everybody_was_told(town: Town) -> None:
    """Who is against and follows is told like those who are for it, but judging is asked of the others only."""
    heard = (
        "ballot_opened ballot_closed resolved handed_up taken_over deferral_asked deferral_refused decided started "
        "closed"
    )
    assert afterwards.told(town) == afterwards.were(
        {
            "六楼小唐": f"accepted qualified opened {heard} completed:act",
            "、".join(ENDORSERS): f"qualified opened {heard} completed:act",
            FIRST_FLOOR: f"{heard} completed",
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act resolved:act handed_up:office taken_over:office decided:office "
            "completed:office",
            "community": "handed_up:act taken_over:act",
            "street": "handed_up:act taken_over:act deferral_refused:act half_time:act",
            "district": "deferral_asked:act",
            "street handler": "decided:act half_time:act",
        }
    )
