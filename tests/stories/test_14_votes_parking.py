"""Story 2, the vote on where to park: four ways are ranked in secret, and the one that beats each other one wins."""

from pathlib import Path

from tests.stories import afterwards, polling
from tests.stories.conftest import Founds
from tests.stories.town import Town

PROPOSER, *NEIGHBOURS = ("西南苑小吴", *(f"西南苑住户{n}" for n in range(1, 7)))
WAYS = ("学校操场夜里开放", "院前的路改成单行", "和写字楼共享车位", "维持现状")
WISHED = {
    "西南苑小吴": "cab",
    "西南苑住户1": "acb",
    "西南苑住户2": "bca",
    "西南苑住户3": "cb",
    "西南苑住户4": "a",
    "西南苑住户5": "dca",
}
PAIRS = {
    "a": {"b": 4, "c": 2, "d": 4},
    "b": {"a": 2, "c": 1, "d": 4},
    "c": {"a": 4, "b": 4, "d": 4},
    "d": {"a": 1, "b": 1, "c": 1},
}


def test_four_ways_to_park_are_ranked_in_secret(found: Founds, tmp_path: Path) -> None:
    town = found("抚琴街道", "西南街社区", "西南苑(示例)")
    town.moves_in(PROPOSER, *NEIGHBOURS)
    polling.is_talked_over(
        town, PROPOSER, *NEIGHBOURS, title="夜里没有地方停车", problem="晚上七点以后一位难求，白天又空着一大半。",
        wish="几个办法里选一个先试。", place="西南苑门前路",
    )  # fmt: skip
    each_ranks_the_ways(town)
    the_one_that_beats_all_others_wins(town)
    nobody_can_show_how_they_ranked(town)
    assert "结果 · result: 通过" in polling.anybody_recounts(town, tmp_path)
    afterwards.a_stranger_reads(town, "表决通过", never=tuple(NEIGHBOURS))
    afterwards.the_record_is_clean(town)


def each_ranks_the_ways(town: Town) -> None:
    """Short rankings count; a place given twice, or no place at all, does not get to the urn."""
    town.does("convener", "call_vote", text="夜里停车先试哪个办法？", method="ranked", options="\n".join(WAYS))
    town.beat()
    assert polling.paper_refused(town, PROPOSER, place_a="1", place_b="1") == "每个名次只能用一次。"
    assert polling.paper_refused(town, PROPOSER) == "至少给一个排上名次。"
    codes = {name: polling.casts(town, name, **ranked(ways)) for name, ways in WISHED.items()}
    assert len(set(codes.values())) == len(WISHED)
    sentence = town.turned_away(PROPOSER, polling.door(town, "confirm/"), send=town.by(PROPOSER).post, **ranked("b"))
    assert sentence == "名册上每人一票。您名下的票已经收到，不能再改。"


def ranked(ways: str) -> dict[str, str]:
    return {f"place_{way}": str(place) for place, way in enumerate(ways, 1)}


def the_one_that_beats_all_others_wins(town: Town) -> None:
    assert town.wait(8).state == "resolved"
    assert town.ballot.tally == {
        "method": "ranked", "result": "passed", "winners": ["c"], "roll": [7, 0], "papers": [6, 0], "pairs": PAIRS,
    }  # fmt: skip
    assert f"通过 {WAYS[2]}" in polling.result(town)


def nobody_can_show_how_they_ranked(town: Town) -> None:
    """The choices belong to nobody, and the codes to no choice."""
    ballot = town.ballot
    assert sorted(ballot.papers.values_list("content", flat=True)) == sorted(map(list, WISHED.values()))
    assert ballot.papers.filter(entry=None, channel="", receipt="").count() == len(WISHED)
    assert ballot.receipts.count() == len(WISHED)
