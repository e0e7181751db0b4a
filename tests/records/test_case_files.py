import re

import pytest
from django.utils import translation

from deliberation.models import Post
from ledger import recording
from ledger.actors import SYSTEM
from ledger.models import Event, Text, Visibility
from people.models import Residence, User
from proposals.models import Proposal
from records import case_files, making, papers
from records.models import Kind
from tests.records import reading, story

pytestmark = pytest.mark.django_db
TITLES = ["提案", "附议情况", "议事发言", "表决", "答复", "提级、交接与办理", "评议", "全部经过", "怎样核对本卷"]


def bound(**options):
    return making.make(Kind.CASE_FILE, story.whole(**options))


def test_it_holds_every_chapter_with_its_page():
    record = bound(posts=60, pictures=2)
    content = record.read()
    pages = reading.pages(content)
    listed = re.findall(r"^ *(\d) +(\S+) +\d{4}年\S+ +(\d+)$", reading.text(content), re.MULTILINE)
    assert [title for _, title, _ in listed] == TITLES
    for _, title, page in listed:
        assert re.search(rf"(^|　){title}$", pages[int(page) - 1], re.MULTILINE), title
    assert len(pages) == record.pages


def test_bookmarks_lead_to_the_chapters():
    pdf = reading.opened(bound().read())
    with pdf.open_outline() as outline:
        (cover,) = outline.root
        assert cover.title == story.TITLE
        assert [item.title.partition("　")[2] for item in cover.children[1:]] == TITLES


def test_all_posts_are_in_it_in_order():
    said = reading.flat(bound(posts=60).read())
    assert [int(n) for n in re.findall(r"第(\d+)条意见：", said)] == list(range(1, 61))


def test_a_post_whose_words_were_erased_keeps_its_number():
    event = story.whole(posts=3)
    Post.objects.filter(thread__chain=event.chain_id, number=2).update(text="")
    said = reading.flat(making.make(Kind.CASE_FILE, event).read())
    assert "第2条意见" not in said
    assert said.count("（这条发言的文字已依规则删除，编号保留。）") == 1
    assert "#2" in said


def test_the_vote_is_told_in_numbers():
    said = reading.flat(bound().read())
    assert "是否同意先装减速带？12月20日前装减速带2道。" in said
    assert "投票时间：2026年11月21日10:00至2026年11月30日24:00。结果：通过。" in said
    assert "54（80.0%）33（75.0%）103" in said


def test_both_versions_of_a_corrected_answer_are_in_it():
    cast = story.submitted()
    story.discussed(cast)
    story.decided(cast)
    story.corrected(cast, at=story.AT + 13.5 * story.DAY)
    said = reading.flat(making.make(Kind.CASE_FILE, story.closed(cast)).read())
    assert [said.count(part) for part in ("费用：2.6万元", "费用：2.8万元", "第2版更正说明：费用写错了")] == [1, 1, 1]
    assert said.count("（二）关于“在东门外路口装过街信号灯”。不采纳。间距不足，须联动改造。") == 2


def test_judgements_say_no_names():
    said = reading.flat(bound().read())
    assert "共2人评议，其中1人认为已解决。" in said
    assert "1附议居民部分解决4/5还想要信号灯。2026年12月9日1提案人已解决5/5—2026年12月10日" in said


def test_the_history_is_complete_with_hashes():
    event = story.whole(posts=3)
    said = reading.text(making.make(Kind.CASE_FILE, event).read())
    told = Event.objects.filter(chain_id=event.chain_id, number__lte=event.number).order_by("number")
    found = re.findall(r"^ *(\d+) +2026年\S+ +.* ([0-9a-f]{16})$", said, re.MULTILINE)
    assert found == [(str(e.number), e.hash[:16]) for e in told]
    assert event.hash in said


def test_what_is_not_public_shows_that_it_happened_and_nothing_else():
    cast = story.submitted()
    story.discussed(cast)
    recording.record(
        "case.progress", chain=cast.case.chain, subject=cast.case, by=SYSTEM, at=story.AT + 2 * story.DAY,
        visibility=Visibility.STAFF, texts={"text": "内部意见绝不公开"}, verb="report",
    )  # fmt: skip
    story.decided(cast)
    said = reading.flat(making.make(Kind.CASE_FILE, story.closed(cast)).read())
    assert "内部意见" not in said
    assert said.count("（不公开）") == 1


def test_what_happened_after_the_close_is_not_in_it():
    event = story.whole()
    case = Proposal.objects.get(chain=event.chain_id)
    recording.record("post.added", chain=case.chain, subject=case, by=SYSTEM, at=event.at, number=99)
    assert "#99" not in reading.text(making.make(Kind.CASE_FILE, event).read())


def test_it_names_no_door_no_phone_and_nobody_who_only_endorsed_or_voted():
    cast = story.submitted()
    story.discussed(cast, posts=1)
    for number, person in enumerate(cast.neighbours):
        User.objects.filter(pk=person.pk).update(phone=f"0009999000{number}", email=f"secret{number}@example.org")
        Residence.objects.filter(user=person).update(building="丁香楼", door="暗门")
    story.decided(cast)
    said = reading.flat(making.make(Kind.CASE_FILE, story.closed(cast)).read())
    planted = ["00099990", "secret", "example.org", "丁香楼", "暗门", "居民2", "居民3", "居民4", "居民5"]
    assert [word for word in planted if word in said] == []


def test_pictures_are_in_it_and_read_aloud():
    pdf = reading.opened(bound(pictures=2).read())
    assert reading.alternatives(pdf) == ["核验二维码", "提案所附照片之1", "提案所附照片之2"]


def test_the_same_case_gives_the_same_bytes_in_any_language():
    record = bound(pictures=1)
    with translation.override("en"):
        assert papers.pdf(case_files.compose(record)).content == record.read()


def test_a_case_without_talk_vote_and_answer_is_short():
    cast = story.submitted()
    case = cast.case
    event = Event.objects.filter(chain_id=case.chain).latest("number")
    chapters = [chapter for make in case_files.CHAPTERS if (chapter := make(case, event))]
    assert [chapter.title for chapter in chapters] == ["提案", "全部经过"]


def test_erased_words_of_a_step_are_gone():
    event = story.whole()
    texts = Text.objects.filter(event__kind="case.started")
    recording.erase(texts, by=SYSTEM, at=event.at, reason="request")
    said = reading.flat(making.make(Kind.CASE_FILE, event).read())
    assert "城管办12月1日进场" not in said
    assert "减速带2道、提示桩6根已装好。" in said
