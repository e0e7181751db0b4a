"""Story 10, the vote of those without telephones: slips fetched by two, keyed in twice, a third on mismatch."""

from pathlib import Path

from tests.stories import afterwards, polling
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

PROPOSER, *NEIGHBOURS = ("楼下小裴", "二楼赵师傅", "退休的莫老师", "三楼余姐", "照顾妈妈的阿良", "四楼戴叔")
GRANNIES = ("福源陈婆婆", "一楼邓爷爷", "五楼钱婆婆")
PAIR = ("grid worker", "clerk")


def test_three_old_people_vote_on_paper_at_home(found: Founds, tmp_path: Path) -> None:
    town = found("五块石街道", "福源社区", "福源里(示例)")
    town.moves_in(PROPOSER, *NEIGHBOURS, *GRANNIES)
    polling.appoints_clerks(town)
    polling.is_talked_over(
        town, PROPOSER, *NEIGHBOURS, title="单元门口装扶手", problem="单元门口五级台阶没有扶手，一位邻居上个月摔过。",
        wish="装两边的扶手，台阶边贴防滑条。", place="3 单元门口",
    )  # fmt: skip
    two_visitors_fetch_the_slips(town)
    two_clerks_key_in_and_a_third_decides(town)
    who_is_marked_cannot_vote_by_phone_too(town)
    paper_and_phone_are_one_count(town)
    assert "结果 · result: 通过" in polling.anybody_recounts(town, tmp_path)
    afterwards.a_stranger_reads(town, "表决通过", never=(*NEIGHBOURS, *GRANNIES))
    afterwards.the_record_is_clean(town)


def two_visitors_fetch_the_slips(town: Town) -> None:
    """Two different officers of this area; and no more slips than marks on the roll."""
    town.does("convener", "call_vote", text="是否同意在 3 单元门口装扶手？", plan="两边扶手，台阶贴防滑条。")
    town.beat()
    slip = polling.prints_slip(town, "first clerk", count=1)
    unmarked = polling.not_taken_in(town, "first clerk", slip, *PAIR)
    assert unmarked == "收到的票数已经和名册上的标记一样多。请先在名册上标记投票人。"
    polling.is_marked(town, "first clerk", GRANNIES[0])
    alone = polling.not_taken_in(town, "first clerk", slip, PAIR[0], PAIR[0])
    assert alone == "上门收票要由本辖区两名不同的工作人员一起去。请把两位都选上。"
    polling.takes_in(town, "first clerk", slip, *PAIR)
    assert set(slip.visitors.values_list("name", flat=True)) == {"何以清", "程小禾"}
    for granny in GRANNIES[1:]:
        polling.is_marked(town, "second clerk", granny)
        polling.takes_in(town, "second clerk", polling.prints_slip(town, "second clerk", count=1), *PAIR)


def two_clerks_key_in_and_a_third_decides(town: Town) -> None:
    """1 is yes, 2 is no, -1 “more than one choice”. Nobody sees what a colleague keyed in, nor whether it agreed."""
    agreed, disputed, spoilt = town.ballot.slips.order_by("pk")
    page = polling.door(town, f"paper/{agreed.serial}/")
    before = said(town.by("third clerk").get(page))
    assert polling.keys_in(town, "first clerk", agreed, "1") == "returned"
    assert said(town.by("third clerk").get(page)) == before
    assert polling.keys_in(town, "second clerk", agreed, "1") == "valid"
    typed = {"first clerk": "1", "second clerk": "2", "third clerk": "1"}
    assert [polling.keys_in(town, clerk, disputed, line) for clerk, line in typed.items()] == [
        "returned",
        "disputed",
        "valid",
    ]
    assert polling.keys_in(town, "first clerk", spoilt, "-1") == "returned"
    page = polling.door(town, f"paper/{spoilt.serial}/")
    again = town.by("first clerk").post(page, {"typed": "1"})
    sentence = "这张票您已经录过。接下来由另一位同事录，他看不到您录的内容。"
    assert (again.status_code, sentence in said(again)) == (403, True)
    assert polling.keys_in(town, "third clerk", spoilt, "-1") == "invalid"


def who_is_marked_cannot_vote_by_phone_too(town: Town) -> None:
    granny = GRANNIES[1]
    page = polling.door(town, "confirm/")
    sentence = town.turned_away(granny, page, send=town.by(granny).post, choice="no")
    assert sentence == "名册上每人一票。您名下的票已经收到，不能再改。"


def paper_and_phone_are_one_count(town: Town) -> None:
    """The spoilt slip used its right and is not counted: it stands on a list for everybody, with its reason."""
    for who in (PROPOSER, *NEIGHBOURS[:2]):
        polling.casts(town, who, choice="yes")
    polling.casts(town, NEIGHBOURS[2], choice="no")
    polling.waits_for(town, "final")
    assert town.ballot.tally == {
        "method": "yes_no", "result": "passed", "winners": [], "roll": [9, 0], "papers": [6, 0],
        "yes": [5, 0], "no": [1, 0], "abstain": [0, 0],
    }  # fmt: skip
    assert polling.came_through(town) == {"手机、网页": 4, "纸质票": 2}
    [spoilt] = town.ballot.slips.filter(state="invalid")
    shown = said(town.by("").get(polling.door(town, "uncounted/")))
    assert [text for text in (spoilt.serial, str(spoilt.get_fault_display())) if text not in shown] == []
    valid = town.ballot.slips.filter(state="valid").values_list("serial", flat=True)
    assert [polling.finds_receipt(town, serial) for serial in valid] == [True, True]
