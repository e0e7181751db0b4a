"""Story 10: old people without telephones. Few can press a button, so it takes two tries; a deputy acts meanwhile."""

from people.models import Appointment, Residence
from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

GRANNY, SILENT = "福源陈婆婆", "四楼戴叔"
PROPOSER, *ENDORSERS = ("楼下小裴", "二楼赵师傅", "退休的莫老师", "三楼余姐", "照顾妈妈的阿良", SILENT)
TEXTS = {
    "title": "单元门口装扶手",
    "problem": "单元门口五级台阶没有扶手，一位七十八岁的邻居上个月摔过，她没有手机，托我来提。",
    "wish": "装两边的扶手，台阶边贴防滑条。",
    "place": "3 单元门口",
}
CHANGED = {**TEXTS, "wish": "先装一边的扶手，台阶边贴防滑条，另一边明年再装。"}
COURTYARD = "福源里(示例)院落议事小组"


def test_a_deputy_acts_while_the_moderator_is_away_and_time_is_given_to_those_without_telephones(found: Founds) -> None:
    town = found("五块石街道", "福源社区", "福源里(示例)")
    town.moves_in(PROPOSER, *ENDORSERS)
    she_is_entered_at_the_desk(town)
    a_deputy_accepts_it(town)
    more_time_once_and_still_too_few(town)
    first = town.case
    afterwards.the_record_is_clean(town)
    filed_again_not_at_once_and_not_unchanged(town)
    this_time_it_finds_enough_and_is_done(town)
    everybody_was_told(town)
    afterwards.a_stranger_reads(
        town, "办结·已解决", CHANGED["wish"], f"之前提过一次，编号 {first.number}", never=(SILENT, GRANNY)
    )
    assert afterwards.papers(town) == [
        ("decision", 1, "福源社议答〔2027〕1号"),
        ("case_file", 1, "福源社议卷〔2027〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def she_is_entered_at_the_desk(town: Town) -> None:
    """The grid worker sees her and writes her down as a resident, without a telephone."""
    home = {"courtyard": town.courtyards[0].pk, "building": "3", "door": "1-101"}
    answer = town.by("grid worker").post("/desk/residence/register/", {"name": GRANNY, "adult": "on", **home})
    assert answer.status_code == 302, said(answer)
    assert Residence.objects.verified().filter(user__name=GRANNY, user__phone="").count() == 1


def a_deputy_accepts_it(town: Town) -> None:
    """Both may act until the last day; then the deputy does not even see any more what is not public."""
    office = Appointment.objects.get(user=town.people["screener"])
    days = {"since": "2026-11-18", "until": "2026-11-30"}
    town.posts("screener", "/me/offices/", "/me/offices/", office=office.pk, deputy=town.people["clerk"].pk, **days)
    page = said(town.by("screener").get("/me/offices/"))
    assert "程小禾代理到11月30日（周一）。" in page
    town.files(PROPOSER, **TEXTS)
    assert TEXTS["title"] in said(town.by("clerk").get("/desk/"))
    town.does("clerk", "accept")
    assert "已收下 11月18日（周三）10:00 程小禾" in said(town.by("").get(town.at()))


def more_time_once_and_still_too_few(town: Town) -> None:
    town.endorsed_by(*ENDORSERS[:2])
    town.wait(10)
    assert afterwards.strip(town) == f"{COURTYARD} 12月3日（周四）"
    town.does(PROPOSER, "extend", "more_time", "老人要一家一家上门问，请延长十五天。", days="15")
    assert afterwards.strip(town) == f"{COURTYARD} 12月18日（周五）"
    assert town.refused(PROPOSER, "extend", "more_time", days="5") == "这一步已经延期过一次。"
    town.endorsed_by(ENDORSERS[2])
    assert town.wait(20).state == "endorsing"
    assert town.wait(1).state == "endorsement_failed"
    afterwards.a_stranger_reads(
        town, "附议不足", "3 户附议", "老人要一家一家上门问，请延长十五天。", never=(SILENT, GRANNY)
    )
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: "accepted half_time:own time_short:own lapsed",
            "二楼赵师傅、退休的莫老师": "extended lapsed",
            "三楼余姐": "lapsed",
            "screener、clerk": "submitted:act",
        }
    )


def filed_again_not_at_once_and_not_unchanged(town: Town) -> None:
    town.wait(10)
    town.posts(PROPOSER, town.at("again/"), "/new/what/")
    submit, send = "/new/check/", town.by(PROPOSER).post
    assert town.turned_away(PROPOSER, submit, send=send).endswith("之后重新提交。")
    town.wait(21)
    assert town.turned_away(PROPOSER, submit, send=send) == "上次附议不足，请先修改内容再提交。"
    changed = {name: CHANGED[name] for name in ("title", "problem", "wish")}
    town.posts(PROPOSER, "/new/what/", "/new/check/", **changed)
    town.submits(PROPOSER)
    assert town.by("clerk").get(town.at()).status_code == 404
    town.does("screener", "accept")


def this_time_it_finds_enough_and_is_done(town: Town) -> None:
    town.endorsed_by(*ENDORSERS)
    town.examines(
        "screener", "+上下楼的老人：有扶手扶", "社区：六百元", cause="建楼时没有装。",
        affected="一个单元 24 户，七十岁以上 9 位。", obstacles="院落没有经费。", units="院落小组、社区。",
    )  # fmt: skip
    town.does("convener", "hand_up", "beyond_budget", "院落没有这笔钱，请社区安排。")
    town.does("community", "take_over")
    town.does("community", "take_up")
    points = (("先装一边的扶手", "adopted", "本周装。"), ("台阶边贴防滑条", "adopted", "同一天贴。"))
    town.answers(
        "community", *points, summary="采纳：本周装扶手、贴防滑条。", basis="社区权责清单第 3 项",
        reasons="一、老人摔倒属实。二、六百元在小修经费以内。", contact="邓明月 028-0000-0151",
    )  # fmt: skip
    town.does("community handler", "start", text="明天上门装。")
    town.wait(2)
    town.does("community handler", "complete", text="装好了，请她试过。")
    town.judges(PROPOSER, "yes", 5, "她说好用。")
    assert afterwards.road(town) == [
        "submit: submitted, 福源里(示例)",
        "accept: endorsing, 福源里(示例)",
        "qualify: screening, 福源里(示例)",
        "open: deliberating, 福源里(示例)",
        "hand_up: escalated, 福源社区",
        "take_over: deliberating, 福源社区",
        "take_up: deciding, 福源社区",
        "decide: decided, 福源社区",
        "start: implementing, 福源社区",
        "complete: evaluating, 福源社区",
        "close: closed, 福源社区",
    ]


def everybody_was_told(town: Town) -> None:
    heard = "qualified opened handed_up taken_over taken_up decided started completed:act closed"
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"accepted {heard}",
            "、".join(ENDORSERS): heard,
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act taken_over:office decided:office completed:office",
            "community": "handed_up:act taken_over:turn taken_up:act",
            "community handler": "decided:act",
        }
    )
