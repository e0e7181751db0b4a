from hypothesis import given
from hypothesis import strategies as st

from proposals import comparing
from proposals.comparing import Change, Difference, Piece


@given(st.text(), st.text())
def test_kept_and_removed_give_the_old_text_kept_and_added_the_new(old: str, new: str) -> None:
    check_difference(old, new)


@given(st.lists(st.sampled_from(["路灯", "修好", "，", "。", "的", "2.6", "万元", "\n", " "])), st.data())
def test_so_it_is_for_chinese_words(words: list[str], data: st.DataObject) -> None:
    check_difference("".join(words), "".join(data.draw(st.permutations(words))))


def check_difference(old: str, new: str) -> None:
    pieces = comparing.compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.change != Change.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.change != Change.REMOVED) == new
    assert all(piece.text for piece in pieces)


def test_numbers_stay_whole() -> None:
    assert comparing.compare("约 1,200 元，028-0000-0188", "约 1,500 元，028-0000-0188") == [
        Piece(Change.KEPT, "约 "),
        Piece(Change.REMOVED, "1,200"),
        Piece(Change.ADDED, "1,500"),
        Piece(Change.KEPT, " 元，028-0000-0188"),
    ]


def test_words_are_compared_not_characters() -> None:
    old = {"费用": "两万六千元，街道经费", "联系": "顾南枝"}
    new = {"费用": "两万八千元，街道经费", "联系": "顾南枝", "复查": "明年"}
    found = comparing.differences(old, new)
    assert [one.name for one in found] == ["费用", "复查"]
    assert found[1] == Difference("复查", [Piece(Change.ADDED, "明年")])
    assert found[0].pieces[-1] == Piece(Change.KEPT, "元，街道经费")


def test_a_text_of_the_longest_kind_is_compared_in_no_time() -> None:
    check_difference("的" * 4000, "的之" * 2000)
