import pytest

from records import headings


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["槐荫里议事小组", "关于路灯的答复"], ["槐荫里议事小组关于路灯的答复"]),
        (
            ["抚琴街道议事委员会", "关于东门外路口增设过街信号灯提案的答复"],
            ["抚琴街道议事委员会", "关于东门外路口增设过街信号灯提案的答复"],
        ),
        (
            ["金牛区社区提案工作联席会", "关于九里堤北路社区菁华园二幢外墙旁河道落差噪音治理提案的答复"],
            ["金牛区社区提案工作联席会", "关于九里堤北路社区菁华园二幢外墙", "旁河道落差噪音治理提案的答复"],
        ),
    ],
)
def test_lines_are_balanced_and_break_between_words(parts, expected):
    assert headings.lines(parts, 20) == expected


def test_no_line_begins_with_closing_or_ends_with_opening_punctuation():
    lines = headings.lines(["关于“东门外路口（北侧）”“南门（临街）”增设信号灯、减速带、提示桩提案的答复"], 12)
    assert [line[0] in headings.CLOSING for line in lines] == [False] * len(lines)
    assert [line[-1] in headings.OPENING for line in lines] == [False] * len(lines)
    assert min(map(len, lines)) > 2


def test_a_word_longer_than_a_line_stays_whole():
    assert headings.lines(["关于https://example.org/a/very/long/address的答复"], 10)[1:-1] != []
