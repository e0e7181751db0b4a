"""What was found is marked, and nothing else becomes HTML."""

import pytest

from search.highlighting import excerpt, marked


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("中庭的路灯坏了", "路灯不亮", "中庭的<mark>路灯</mark>坏了"),
        ("２栋的ＷｉＦｉ与无线", "wifi 2", "<mark>２</mark>栋的<mark>ＷｉＦｉ</mark>与无线"),
        ("a cat in a category", "cat", "a <mark>cat</mark> in a category"),
        ("<b>路灯</b> & 井盖", "路灯", "&lt;b&gt;<mark>路灯</mark>&lt;/b&gt; &amp; 井盖"),
        ("电动自行车", "动自", "电<mark>动自</mark>行车"),
        ("路灯", "无人机", "路灯"),
        ("路灯", "", "路灯"),
        ("", "路灯", ""),
    ],
)
def test_marks(text, query, expected):
    assert marked(text, query) == expected


def test_an_excerpt_shows_where_most_of_the_words_stand():
    text = "路灯。" + "天气很好。" * 30 + "昨晚路灯又不亮，井盖也松动。" + "天气很好。" * 30

    assert excerpt(text, "路灯 井盖", length=40) == (
        "…好。天气很好。天气很好。昨晚<mark>路灯</mark>又不亮，<mark>井盖</mark>也松动。天气很好。天气很好。天气很好…"
    )


def test_an_excerpt_without_a_hit_is_the_beginning():
    assert excerpt("天气很好。" * 30, "路灯", length=7) == "天气很好。天气…"
