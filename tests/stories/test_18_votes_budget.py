"""Story 12, the vote of the fund: 20,000 yuan among five projects, a tie at the cut, and what no longer fits."""

from pathlib import Path

from tests.stories import afterwards, polling
from tests.stories.conftest import Founds
from tests.stories.town import Town

PROPOSER, *NEIGHBOURS = (
    "长庆书友会小林", "6 栋阿秋", "7 栋老温", "8 栋小尹", "9 栋裴姐", "10 栋老贾", "11 栋小岳",
)  # fmt: skip
PROJECTS = ("架空层书房 = 9000", "儿童滑梯 = 8000", "楼道感应灯 = 6000", "花园长椅 = 5000", "雨水收集桶 ＝ 4000")
BUDGET = 20_000


def test_a_budget_is_shared_out_and_the_cheaper_of_two_equal_ones_fits(found: Founds, tmp_path: Path) -> None:
    town = found("营门口街道", "长庆社区", "长庆雅居(示例)")
    town.moves_in(PROPOSER, *NEIGHBOURS)
    polling.is_talked_over(
        town, PROPOSER, *NEIGHBOURS, title="今年的保障资金用在哪里", problem="报上来五个项目，资金只有两万元。",
        wish="请住户一起排出先做哪些。", place="架空层、楼道和花园",
    )  # fmt: skip
    it_is_called_with_costs(town)
    nobody_spends_more_than_there_is(town)
    of_two_equal_ones_the_cheaper_is_paid_for(town)
    assert "结果 · result: 通过" in polling.anybody_recounts(town, tmp_path)
    afterwards.a_stranger_reads(town, "表决通过", never=tuple(NEIGHBOURS))
    afterwards.the_record_is_clean(town)


def it_is_called_with_costs(town: Town) -> None:
    called = {"text": "保障资金先做哪些项目？", "plan": "两万元以内，年底前完成。", "method": "knapsack"}
    without = town.refused("convener", "call_vote", **called, options="书房\n滑梯 = 8000", budget=BUDGET)
    assert without == "“书房”：请在后面写上整数的费用（元），例如“路灯 = 3000”。"
    nothing = town.refused("convener", "call_vote", **called, options="\n".join(PROJECTS))
    assert nothing == "请填写分配多少钱。"
    town.does("convener", "call_vote", **called, options="\n".join(PROJECTS), budget=BUDGET)
    town.beat()


def nobody_spends_more_than_there_is(town: Town) -> None:
    refused = polling.paper_refused(town, PROPOSER, choice=["a", "b", "c"])
    assert refused == "您选的项目共需23,000元，预算只有20,000元。"
    chosen = ("acd", "ab", "ace", "bc", "ab", "ad")
    for name, keys in zip((PROPOSER, *NEIGHBOURS[:5]), chosen, strict=True):
        polling.casts(town, name, choice=list(keys))


def of_two_equal_ones_the_cheaper_is_paid_for(town: Town) -> None:
    """After the reading room 11,000 are left, and slide and lamps have three votes each: only one of them fits."""
    polling.waits_for(town, "final")
    assert town.ballot.tally == {
        "method": "knapsack", "result": "passed", "winners": ["a", "c", "d"], "roll": [7, 0], "papers": [6, 0],
        "options": {"a": 5, "b": 3, "c": 3, "d": 2, "e": 1}, "spent": 20_000,
    }  # fmt: skip
    assert "通过 架空层书房、楼道感应灯、花园长椅" in polling.result(town)
