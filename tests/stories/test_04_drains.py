"""Story 4: drains that smell. The handler says done, the residents say no; twice: then the next level, supervised."""

from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

SILENT = ("卖花的阿姨", "守门的吴伯")
PROPOSER, *ENDORSERS = ("桥院老幺", "底楼唐婶", "桥头裁缝", "三栋小廖", *SILENT)


COMMUNITY, STREET = "红星社区提案公共议事专委会", "天回镇街道社区提案公共事务议事委员会"


def test_done_says_the_handler_not_solved_say_the_residents_until_the_next_level_does_it(found: Founds) -> None:
    town = found("天回镇街道", "红星社区", "红星桥院(示例)")
    town.moves_in(PROPOSER, *ENDORSERS)
    the_community_promises_new_pipes(town)
    cleared_once_is_not_solved(town)
    it_counts_although_the_handler_asks_to_leave_it_out(town)
    the_second_failure_goes_to_the_street_under_supervision(town)
    the_street_lays_the_pipes(town)
    everybody_was_told(town)
    shown = ("办结·已解决", "2 次整改", "臭味一点没少。", "检查井有了，反坡还是没有改。", "照常计入考核", "已公开批评")
    afterwards.a_stranger_reads(town, *shown, never=SILENT)
    assert afterwards.papers(town) == [
        ("decision", 1, "红星社议答〔2026〕1号"),
        ("case_file", 1, "天回镇街议卷〔2026〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def the_community_promises_new_pipes(town: Town) -> None:
    town.files(
        PROPOSER,
        title="底楼阴沟又堵又臭",
        problem="三个月里堵了三次，每次疏通管不到半个月，底楼四户开不了窗。",
        wish="查清为什么老堵，把管子改好。",
        place="2 栋底楼后面的阴沟",
    )
    town.does("screener", "accept")
    town.endorsed_by(*ENDORSERS)
    town.examines(
        "screener", "+底楼四户：能开窗", "社区：改管费用", cause="两栋共用一根小管，有一段反坡。",
        affected="底楼四户最重，全院 88 户。", obstacles="改管要挖路。", units="院落小组、社区、街道、排水单位。",
    )  # fmt: skip
    town.does("convener", "hand_up", "beyond_budget", "院落没有经费改管，请社区接手。")
    town.does("community", "take_over")
    town.does("community", "take_up")
    points = (
        ("查清为什么老堵", "adopted", "已用内窥镜看过，有一段反坡。"),
        ("把管子改好", "adopted", "重做反坡的八米。"),
    )
    town.answers(
        "community", *points, summary="采纳：重做反坡的八米管道。", basis="社区权责清单第 8 项",
        reasons="一、反坡属实。二、八米管道在社区小修的范围以内。", contact="邓明月 028-0000-0151",
    )  # fmt: skip


def cleared_once_is_not_solved(town: Town) -> None:
    """The proposer is away; of those who endorsed two say no and one says yes: when the time is over, that decides."""
    town.does("community handler", "start", text="下周开挖。")
    town.wait(10)
    town.does("community handler", "complete", text="已疏通，水流正常。")
    assert town.turned_away("community handler", town.at("judge/")) == "只有提案人和附议人可以评。"
    town.judges("底楼唐婶", "no", 2, "只是疏通了一次，反坡还在，昨天又堵了。")
    town.judges("桥头裁缝", "no", 2, "臭味一点没少。")
    town.judges("三栋小廖", "yes", 4)
    assert town.wait(16).state == "evaluating"
    assert town.wait(1).state == "rectifying"
    assert afterwards.strip(town) == f"{COMMUNITY} 2027年1月5日（周二）"


def it_counts_although_the_handler_asks_to_leave_it_out(town: Town) -> None:
    """A second person decides that, and everybody reads the question and the answer."""
    town.does("community handler", "ask_exclusion", "unfounded", "堵塞是住户倒油造成的，不应算在社区头上。")
    page = said(town.by("").get(town.at()))
    assert "堵塞是住户倒油造成的，不应算在社区头上。" in page
    theirs = f"只有督查{COMMUNITY}的人可以这样做。"
    assert [town.refused(who, "exclude") for who in ("community handler", "community")] == [theirs, theirs]
    town.does("overseer", "keep_counting", text="看过现场，反坡没有改，理由不成立。")


def the_second_failure_goes_to_the_street_under_supervision(town: Town) -> None:
    town.wait(2)
    town.does("community handler", "complete", text="又疏通一次，加了一个检查井。")
    town.judges(PROPOSER, "partly", 2, "检查井有了，反坡还是没有改。")
    assert (town.case.state, town.case.rectified) == ("rectifying", 2)
    assert afterwards.strip(town) == f"{STREET} 2027年1月7日（周四）"
    assert "督办中" in said(town.by("").get(town.at()))
    assert town.case.title in said(town.by("").get("/cases/?supervised=1"))
    theirs = f"只有{STREET}的工作人员可以这样做。"
    assert town.refused("community handler", "complete") == theirs


def the_street_lays_the_pipes(town: Town) -> None:
    town.does("inspector", "criticise", text="社区两次都以疏通代替改管。")
    town.does("street handler", "report", text="已请排水单位重新放坡。")
    town.wait(5)
    town.does("street handler", "complete", text="反坡八米全部重做，闭水试验合格。")
    town.judges(PROPOSER, "yes", 4, "下了两场大雨都没有堵。")
    assert afterwards.road(town)[6:] == [
        "take_up: deciding, 红星社区",
        "decide: decided, 红星社区",
        "start: implementing, 红星社区",
        "complete: evaluating, 红星社区",
        "rectify: rectifying, 红星社区",
        "ask_exclusion: rectifying, 红星社区",
        "keep_counting: rectifying, 红星社区",
        "complete: evaluating, 红星社区",
        "rectify: rectifying, 天回镇街道",
        "criticise: rectifying, 天回镇街道",
        "report: rectifying, 天回镇街道",
        "complete: evaluating, 天回镇街道",
        "close: closed, 天回镇街道",
    ]


def everybody_was_told(town: Town) -> None:
    heard = (
        "qualified opened handed_up taken_over taken_up decided started completed:act half_time:own time_short:own "
        "rectified criticised progress closed"
    )
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"accepted {heard}",
            "、".join(ENDORSERS): heard,
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act taken_over:office decided:office completed:office",
            "community": "handed_up:act taken_over:turn taken_up:act rectified:act",
            "community handler": "decided:act rectified:act",
            "overseer、inspector": "exclusion_asked:office rectified:office",
            "street、street handler": "rectified:act criticised:office",
        }
    )
