"""What the template builtins say and draw."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import SafeString

from config import dates, phrasing, sprite

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_day_leaves_out_this_year() -> None:
    assert dates.day(dt.datetime(2026, 11, 27, 23, 59, tzinfo=SHANGHAI), at=NOW) == "11月27日（周五）"
    assert dates.day(dt.date(2027, 1, 15), at=NOW) == "2027年1月15日（周五）"


def test_day_is_the_local_one() -> None:
    assert dates.day(dt.datetime(2026, 11, 26, 17, 0, tzinfo=dt.UTC), at=NOW) == "11月27日（周五）"


def test_moment_adds_the_time() -> None:
    assert dates.moment(dt.datetime(2026, 11, 27, 15, 59, tzinfo=dt.UTC), at=NOW) == "11月27日（周五）23:59"


def test_deadline_at_midnight_is_the_day_that_ends_then() -> None:
    midnight = dt.datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI)
    assert dates.deadline(midnight, at=NOW) == "12月31日（周四）"
    assert dates.deadline(midnight - dt.timedelta(minutes=1), at=NOW) == "12月31日（周四）23:59"


def test_dates_in_english() -> None:
    with translation.override("en"):
        assert dates.moment(dt.datetime(2026, 11, 27, 15, 59, tzinfo=dt.UTC), at=NOW) == "Fri 27 Nov 23:59"


@pytest.mark.parametrize("filter_", ["day", "moment", "deadline"])
def test_no_date_is_no_text(filter_: str) -> None:
    assert drawn("{{ when|" + filter_ + " }}", when=None) == ""


def test_phrases_break_between_words_only() -> None:
    assert phrasing.phrases("集中充电棚，电动自行车") == "集中<wbr>充电<wbr>棚，<wbr>电动<wbr>自行车"


def test_phrases_leave_markup_and_english_alone() -> None:
    assert phrasing.phrases(SafeString("<b>银杏</b>")) == "<b>银杏</b>"
    assert phrasing.phrases("Sun & shade") == "Sun &amp; shade"


def test_phrases_escape_what_people_wrote() -> None:
    assert "<script" not in drawn("{{ title|phrases }}", title="<script>alert(1)</script>")


def test_icon_is_decoration() -> None:
    assert drawn('{% icon "bell" size="s" %}') == (
        '<svg class="y-icon" data-size="s" aria-hidden="true"><use href="/static/icons/sprite.svg#bell"></use></svg>'
    )


def test_sprite_holds_each_icon_once(data_dir: object) -> None:
    text = sprite.build().read_text()
    assert [name for name in sprite.names() if text.count(f'<symbol id="{name}" ') != 1] == []


def test_sprite_is_written_once(data_dir: object) -> None:
    first = sprite.build().stat().st_mtime_ns
    assert sprite.build().stat().st_mtime_ns == first


def test_badge_escapes_its_words() -> None:
    assert drawn("{% state_badge 'open' 'hand' label %}", label="<b>").endswith("</svg>&lt;b&gt;</span>")


def test_bar_keeps_within_its_track() -> None:
    assert 'width="100%" height="100%" rx="5"/></svg>' in drawn("{% bar 140 label='14 户' %}")


def test_bar_marks_the_threshold_in_a_halo() -> None:
    with translation.override("zh-hans"):
        svg = drawn("{% bar share mark=66.67 label='赞成' %}", share=63.456)
    assert 'class="y-bar__fill" width="63.46%"' in svg
    assert [svg.count(f'class="y-bar__{part}" x1="66.67%"') for part in ("halo", "mark")] == [1, 1]
