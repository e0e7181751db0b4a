import datetime as dt

import pytest

from records import codes, papers
from records.papers import Paragraph
from tests import build

SHANGHAI = papers.SHANGHAI


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (dt.datetime(2026, 3, 2, 9, 5, tzinfo=SHANGHAI), "2026年3月2日"),
        (dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC), "2027年1月1日"),
    ],
)
def test_a_date_has_no_zeros_and_is_chengdus(at, expected):
    assert papers.date(at) == expected


def test_a_term_that_ends_with_a_day_is_written_as_its_24th_hour():
    assert papers.deadline(dt.datetime(2026, 12, 1, tzinfo=SHANGHAI)) == "2026年11月30日24:00"
    assert papers.deadline(dt.datetime(2026, 12, 1, 9, 5, tzinfo=SHANGHAI)) == "2026年12月1日09:05"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("街道负责。", Paragraph("", "街道负责。")),
        ("一、办理安排", Paragraph("one", "一、办理安排")),
        ("十二、其他。见附件。", Paragraph("one", "十二、其他。", "见附件。")),
        ("（三）不同意见。2人主张。", Paragraph("two", "（三）不同意见。", "2人主张。")),
        ("1.先装减速带。再看。", Paragraph("", "1.先装减速带。再看。")),
    ],
)
def test_a_paragraphs_level_is_told_by_its_beginning(line, expected):
    assert papers.paragraphs(f"\n  {line} \n\n") == [expected]


def test_the_qr_code_has_a_title_and_leads_to_the_verification_page():
    shown = papers.Imprint(
        "甲〔2026〕1号", 1, "AAAA-BBBB-CCCC", "http://localhost:8000/verify/AAAA-BBBB-CCCC/", "0" * 16, False
    )
    assert "<title>核验二维码</title>" in shown.qr
    assert shown.qr == shown.qr


def test_codes_have_no_letters_that_look_alike():
    drawn = "".join(codes.draw() for _ in range(400))
    assert set(drawn) == set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    assert (codes.grouped("K7M294QDXW8P"), codes.plain(" k7m2 94qd—xw8p ")) == ("K7M2-94QD-XW8P", "K7M294QDXW8P")


def test_a_day_is_the_day_in_chengdu():
    assert papers.moment(build.AT) == "2026年11月18日10:00"
