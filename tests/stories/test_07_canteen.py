"""Story 7: a canteen for the old. Conditions of those who fear the fumes, more time, and a result put right once."""

from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

SILENT, UPSTAIRS = "二栋老岳", "楼上月白"
PROPOSER, *ENDORSERS = ("五丁郭婆婆", UPSTAIRS, "独居潘爷爷", "值班的小满", "爱做饭的冯姐", SILENT)
COMMUNITY = "五丁社区提案公共议事专委会"
CONDITION = ("装净化器，不做油炸，晚八点收工", "adopted", "写进合同，作为验收的条件；超标停业整改。")


def test_a_canteen_opens_on_conditions_and_its_fumes_are_put_right(found: Founds) -> None:
    town = found("荷花池街道", "五丁社区", "五丁花园(示例)")
    town.moves_in(PROPOSER, *ENDORSERS)
    who_lives_upstairs_names_conditions(town)
    the_talk_gets_ten_days_more_once(town)
    the_conditions_become_points_of_the_answer(town)
    without_a_licence_it_does_not_open(town)
    the_fumes_are_put_right(town)
    everybody_was_told(town)
    shown = ("办结·已解决", "2 / 2 说“已解决”", "4.5 / 5 答复和态度", "1 次整改", "中午油烟还是很大")
    afterwards.a_stranger_reads(town, *shown, never=(SILENT, "独居潘爷爷"))
    assert afterwards.papers(town) == [
        ("decision", 1, "五丁社议答〔2026〕1号"),
        ("case_file", 1, "五丁社议卷〔2027〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def who_lives_upstairs_names_conditions(town: Town) -> None:
    town.files(
        PROPOSER,
        title="1 栋底层开一个社区食堂",
        problem="院里六十岁以上的有七十多人，独居的十几位，中午常常对付一顿。",
        wish="利用 1 栋底层空房办食堂，三餐清淡实惠。",
        place="1 栋底层物业用房",
    )
    town.does("screener", "accept")
    town.endorsed_by(*ENDORSERS)
    town.examines(
        "screener", "+院里老人：吃饭方便", "楼上六户：油烟和声音", cause="附近没有适合老人的餐饮。",
        affected="七十多位老人，楼上六户。", obstacles="油烟、噪声、食品经营许可。", units="院落小组、市场监管所。",
    )  # fmt: skip
    assert "楼上六户 油烟和声音" in said(town.by("").get(town.at()))
    town.says(UPSTAIRS, "我住楼上，担心油烟。能不能写明装净化器，夜里不油炸？")


def the_talk_gets_ten_days_more_once(town: Town) -> None:
    """Before the time is over, with a reason; the date that was promised first stays to be read."""
    town.wait(20)
    town.does("convener", "extend", "more_time", "楼上六户要逐户谈，再要十天。", days="10")
    assert "期限 12月28日（周一） 从 11月18日（周三） 起 · 原定：12月18日（周五）" in said(town.by("").get(town.at()))
    assert town.refused("convener", "extend", "more_time", days="5") == "这一步已经延期过一次。"
    town.wait(10)
    plan = "装油烟净化器，不做油炸，晚八点收工，租金进公共收益。"
    town.does("convener", "call_vote", text="是否同意在 1 栋底层开社区食堂？", plan=plan)
    town.votes(yes=f"{PROPOSER} 值班的小满 爱做饭的冯姐 二栋老岳", abstain=UPSTAIRS)
    assert town.wait(8).state == "resolved"


def the_conditions_become_points_of_the_answer(town: Town) -> None:
    town.does("convener", "hand_up", "vote_result", "表决通过，请社区牵头办许可和招租。")
    town.does("community", "take_over")
    town.answers(
        "community", ("利用 1 栋底层空房办食堂", "adopted", "用房权属清楚，租期三年。"), CONDITION,
        summary="采纳：办社区食堂，油烟和收工时间写进合同。", reasons="一、表决通过。二、条件都写进合同并作为验收项。",
        basis="社区权责清单第 11 项", arguments="“担心油烟”：装净化器，超标停业。", contact="邓明月 028-0000-0151",
    )  # fmt: skip
    page = said(town.by("").get(town.at("decision/")))
    assert f"采纳 {CONDITION[0]} {CONDITION[2]}" in page


def without_a_licence_it_does_not_open(town: Town) -> None:
    town.does("community handler", "start", text="公开比选经营者，办理食品经营许可。")
    town.wait(30)
    theirs = f"您在{COMMUNITY}的职务不包括这一项。"
    assert town.refused("community handler", "extend", "several_units", days="30") == theirs
    town.does("community", "extend", "several_units", "食品经营许可还在办，没有许可不开业。", days="30")
    town.wait(40)
    town.does("community handler", "complete", text="许可已取得，净化器装好，昨天开业。")


def the_fumes_are_put_right(town: Town) -> None:
    """What the proposer says ends the round; the new result is judged anew by everybody."""
    town.judges(UPSTAIRS, "no", 3, "中午油烟还是很大，净化器没有全开。")
    town.judges(PROPOSER, "partly", 4, "饭菜好，可是楼上说油烟大，要再治一治。")
    assert town.case.state == "rectifying"
    assert afterwards.strip(town).startswith(COMMUNITY)
    town.does("community handler", "report", text="更换大一号的净化器。")
    town.wait(8)
    town.does("community handler", "complete", text="复测 0.8 毫克每立方米，低于限值，记录贴在门口。")
    town.judges(UPSTAIRS, "yes", 4, "这两天闻不到了。")
    town.judges(PROPOSER, "yes", 5)
    assert afterwards.road(town)[3:] == [
        "open: deliberating, 五丁花园(示例)",
        "extend: deliberating, 五丁花园(示例)",
        "call_vote: voting, 五丁花园(示例)",
        "resolve: resolved, 五丁花园(示例)",
        "hand_up: escalated, 五丁社区",
        "take_over: deciding, 五丁社区",
        "decide: decided, 五丁社区",
        "start: implementing, 五丁社区",
        "extend: implementing, 五丁社区",
        "complete: evaluating, 五丁社区",
        "rectify: rectifying, 五丁社区",
        "report: rectifying, 五丁社区",
        "complete: evaluating, 五丁社区",
        "close: closed, 五丁社区",
    ]


def everybody_was_told(town: Town) -> None:
    heard = (
        "qualified opened extended ballot_opened ballot_closed resolved handed_up taken_over decided started "
        "completed:act rectified progress closed"
    )
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"accepted {heard}",
            "、".join(ENDORSERS): heard,
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act half_time:act resolved:act taken_over:office decided:office "
            "completed:office",
            "community": "handed_up:act taken_over:act half_time:act rectified:act",
            "community handler": "decided:act half_time:act rectified:act",
            "overseer、inspector": "rectified:office",
        }
    )
