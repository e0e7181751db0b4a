"""Story 5: where the bins go. The courtyard's vote fails; ten households appeal, and the case goes up by itself."""

from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

PROPOSER, *ENDORSERS = ("长庆小吴", *(f"{n}栋住户" for n in "一二三四五六七八九"))
AGAINST = ("临街老方", "临街阿朱", "临街小贺", "临街郑婆婆")
COMMUNITY = "长庆社区提案公共议事专委会"


def test_what_the_courtyard_could_not_agree_on_goes_up_by_the_appeal_of_ten_households(found: Founds) -> None:
    town = found("营门口街道", "长庆社区", "长庆雅居(示例)")
    town.moves_in(PROPOSER, *ENDORSERS, *AGAINST)
    one_door_counts_once_and_only_when_it_was_checked(town)
    the_courtyard_votes_it_down(town)
    ten_households_appeal(town)
    the_community_deliberates_anew_and_finds_a_place(town)
    it_is_tried_and_judged(town)
    everybody_was_told(town)
    shown = (
        "办结·已解决",
        "表决未通过",
        "支持的住户联名请求提级。",
        "10 户",
        "换一个地方：花园北角，离各栋都在十五米以上。",
    )
    afterwards.a_stranger_reads(town, *shown, never=(*ENDORSERS, *AGAINST[1:]))
    assert afterwards.papers(town) == [
        ("decision", 1, "长庆社议答〔2026〕1号"),
        ("case_file", 1, "长庆社议卷〔2026〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def one_door_counts_once_and_only_when_it_was_checked(town: Town) -> None:
    town.moves_in("昨天来的小号", checked=False)
    town.moves_in("三栋女儿", door=town.people["三栋住户"].residences.get().door)
    town.files(
        PROPOSER,
        title="垃圾投放点选在哪里",
        problem="四栋楼只有一个投放点，雨天绕路一百多米，夏天又臭。",
        wish="在东门、花园、车棚三处里选一处加一个投放点。",
        place="东门、花园、车棚",
    )
    town.does("screener", "accept")
    refusal = town.turned_away("昨天来的小号", town.at("endorse/"), send=town.by("昨天来的小号").post)
    assert refusal == "您的住址还在等核实。网格员确认以后就可以了。"
    town.endorsed_by(*ENDORSERS[:3], "三栋女儿")
    page = said(town.by("三栋女儿").get(town.at()))
    assert "您这一户已经附议过，一扇门只计一次。" in page
    assert "3 户附议" in page
    town.endorsed_by(*ENDORSERS[3:])
    assert (town.case.state, town.case.endorsements.count()) == ("screening", 9)


def the_courtyard_votes_it_down(town: Town) -> None:
    town.examines(
        "screener", "+走远路的几百人：少走路", "临街四户：离投放点近", cause="建成时只留了一个点。",
        affected="四栋楼 210 户。", obstacles="谁都不愿意在自家窗下。", units="院落小组、物业、城管。",
    )  # fmt: skip
    town.says(AGAINST[0], "车棚那里正对我家窗户。")
    town.does("convener", "call_vote", text="是否同意把投放点设在车棚？", plan="车棚西头，加盖，每天清运两次。")
    town.votes(yes=" ".join((PROPOSER, *ENDORSERS[:2])), no=" ".join((*AGAINST, *ENDORSERS[2:7])))
    assert town.wait(8).state == "not_passed"
    result = said(town.by("").get(f"/ballots/{town.ballot.pk}/result/"))
    assert "未通过" in result
    assert "同意 3 人 不同意 9 人 弃权 0 人" in result


def ten_households_appeal(town: Town) -> None:
    """Each household that stands behind it once; the tenth hands it up, whatever the body wants."""
    appeal = town.at("appeal-up/")
    refusal = town.turned_away(AGAINST[0], appeal, send=town.by(AGAINST[0]).post)
    assert refusal == "只有提案人和附议人可以请求提级。"
    town.appealed_up_by(*ENDORSERS, ENDORSERS[0])
    assert town.case.state == "not_passed"
    assert "已有 9 户，需要 10 户。够了就自动提级。" in said(town.by("").get(town.at()))
    town.appealed_up_by(PROPOSER)
    assert town.case.state == "escalated"
    assert afterwards.strip(town) == f"{COMMUNITY} 12月1日（周二）"


def the_community_deliberates_anew_and_finds_a_place(town: Town) -> None:
    """Silent for three working days, the community has taken it over."""
    assert town.wait(5).state == "escalated"
    assert town.wait(1).state == "not_passed"
    assert afterwards.strip(town).startswith(COMMUNITY)
    town.does("community", "reopen", text="换一个地方：花园北角，离各栋都在十五米以上。")
    town.says("community", "花园北角量过，最近的窗户十八米。")
    town.does("community", "call_vote", text="是否同意把投放点设在花园北角？", plan="花园北角，加盖，试三十天。")
    town.votes(yes=" ".join((PROPOSER, *ENDORSERS)), no=AGAINST[0])
    assert town.wait(8).state == "resolved"
    town.does("community", "take_up")
    point = ("在三处里选一处加一个投放点", "adopted", "第二次表决选定花园北角。")
    town.answers(
        "community", point, summary="采纳：投放点设在花园北角，试三十天。", basis="居民公约第 5 条",
        reasons="一、第二次表决通过。二、离最近的窗户十八米，已量过。", contact="邓明月 028-0000-0151",
    )  # fmt: skip


def it_is_tried_and_judged(town: Town) -> None:
    town.does("community handler", "start", text="本周安装。")
    town.wait(20)
    town.does("community handler", "complete", text="装好试用二十天，没有溢出。")
    town.judges(PROPOSER, "yes", 5)
    assert afterwards.road(town) == [
        "submit: submitted, 长庆雅居(示例)",
        "accept: endorsing, 长庆雅居(示例)",
        "qualify: screening, 长庆雅居(示例)",
        "open: deliberating, 长庆雅居(示例)",
        "call_vote: voting, 长庆雅居(示例)",
        "fail: not_passed, 长庆雅居(示例)",
        "climb: escalated, 长庆社区",
        "take_over: not_passed, 长庆社区",
        "reopen: deliberating, 长庆社区",
        "call_vote: voting, 长庆社区",
        "resolve: resolved, 长庆社区",
        "take_up: deciding, 长庆社区",
        "decide: decided, 长庆社区",
        "start: implementing, 长庆社区",
        "complete: evaluating, 长庆社区",
        "close: closed, 长庆社区",
    ]


def everybody_was_told(town: Town) -> None:
    """Who is only on the roll hears of the votes; who is not on it, of nothing."""
    heard = (
        "qualified opened ballot_opened ballot_closed not_passed handed_up taken_over reopened resolved taken_up "
        "decided started completed:act closed"
    )
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"accepted {heard}",
            "、".join(ENDORSERS): heard,
            "、".join((*AGAINST, "三栋女儿")): "ballot_opened ballot_closed",
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act handed_up:office taken_over:office decided:office completed:office",
            "community": "handed_up:act taken_over:turn half_time:act time_short:act resolved:act taken_up:act",
            "community handler": "decided:act",
        }
    )
