"""Story 9: dancing at night. The clock stands while it is measured; what reaches the street, residents settle."""

from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

SILENT = "高三学生家长"
PROPOSER, *ENDORSERS = ("陪读的爸爸", "奥林三栋妈妈", "领舞的罗老师", "舞队的吴姐", "夜班护士", SILENT)
COURTYARD, COMMUNITY = "奥林半岛(示例)院落议事小组", "奥林社区提案公共议事专委会"


def test_the_clock_stands_while_it_is_measured_and_the_residents_settle_it_themselves(found: Founds) -> None:
    town = found("茶店子街道", "奥林社区", "奥林半岛(示例)")
    town.moves_in(PROPOSER, *ENDORSERS)
    both_sides_speak(town)
    it_is_suspended_for_the_measurement(town)
    it_goes_on_with_the_days_that_were_left(town)
    the_street_hands_it_down(town)
    the_rules_are_voted_and_come_into_force(town)
    everybody_was_told(town)
    shown = ("办结·已解决", "已中止，计时暂停", "等待鉴定或检测。", "已下沉", "同意 4，不同意 1")
    afterwards.a_stranger_reads(town, *shown, never=(SILENT,))
    assert afterwards.papers(town) == [
        ("decision", 1, "奥林社议答〔2026〕1号"),
        ("case_file", 1, "奥林社议卷〔2026〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def both_sides_speak(town: Town) -> None:
    town.files(
        PROPOSER,
        title="晚上广场舞太响，定个规矩",
        problem="东门小广场每晚跳到九点半，音响对着三栋，中考的孩子没法看书。",
        wish="约定音量和结束时间，装一块分贝屏。",
        place="东门小广场",
    )
    town.does("screener", "accept")
    town.endorsed_by(*ENDORSERS)
    town.examines(
        "screener", "+三栋住户：晚上安静", "跳舞的二十几位：早收、调小", cause="没有约定音量和时间。",
        affected="三栋 48 户，跳舞的二十几位。", obstacles="没有测量数据。", units="院落小组、社区、派出所、公园管理。",
    )  # fmt: skip
    town.says("领舞的罗老师", "我们可以把音响转个方向，九点收。")
    town.says("奥林三栋妈妈", "八点半收行不行？孩子九点要睡。")
    assert afterwards.strip(town) == f"{COURTYARD} 12月18日（周五）"


def it_is_suspended_for_the_measurement(town: Town) -> None:
    """After five of thirty days. Everybody reads why, and until when at most; the room stays open."""
    town.wait(5)
    town.does("convener", "suspend", "expertise", "请社区联系检测机构测三个晚上，报告出来再商量。")
    page = said(town.by("").get(town.at()))
    assert "从“协商中”转来，之后回到那里。" in page
    assert "等待鉴定或检测。" in page
    assert afterwards.strip(town) == f"{COURTYARD} 2027年1月22日（周五）"
    assert town.refused("convener", "call_vote") == "这件事现在是“中止，计时暂停”，不能做这一步。"
    town.says("舞队的吴姐", "测的时候我们照常跳。")


def it_goes_on_with_the_days_that_were_left(town: Town) -> None:
    town.wait(10)
    town.does("convener", "resume")
    page = said(town.by("").get(town.at()))
    assert afterwards.strip(town) == f"{COURTYARD} 12月28日（周一）"  # 25 days from Thursday, 3 December
    assert "原定：12月18日（周五）" in page
    assert town.refused("convener", "suspend", "expertise") == "这一步已经暂停过一次。"


def the_street_hands_it_down(town: Town) -> None:
    town.does("convener", "hand_up", "several_areas", "小广场归公园管理，三个院落的人都来跳。")
    town.does("community", "take_over")
    town.does("community", "hand_up", "beyond_competence", "公园归街道管。")
    town.does("street", "take_over")
    town.does("street", "hand_down", "self_rule", "公园同意装分贝屏；时间和音量请社区和居民自己商量。")
    assert afterwards.strip(town) == f"{COMMUNITY} 12月8日（周二）"
    assert town.refused("street", "hand_up", "beyond_budget") == "这件事现在是“已下沉”，不能做这一步。"
    town.does("community", "take_over")


def the_rules_are_voted_and_come_into_force(town: Town) -> None:
    plan = "八点半收，60 分贝以下，音响背向三栋，周日不跳。"
    town.does("community", "call_vote", text="是否同意《东门小广场公约》？", plan=plan)
    town.votes(yes="陪读的爸爸 奥林三栋妈妈 领舞的罗老师 夜班护士", no="舞队的吴姐")
    assert town.wait(8).state == "resolved"
    town.does("community", "take_up")
    points = (
        ("约定音量和结束时间", "adopted", "八点半收，60 分贝以下。"),
        ("装一块分贝屏", "adopted", "公园本月装好。"),
    )
    town.answers(
        "community", *points, summary="采纳：公约即日施行，分贝屏本月装好。", basis="《噪声污染防治法》第六十四条",
        reasons="一、表决通过。二、三晚实测 68 分贝，超过夜间限值。", contact="程小禾 028-0000-0151",
        arguments="“九点收”和“八点半收”：表决定为八点半。",
    )  # fmt: skip
    town.does("community", "conclude")
    town.wait(3)
    town.judges("领舞的罗老师", "yes", 4)
    town.judges(PROPOSER, "yes", 5)
    assert afterwards.road(town)[3:] == [
        "open: deliberating, 奥林半岛(示例)",
        "suspend: suspended, 奥林半岛(示例)",
        "resume: deliberating, 奥林半岛(示例)",
        "hand_up: escalated, 奥林社区",
        "take_over: deliberating, 奥林社区",
        "hand_up: escalated, 茶店子街道",
        "take_over: deliberating, 茶店子街道",
        "hand_down: handed_down, 奥林社区",
        "take_over: deliberating, 奥林社区",
        "call_vote: voting, 奥林社区",
        "resolve: resolved, 奥林社区",
        "take_up: deciding, 奥林社区",
        "decide: decided, 奥林社区",
        "conclude: evaluating, 奥林社区",
        "close: closed, 奥林社区",
    ]


def everybody_was_told(town: Town) -> None:
    heard = (
        "qualified opened suspended resumed handed_up taken_over handed_down ballot_opened ballot_closed resolved "
        "taken_up decided concluded:act closed"
    )
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"accepted {heard}",
            "、".join(ENDORSERS): heard,
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act resumed:act handed_up:office taken_over:office decided:office",
            "community": "handed_up:act taken_over:turn handed_down:act resolved:act taken_up:act",
            "community handler": "decided:act",
            "street": "handed_up:act taken_over:turn",
        }
    )
