"""What the index makes of a text."""

import pytest

from search.whoosh import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("路灯不亮", ["路灯", "亮"]),
        ("电动车棚没地方充电", ["电动车", "棚", "地方", "充电"]),
        ("2栋3单元", ["2", "栋", "3", "单元"]),
        ("ＡＢＣ１２３ Ⅷ", ["abc123", "viii"]),
        ("的了", ["的", "了"]),
        ('"AND" * 🙂 OR(', ["and", "or"]),
        ("🙂\x00\n", []),
    ],
)
def test_a_query_keeps_what_tells(text, expected):
    assert words.query_words(text) == expected


def test_a_query_has_an_end():
    assert len(words.query_words(" ".join(str(number) for number in range(10_000)))) == words.MOST_QUERY_WORDS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("车棚 充电", ["车棚", "棚充", "充电"]),
        ("车棚，充电", ["车棚", "充电"]),
        ("B区2栋", ["b 区", "区 2", "2 栋"]),
        ("Rust Programming", ["rust programming"]),
    ],
)
def test_pairs_are_neighbours_without_a_mark_between(text, expected):
    assert list(words.pairs(text)) == expected


def test_what_is_no_word_is_kept_as_marked_pieces():
    assert words.weighed("璟珹") == pytest.approx({"璟": 1.667, "珹": 1.667, "~璟珹": words.PIECE}, abs=0.01)


def test_a_word_counts_less_in_a_long_text_and_more_when_repeated():
    short, long, twice = (words.weighed(text)["路灯"] for text in ("路灯坏", "路灯坏" + "天气晴" * 200, "路灯坏路灯"))
    assert long < short < twice
