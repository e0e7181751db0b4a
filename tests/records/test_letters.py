import itertools
import re

import pytest
from django.utils import translation

from ledger.models import Event
from people.models import User
from records import letters, making, papers
from records.models import Kind, Record
from records.papers import Paragraph
from tests.records import reading, story

pytestmark = pytest.mark.django_db
POINTS = 72 / 25.4
LONG = "经实地测量，该路段须与抚琴路口联动改造。" * 36


def letter(**options) -> Record:
    cast = story.submitted()
    story.discussed(cast)
    return making.make(Kind.DECISION, story.decided(cast, **options))


def baselines(content: bytes, page: int) -> list[float]:
    return sorted({round(word.bottom, 1) for word in reading.words(content) if word.page == page})


def test_it_says_what_was_decided_to_whom_by_whom_and_when():
    record = letter()
    said = reading.flat(record.read())
    for sentence in (
        "文号槐荫里议答〔2026〕1号第1版",
        "槐荫里议答〔2026〕1号槐荫里议事小组关于“东门外路口增设过街信号灯”提案的答复老槐树下及5户附议居民：",
        "你们提出的“东门外路口增设过街信号灯”提案（编号：2026-0001）收悉。经研究，现答复如下。",
        "答复意见：部分采纳。年底前装减速带和提示桩；信号灯列入2027年计划。",
        "逐项答复：（一）关于“装好以前先装减速带”。采纳。车速确实偏快，12月20日前装好。"
        "（二）关于“在东门外路口装过街信号灯”。不采纳。间距不足，须联动改造。"
        "理由：（一）关于“放学时段车速快”。采纳。",
        "对主要意见的回应：有居民主张先装减速带：采纳。有居民主张立即装灯：列入明年计划。"
        "事实和证据：11月10日至12日实测记录；3起剐蹭的报警记录。"
        "方案比较：减速带、信号灯、岗亭三种办法：减速带最快，信号灯要联动改造，岗亭无人值守。"
        "依据：街道权责清单第31项。"
        "办理安排：由街道城市管理办公室负责，12月20日前完成。"
        "费用：2.6万元，街道小修经费。"
        "复查日期：2027年6月1日。",
        "槐荫里议事小组签发：乔明远2026年12月1日（此件公开发布）（联系方式：顾南枝，028-0000-0188）",
        f"核验码{record.spoken_code}",
        f"http://localhost:8000/verify/{record.spoken_code}/",
        f"记录摘要{record.event.hash[:16]}",
    ):
        assert said.count(sentence) == 1, sentence


def test_it_is_chinese_whatever_language_the_maker_reads():
    record = letter()
    paper = letters.compose(record)
    with translation.override("en"):
        assert papers.html(letters.compose(record)) == papers.html(paper)


def test_the_same_case_gives_the_same_bytes():
    record = letter()
    assert papers.pdf(letters.compose(record)).content == record.read()


def test_a_part_is_named_and_one_without_words_is_left_out():
    decision = letters.answered(letter().event)
    decision.actions = " \n"
    named = [(part.level, part.lead) for part in letters.body(decision) if part.level in ("head", "lead")]
    assert named == [
        ("lead", "答复意见："),
        ("head", "逐项答复："),
        ("head", "理由："),
        ("lead", "对主要意见的回应："),
        ("lead", "事实和证据："),
        ("lead", "方案比较："),
        ("lead", "依据："),
        ("lead", "费用："),
        ("lead", "复查日期："),
    ]


def test_a_single_point_needs_no_numeral():
    decision = letters.answered(letter().event)
    decision.points.filter(number=2).delete()
    decision = letters.Decision.objects.get(pk=decision.pk)
    assert letters.body(decision)[1] == Paragraph(
        "lead", "逐项答复：", "关于“装好以前先装减速带”。采纳。车速确实偏快，12月20日前装好。"
    )


def test_a_correction_says_what_is_corrected_and_takes_the_place_of_the_first():
    cast = story.submitted()
    story.discussed(cast)
    first = making.make(Kind.DECISION, story.decided(cast))
    second = making.make(Kind.DECISION, story.corrected(cast, at=story.AT + 15 * story.DAY))
    said = reading.flat(second.read())
    for sentence in (
        f"文号{first.number}第2版",
        "提案（编号：2026-0001），原答复有需要更正之处，现重新答复如下，以本次答复为准。",
        "更正说明：费用写错了：是2.8万元，不是2.6万元。答复意见：部分采纳。",
        "费用：2.8万元，街道小修经费。",
        "签发：乔明远2026年12月3日",
    ):
        assert said.count(sentence) == 1, sentence
    first.refresh_from_db()
    assert first.superseded_by == second


def test_a_summary_that_says_the_result_does_not_say_it_twice():
    decision = letters.answered(letter().event)
    decision.summary = "部分采纳：先装减速带。"
    assert letters.body(decision)[0] == Paragraph("lead", "答复意见：", "部分采纳：先装减速带。")


def test_pages_are_a4_with_the_number_outside():
    content = letter(reasons=LONG).read()
    pdf = reading.opened(content)
    boxes = [[round(float(side), 1) for side in page.mediabox] for page in pdf.pages]
    assert boxes == [[0, 0, 595.3, 841.9]] * len(pdf.pages)
    assert len(pdf.pages) == 3
    numbers = [word for word in reading.words(content) if re.fullmatch(r"—\d—", word.text)]
    assert [word.text for word in numbers] == ["—1—", "—2—", "—3—"]
    assert [word.left > 300 for word in numbers] == [True, False, True]
    assert numbers[0].right == pytest.approx(595.28 - 26 * POINTS - 14, abs=0.5)
    assert numbers[1].left == pytest.approx(28 * POINTS + 14, abs=0.5)


def test_a_full_page_has_22_lines_of_28_characters():
    content = letter(reasons=LONG).read()
    lines = [line for line in baselines(content, 2) if line < 263 * POINTS]
    pitches = {round(below - above, 1) for above, below in itertools.pairwise(lines)}
    assert len(lines) == 22
    assert pitches <= {28.9, 29.0, 29.1}
    body = [word for word in reading.words(content) if word.page == 2 and word.top < 262 * POINTS]
    assert max(len(word.text) for word in body) == 28
    assert min(word.left for word in body) >= 28 * POINTS - 0.5
    assert max(word.right for word in body) <= 184 * POINTS + 0.5


def test_a_lead_in_another_face_widens_no_line():
    """So the first page, which has some, is filled to its last line as the second is."""
    content = letter(reasons=LONG).read()
    last = [max(line for line in baselines(content, page) if line < 263 * POINTS) for page in (1, 2)]
    assert last[0] == pytest.approx(last[1], abs=1)


def test_the_imprint_stands_at_the_foot_of_the_last_page():
    content = letter(reasons=LONG).read()
    foot = [word for word in reading.words(content) if word.text.startswith("核验码")]
    assert [word.page for word in foot] == [3]
    assert 230 * POINTS < foot[0].top < 262 * POINTS


def test_title_sizes_and_faces_follow_the_standard():
    pdf = reading.opened(letter().read())
    faces = {name.split("+")[1].split("-")[0] for name in reading.fonts(pdf)}
    assert faces >= {"Fangsong", "Heiti"}
    assert reading.alternatives(pdf) == ["核验二维码"]
    assert [reading.glyph(pdf, character) != 0 for character in "璟珹洺邨"] == [True] * 4


def test_only_the_demo_marks_its_papers(settings):
    record = letter()
    assert "样稿" not in reading.text(record.read())
    settings.DEMO = True
    marked = papers.pdf(letters.compose(record)).content
    assert reading.text(marked).count("样稿·无效") == record.pages


def test_emoji_in_an_answer_are_spelled_out():
    said = reading.flat(letter(reasons="大家都说好👍🏽。路灯年底前一定修好，请大家放心。").read())
    assert "大家都说好〔U+1F44D〕〔U+1F3FD〕。" in said


def test_a_proposer_who_left_is_not_named():
    record = letter()
    User.objects.filter(name="老槐树下").update(closed_at=story.AT)
    assert letters.compose(record).addressee.startswith("老槐树下") is False


def test_an_answer_of_another_case_is_not_taken():
    record = letter()
    other = Event(chain_id="case:other", payload=record.event.payload)
    with pytest.raises(letters.Decision.DoesNotExist):
        letters.answered(other)
