"""Story 5, the votes on the bins: three places and “none”, a tie, a run-off of two, an objection that annuls."""

from pathlib import Path

from tests.stories import afterwards, polling
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

PROPOSER, *NEIGHBOURS = ("长庆小吴", *(f"{n}栋住户" for n in "一二三四五六七八九"))
NEAREST = "临街老方"
PLACES = ("东门", "花园", "车棚")
QUESTION, PLAN = "垃圾投放点设在哪里？", "加盖，每天清运两次，试三十天。"
GROUNDS = "离车棚最近的一栋没有收到通知，名册上还有两户已经搬走。"
RULING = "通知没有贴到这一栋，情况属实，表决作废，重新商量。"


def test_three_places_a_tie_a_run_off_and_an_objection_that_annuls(found: Founds, tmp_path: Path) -> None:
    town = found("营门口街道", "长庆社区", "长庆雅居(示例)")
    town.moves_in(PROPOSER, *NEIGHBOURS, NEAREST)
    seven_days_to_object(town)
    polling.is_talked_over(
        town, PROPOSER, *NEIGHBOURS, title="垃圾投放点选在哪里", problem="四栋楼只有一个投放点，雨天绕路一百多米。",
        wish="在东门、花园、车棚三处里选一处加一个投放点。", place="东门、花园、车棚",
    )  # fmt: skip
    three_places_and_none_on_one_paper(town)
    the_run_off_is_filled_in_beforehand(town)
    assert "结果 · result: 通过" in polling.anybody_recounts(town, tmp_path)
    the_nearest_building_objects_and_the_vote_is_annulled(town)
    it_is_called_anew(town)
    afterwards.a_stranger_reads(town, "表决通过", never=tuple(NEIGHBOURS))
    afterwards.the_record_is_clean(town)


def three_places_and_none_on_one_paper(town: Town) -> None:
    """An empty paper is refused: “none” has to be said, takes part, and is a vote for no place."""
    town.does("convener", "call_vote", text=QUESTION, plan=PLAN, method="approval", options="\n".join(PLACES))
    town.beat()
    assert polling.paper_refused(town, PROPOSER) == "请勾选同意的，或者勾“一个也不选”。"
    assert polling.paper_refused(town, PROPOSER, choice=["a"], none="on") == "请勾选同意的，或者勾“一个也不选”。"
    for name in (PROPOSER, *NEIGHBOURS[:3]):
        polling.casts(town, name, choice=["b", "c"])
    for name in NEIGHBOURS[3:5]:
        polling.casts(town, name, choice=["b", "a"])
    for name in NEIGHBOURS[5:7]:
        polling.casts(town, name, choice=["c"])
    polling.casts(town, NEAREST, none="on")
    until_final(town)
    assert town.ballot.tally == {
        "method": "approval", "result": "tied", "winners": ["b", "c"], "roll": [11, 0], "papers": [9, 0],
        "options": {"a": 2, "b": 6, "c": 6}, "sure": [], "tied": ["b", "c"],
    }  # fmt: skip
    assert "票数相同：花园、车棚。在它们之间再投一次决定。" in polling.result(town)
    assert town.case.state == "deliberating"


def the_run_off_is_filled_in_beforehand(town: Town) -> None:
    """The same question, and only the two that were equal."""
    page = town.by("convener").get(town.at("move/call_vote/"))
    assert "上次表决票数相同。再次表决的内容已填好：问题不变，只留票数相同的几项。" in said(page)
    form = {field.name: field.value() or "" for field in page.context["form"]}
    filled = {name: form[name] for name in ("text", "plan", "method", "statute", "options", "part")}
    assert filled == {
        "text": QUESTION, "plan": PLAN, "method": "approval", "statute": "house", "options": "花园\n车棚", "part": "",
    }  # fmt: skip
    town.does("convener", "call_vote", **filled)
    town.beat()
    for name in (PROPOSER, *NEIGHBOURS[:5]):
        polling.casts(town, name, choice=["b"])
    for name in NEIGHBOURS[5:]:
        polling.casts(town, name, choice=["a"])
    polling.waits_for(town, "closed")
    assert town.ballot.tally == {
        "method": "approval", "result": "passed", "winners": ["b"], "roll": [11, 0], "papers": [10, 0],
        "options": {"a": 4, "b": 6}, "sure": ["b"], "tied": [],
    }  # fmt: skip


def the_nearest_building_objects_and_the_vote_is_annulled(town: Town) -> None:
    """Ruled on by the body above; the tally stays to be read, and decides nothing."""
    assert (town.case.state, town.ballot.state) == ("voting", "closed")
    page = polling.objects(town, NEAREST, GROUNDS)
    assert town.turned_away("convener", page) == "只有组织这次表决的上级机构负责人可以答复。"
    assert town.turned_away(NEAREST, polling.door(town, "objections/make/")).startswith("您的异议还没有答复")
    polling.rules(town, "community", page, "annul", RULING)
    assert (town.case.state, town.ballot.state, town.ballot.result) == ("deliberating", "annulled", "passed")
    assert "这次表决已作废，不作数。" in polling.result(town)
    shown = said(town.by("").get(polling.door(town, "objections/")))
    assert [text for text in (GROUNDS, RULING, "表决作废") if text not in shown] == []


def it_is_called_anew(town: Town) -> None:
    """Of an annulled vote nothing is filled in: the place is talked over again."""
    town.says("convener", "已逐户通知，包括临街一栋。")
    assert town.by("convener").get(town.at("move/call_vote/")).context["run_off"] == {}
    town.does("convener", "call_vote", text="是否同意设在花园北角？", plan=PLAN)
    town.votes(yes=" ".join((PROPOSER, *NEIGHBOURS)), no=NEAREST)
    until_final(town)
    assert [line for line in afterwards.road(town) if "vot" in line or "annul" in line or "tie" in line] == [
        "call_vote: voting, 长庆雅居(示例)",
        "prolong: voting, 长庆雅居(示例)",
        "tie: deliberating, 长庆雅居(示例)",
        "call_vote: voting, 长庆雅居(示例)",
        "prolong: voting, 长庆雅居(示例)",
        "annul: deliberating, 长庆雅居(示例)",
        "call_vote: voting, 长庆雅居(示例)",
        "prolong: voting, 长庆雅居(示例)",
    ]
    assert town.case.state == "resolved"


def until_final(town: Town) -> None:
    polling.waits_for(town, "closed")
    assert town.case.state == "voting"
    polling.waits_for(town, "final")


def seven_days_to_object(town: Town) -> None:
    """This courtyard gives its residents the time to object that the law gives owners."""
    polling.lays_down(town, "voting.time.objections.residents", {"n": 7, "unit": "day"})
