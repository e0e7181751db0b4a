"""Story 12: the community's fund. Somebody else is liable: refused; another body hears appeals; the list binds."""

from areas.models import Level
from people.models import Appointment
from people.roles import RoleKey
from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

SILENT = "10 栋老贾"
PROPOSER, *ENDORSERS = ("长庆书友会小林", "6 栋阿秋", "7 栋老温", "8 栋小尹", "9 栋裴姐", SILENT)
COMMUNITY, STREET = "长庆社区提案公共议事专委会", "营门口街道社区提案公共事务议事委员会"
LEAK = {
    "title": "用保障资金修机房漏水",
    "problem": "电梯机房漏水两个月，物业一直说没钱修，电梯停了三次。",
    "wish": "从社区保障资金里出钱把漏水修好。",
    "place": "6 栋顶楼机房",
}
READING = {
    "title": "架空层办一间共享书房",
    "problem": "院里孩子放学没有地方看书，架空层空着，晚上只有一盏灯。",
    "wish": "用社区保障资金买书架桌椅，办一间书房。",
    "place": "6 栋架空层",
}
PIPES = {
    "title": "用保障资金换雨水管",
    "problem": "6 栋的雨水管锈穿了，一下雨一楼四户就进水。",
    "wish": "用社区保障资金把雨水管换掉。",
    "place": "6 栋一楼",
}


def of_changqing(found: Founds) -> Town:
    town = found("营门口街道", "长庆社区", "长庆雅居(示例)")
    town.lists("fund", "社区保障资金项目", Level.COMMUNITY, "社区保障资金使用清单第 2 项")
    town.lists("drainage", "排水管网", Level.STREET, "街道权责清单第 21 项")
    town.moves_in(PROPOSER, *ENDORSERS)
    return town


def test_what_the_property_manager_is_liable_for_is_refused_and_the_refusal_upheld(found: Founds) -> None:
    """It stays to be read with its reason, its basis, and where to turn to."""
    town = of_changqing(found)
    town.files(PROPOSER, **LEAK)
    turn_to = "机房在物业合同的维修范围里，请找物业；不修可以向街道投诉，电话 028-0000-0153。"
    town.does("screener", "reject", "liable_party", turn_to)
    shown = ("不予受理", "合同或法律已经规定了责任人。", "议事规则第 6 条", turn_to, LEAK["problem"])
    afterwards.a_stranger_reads(town, *shown)
    town.does(PROPOSER, "appeal", text="物业合同已经到期，没有人负责。")
    town.wait(1)
    town.does("community", "uphold", text="合同虽到期，物业仍在收费，责任没有变。")
    afterwards.a_stranger_reads(town, *shown, "申诉不成立", "合同虽到期，物业仍在收费，责任没有变。")
    assert afterwards.road(town) == [
        "submit: submitted, 长庆雅居(示例)",
        "reject: rejected, 长庆雅居(示例)",
        "appeal: appealed, 长庆社区",
        "uphold: rejected, 长庆雅居(示例)",
    ]
    assert afterwards.told(town) == afterwards.were(
        {PROPOSER: "rejected upheld", "screener": "submitted:act upheld:office", "community": "appealed:act"}
    )
    afterwards.the_record_is_clean(town)


def test_a_refusal_is_overturned_and_what_has_to_wait_for_money_is_listed_as_not_solved(found: Founds) -> None:
    town = of_changqing(found)
    another_body_accepts_it_after_all(town)
    the_fund_is_spent_so_it_is_deferred_in_public(town)
    in_the_new_year_it_is_done(town)
    heard = "qualified opened handed_up taken_over taken_up deferral_asked deferred taken_back decided started closed"
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"rejected overturned {heard} completed:act",
            "、".join(ENDORSERS): f"{heard} completed:act",
            "screener": "submitted:act overturned:office qualified:act",
            "convener": "qualified:act opened:act taken_over:office decided:office completed:office",
            "community": "appealed:act handed_up:act taken_over:turn taken_up:act "
            "deferred:office half_time:act time_short:act",
            "community handler": "decided:act",
            "street": "deferral_asked:act",
        }
    )
    shown = ("办结·已解决", "申诉成立，予以受理", "已挂账，算未解决", "先借社区活动室", "挂账后重新办理")
    afterwards.a_stranger_reads(town, *shown, never=(SILENT,))
    assert afterwards.papers(town) == [
        ("decision", 1, "长庆社议答〔2026〕1号"),
        ("case_file", 1, "长庆社议卷〔2027〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def another_body_accepts_it_after_all(town: Town) -> None:
    town.files(PROPOSER, **READING)
    town.does("screener", "reject", "repeated", "去年已有读书角的提案。")
    town.does(PROPOSER, "appeal", text="去年的读书角已经撤了，这是新的。")
    assert town.refused("screener", "overturn") == f"只有{COMMUNITY}的工作人员可以这样做。"
    town.wait(1)
    town.does("community", "overturn", text="去年的读书角确已撤销，应当收下。")
    assert afterwards.strip(town) == "长庆雅居(示例)院落议事小组 12月4日（周五）"
    town.endorsed_by(*ENDORSERS)
    town.does("screener", "classify", category="fund")
    town.examines(
        "screener", "+放学的孩子：有地方看书", "架空层停车的六户：要挪车", cause="没有公共学习空间。",
        affected="四十多个孩子。", obstacles="架空层停了六辆电动车。", units="院落小组、社区、物业。",
    )  # fmt: skip
    town.does("convener", "hand_up", "beyond_budget", "请社区列入保障资金项目。")
    town.does("community", "take_over")
    town.does("community", "take_up")


def the_fund_is_spent_so_it_is_deferred_in_public(town: Town) -> None:
    """Only the next level allows it, with an interim step and a day on which it is looked at again."""
    interim = {"interim": "先借社区活动室，每天四点到六点。", "recheck_on": "2026-12-31"}
    town.does("community", "ask_deferral", "funds", "今年的保障资金已经排满。", **interim)
    assert town.refused("community", "defer") == f"只有{STREET}的工作人员可以这样做。"
    town.does("street", "defer", text="情况属实，明年第一批安排。")
    assert afterwards.strip(town) == f"{COMMUNITY} 12月31日（周四）"
    page = said(town.by("").get(town.at()))
    assert "挂账，未解决" in page
    assert "12月31日（周四）复查。" in page
    assert READING["title"] in said(town.by("").get("/cases/?group=deferred"))


def in_the_new_year_it_is_done(town: Town) -> None:
    town.wait(40)
    town.does("community", "take_back", text="新年度资金已到，现在就办。")
    points = (
        ("用社区保障资金买书架桌椅", "adopted", "8,600 元，列入第一批。"),
        ("办一间书房", "adopted", "电动车挪到车棚。"),
    )
    town.answers(
        "community", *points, summary="采纳：8,600 元，下月开放。", basis="社区保障资金使用清单第 2 项",
        reasons="一、四十多个孩子需要。二、新年度资金已到，够用。", contact="程小禾 028-0000-0151",
    )  # fmt: skip
    town.does("community handler", "start", text="采购书架，公开三家报价。")
    town.wait(10)
    town.does("community handler", "complete", text="书房开放，账目贴在门口。")
    town.judges(PROPOSER, "yes", 5)
    assert afterwards.road(town)[3:] == [
        "overturn: endorsing, 长庆雅居(示例)",
        "qualify: screening, 长庆雅居(示例)",
        "classify: screening, 长庆雅居(示例)",
        "open: deliberating, 长庆雅居(示例)",
        "hand_up: escalated, 长庆社区",
        "take_over: deliberating, 长庆社区",
        "take_up: deciding, 长庆社区",
        "ask_deferral: deferring, 营门口街道",
        "defer: deferred, 长庆社区",
        "take_back: deciding, 长庆社区",
        "decide: decided, 长庆社区",
        "start: implementing, 长庆社区",
        "complete: evaluating, 长庆社区",
        "close: closed, 长庆社区",
    ]


def test_what_is_not_on_the_community_s_list_is_not_sent_there_and_the_list_says_why(found: Founds) -> None:
    town = of_changqing(found)
    nobody_screens_their_own_matter(town)
    it_passes_over_the_community_and_is_not_sent_back_to_it(town)
    the_street_pays_for_it(town)
    passed_over = "清单规定中间这一级不管这类事，所以直接到再上一级。"
    afterwards.a_stranger_reads(town, "办结·已解决", "排水管网", passed_over, never=(SILENT,))
    assert afterwards.road(town)[4:] == [
        "hand_up: escalated, 营门口街道",
        "take_over: deliberating, 营门口街道",
        "take_up: deciding, 营门口街道",
        "decide: decided, 营门口街道",
        "start: implementing, 营门口街道",
        "complete: evaluating, 营门口街道",
        "close: closed, 营门口街道",
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def nobody_screens_their_own_matter(town: Town) -> None:
    """A member of the group who filed it leaves it to a colleague."""
    town.files(PROPOSER, **PIPES)
    Appointment.objects.create(
        user=town.people[PROPOSER], body=town.bodies[Level.COURTYARD], role=RoleKey.MODERATOR, since=town.now
    )
    assert town.refused(PROPOSER, "accept") == "这件事是您本人提的，请由同事办理。"
    town.does("screener", "accept", category="drainage")
    town.endorsed_by(*ENDORSERS)
    town.examines(
        "screener", "+一楼四户：不进水", "街道：换管费用", cause="管子用了二十年。", affected="6 栋一楼四户。",
        obstacles="保障资金的负面清单不含管网。", units="街道城建办。",
    )  # fmt: skip


def it_passes_over_the_community_and_is_not_sent_back_to_it(town: Town) -> None:
    list_page = said(town.by("").get("/competence/"))
    assert "街道权责清单第 21 项" in list_page
    town.does("convener", "hand_up", "beyond_competence", "排水管网归街道。")
    assert afterwards.strip(town).startswith(STREET)
    town.does("street", "take_over")
    why = f"“排水管网”不在{COMMUNITY}的清单里。清单规定由街道负责（街道权责清单第 21 项）。"
    assert town.refused("street", "hand_down", "listed") == why
    assert town.refused("inspector", "reassign", "idle", body=town.bodies[Level.COMMUNITY].pk) == why


def the_street_pays_for_it(town: Town) -> None:
    town.does("street", "take_up")
    points = (
        ("用社区保障资金换", "declined", "保障资金不能用于政府职责内的管网。"),
        ("把雨水管换掉", "adopted", "用街道小修经费，十二月换好。"),
    )
    town.answers(
        "street", *points, summary="部分采纳：街道出钱换管。", basis="街道权责清单第 21 项",
        reasons="一、管子锈穿属实。二、保障资金的负面清单不含管网。", contact="顾南枝 028-0000-0153",
    )  # fmt: skip
    town.does("street handler", "start", text="下周换管。")
    town.wait(9)
    town.does("street handler", "complete", text="换好，闭水试过。")
    town.judges(PROPOSER, "yes", 5)
