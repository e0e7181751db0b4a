"""Story 8: charging cables from the windows. Danger does not wait for endorsements, but nobody is left untold."""

from areas.models import Level
from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

SILENT = "对门老闵"
PROPOSER, *NEIGHBOURS = ("三楼小贺", "二楼郝师傅", "高层的孟姐", "一楼曾婆婆", "送餐的阿强")
TELLING = "昨晚已冒烟，随时可能起火，不等附议。"


def test_danger_is_examined_at_once_and_the_shed_is_built_by_vote(found: Founds) -> None:
    town = found("九里堤街道", "康禧社区", "康禧苑(示例)")
    town.lists("charging", "电动车充电", Level.COMMUNITY, "社区权责清单第 14 项")
    town.moves_in(PROPOSER, *NEIGHBOURS, SILENT)
    the_body_takes_it_up_without_waiting(town)
    it_is_public_and_endorsed_all_the_same(town)
    the_examination_names_the_fire_rules(town)
    it_is_voted_and_answered(town)
    it_is_built(town)
    everybody_was_told(town)
    shown = ("办结·已解决", "议事机构决定直接立案审查", "等下去有安全危险。", TELLING, "4 户附议", "电动车充电")
    afterwards.a_stranger_reads(town, *shown, never=(SILENT, "高层的孟姐"))
    assert afterwards.papers(town) == [
        ("decision", 1, "康禧社议答〔2026〕1号"),
        ("case_file", 1, "康禧社议卷〔2026〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def the_body_takes_it_up_without_waiting(town: Town) -> None:
    """Who leads the body decides that, with a reason that everybody reads; who screens cannot."""
    town.files(
        PROPOSER,
        title="楼道飞线充电昨晚冒烟",
        problem="二单元有人从窗户拉线充电，昨晚电线冒烟，三楼以上的人都跑下来了。",
        wish="马上清掉飞线，在东北角绿地建一个充电棚。",
        place="2 单元楼道和东北角绿地",
    )
    refusal = town.refused("screener", "call_up", "danger")
    assert refusal == "您在康禧苑(示例)院落议事小组的职务不包括这一项。"
    town.does("convener", "call_up", "danger", TELLING, category="charging")
    assert (town.case.state, town.case.endorsements.count()) == ("screening", 0)


def it_is_public_and_endorsed_all_the_same(town: Town) -> None:
    """Only the waiting is left out: the proposer and the offices are told at once, the public reads it."""
    told = {PROPOSER: "called_up", "screener": "submitted:act called_up:act", "convener": "called_up:act"}
    assert afterwards.told(town) == afterwards.were(told)
    afterwards.a_stranger_reads(town, "立案审查中", TELLING)
    assert afterwards.strip(town) == "康禧苑(示例)院落议事小组 11月25日（周三）"
    town.follows(SILENT)
    town.endorsed_by(*NEIGHBOURS)
    assert (town.case.state, town.case.endorsements.count()) == ("screening", 4)


def the_examination_names_the_fire_rules(town: Town) -> None:
    town.examines(
        "screener", "+有车的六十户：有地方安全充电", "东北角一楼住户：离棚子近",
        cause="充电口只有 4 个，车有六十辆。", affected="全院一百户。",
        obstacles="高层不得在楼道停放、充电；棚子离外墙要够远。", units="院落小组、物业、消防、充电公司。",
    )  # fmt: skip
    assert "高层不得在楼道停放、充电；棚子离外墙要够远。" in said(town.by("").get(town.at()))
    town.says("一楼曾婆婆", "棚子离我窗户远一点，半夜报警要有人管。")


def it_is_voted_and_answered(town: Town) -> None:
    plan = "24 个充电位，离外墙九米，烟感和自动断电，收益归全体业主。"
    town.does("convener", "call_vote", text="是否同意在东北角建充电棚？", plan=plan)
    town.votes(yes="三楼小贺 二楼郝师傅 高层的孟姐 送餐的阿强", no="一楼曾婆婆")
    assert town.wait(8).state == "resolved"
    town.does("convener", "hand_up", "beyond_competence", "占用绿地，要社区会同消防核定。")
    town.does("community", "take_over")
    points = (
        ("马上清掉飞线", "adopted", "当天清理完毕，每周巡查。"),
        ("在东北角绿地建一个充电棚", "adopted", "离外墙九米，消防到场看过。"),
    )
    town.answers(
        "community", *points, summary="采纳：飞线当天清，充电棚四十天内建好。",
        reasons="一、冒烟属实，楼道充电违法。二、表决通过，棚址符合消防要求。",
        basis="《高层民用建筑消防安全管理规定》第三十七条", arguments="“离我窗户远一点”：离外墙九米。",
        contact="邓明月 028-0000-0151",
    )  # fmt: skip


def it_is_built(town: Town) -> None:
    town.does("community handler", "start", text="飞线已清，签充电棚合同。")
    town.wait(28)
    town.does("community handler", "complete", text="24 个充电位启用。")
    town.judges(PROPOSER, "yes", 5)
    assert afterwards.road(town) == [
        "submit: submitted, 康禧苑(示例)",
        "call_up: screening, 康禧苑(示例)",
        "open: deliberating, 康禧苑(示例)",
        "call_vote: voting, 康禧苑(示例)",
        "resolve: resolved, 康禧苑(示例)",
        "hand_up: escalated, 康禧社区",
        "take_over: deciding, 康禧社区",
        "decide: decided, 康禧社区",
        "start: implementing, 康禧社区",
        "complete: evaluating, 康禧社区",
        "close: closed, 康禧社区",
    ]


def everybody_was_told(town: Town) -> None:
    heard = "opened ballot_opened ballot_closed resolved handed_up taken_over decided started closed"
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"called_up {heard} completed:act",
            "、".join(NEIGHBOURS): f"{heard} completed:act",
            SILENT: f"{heard} completed",
            "screener": "submitted:act called_up:act",
            "convener": "called_up:act opened:act resolved:act taken_over:office decided:office completed:office",
            "community": "handed_up:act taken_over:act",
            "community handler": "decided:act",
        }
    )
