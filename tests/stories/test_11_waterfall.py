"""Story 11, whole: the noise of a river drop climbs all four levels, and comes back as something that was done."""

from areas.models import Level
from records.models import Record
from tests.records import reading
from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

SPOKE, SILENT = ("二幢老周", "堤边柳"), ("梅姐", "北窗", "阿黎")
COMMUNITY, STREET, DISTRICT = (
    "九里堤北路社区提案公共议事专委会",
    "九里堤街道社区提案公共事务议事委员会",
    "金牛区社区提案工作联席会",
)
POINTS = (
    ("请有权管河的单位来看一看", "adopted", "区、市两家管护单位八月二十日到现场看过，超标属实。"),
    ("降低跌水高差或者加消能设施", "adopted", "改成三级缓坡可行，不影响行洪。"),
    ("让夜里安静下来", "partly", "完工后夜间应降到 50 分贝以下；汛期大水时仍会有水声。"),
)
WORDS = {
    "summary": "部分采纳：把一级跌水改成三级缓坡消能，完工后夜间复测。",
    "reasons": "一、夜间连续三晚实测 60 至 63 分贝，超标属实。二、降低高差可行，加盖会影响行洪。",
    "basis": "《中华人民共和国噪声污染防治法》第三条；区级河道管护职责清单",
    "cost": "46 万元，列入区级河道整治经费",
    "contact": "河道整治专班 岑溪 028-0000-1188",
}


def test_from_the_courtyard_through_all_four_levels_to_the_archive(found: Founds) -> None:
    town = found("九里堤街道", "九里堤北路社区", "菁华苑(示例)")
    town.moves_in("荷塘听雨", *SPOKE, *SILENT)
    it_is_endorsed_examined_and_resolved(town)
    it_goes_up_and_comes_back_once(town)
    the_second_return_goes_to_the_district_which_assigns_finally(town)
    the_district_answers_and_corrects_itself(town)
    it_is_built_measured_and_judged(town)
    everybody_was_told(town)
    anybody_can_read_and_check_it(town)


def it_is_endorsed_examined_and_resolved(town: Town) -> None:
    town.files(
        "荷塘听雨",
        title="外河跌水夜里太响，请想办法降噪",
        problem="2 幢外墙离河边跌水不到 15 米，夜里关着窗也像开着水龙头，已经四个月。",
        wish="请有权管河的单位来看一看，降低跌水高差或者加消能设施，让夜里安静下来。",
        place="2 幢外墙临河一侧",
    )
    town.does("screener", "accept")
    town.endorsed_by(*SPOKE, *SILENT)
    town.examines(
        "screener", "+2 幢住户：夜里能开窗睡觉", "河道管护单位：改造费用和汛期施工风险",
        cause="跌水高差约三米，离 2 幢外墙不到 15 米，汛期流量大。", affected="2 幢 36 户，70 岁以上老人 9 位。",
        obstacles="河道归区管，跌水设施归市管，院落无权改动。", units="区河长办、市属设施管护单位、街道、社区。",
    )  # fmt: skip
    town.says("二幢老周", "我在阳台用手机测过，半夜十二点还有六十多分贝。白天没人管，夜里没法管。")
    town.says("convener", "院落动不了，先把意见定下来，再往上提。")
    plan = "整理噪声记录和住户意见，提交社区；超出社区职权时同意继续上提。"
    town.does("convener", "call_vote", text="是否同意把跌水降噪一事提请上级解决？", plan=plan)
    town.votes(yes="荷塘听雨 二幢老周 堤边柳 梅姐", abstain="北窗")
    assert town.wait(8).state == "resolved"


def it_goes_up_and_comes_back_once(town: Town) -> None:
    """Each level has a term of its own, and everybody sees it; the home level stays co-responsible."""
    town.does("convener", "hand_up", "beyond_competence", "院落表决通过。跌水和河道不归院落管，请社区联系有权单位。")
    assert afterwards.strip(town) == f"{COMMUNITY} 12月1日（周二）"
    for who in ("convener", "street"):
        assert town.refused(who, "take_over") == f"只有{COMMUNITY}的工作人员可以这样做。"
    town.does("community", "take_over")
    assert afterwards.strip(town) == f"{COMMUNITY} 12月10日（周四）"
    town.wait(1)
    town.does("community", "hand_up", "beyond_competence", "河道管护单位答复说改动跌水要区里定，请街道牵头。")
    assert afterwards.strip(town) == f"{STREET} 12月2日（周三）"
    town.does("street", "hand_back", "papers_missing", "请先补齐夜间三晚的实测数据。")
    assert afterwards.strip(town) == f"{COMMUNITY} 12月10日（周四）"
    assert "菁华苑(示例)继续共同负责，并告知居民。" in said(town.by("").get(town.at()))


def the_second_return_goes_to_the_district_which_assigns_finally(town: Town) -> None:
    town.wait(3)
    town.does("community", "hand_up", "several_areas", "已补测三晚，夜间 62 分贝。两条河分属市、区。")
    assert afterwards.strip(town) == f"{STREET} 12月3日（周四）"
    town.does("street", "hand_back", "own_competence", "街道没有河道的权限，社区可以直接报区里。")
    assert afterwards.strip(town) == f"{DISTRICT} 12月7日（周一）"
    page = said(town.by("").get(town.at()))
    assert "待区级指定" in page
    assert "由区联席会指定归属，指定后不再变更" in page
    assert town.case.title in said(town.by("district").get("/desk/"))
    here = town.bodies[Level.DISTRICT].pk
    assert town.refused("inspector", "assign", body=here) == f"您在{DISTRICT}的职务不包括这一项。"
    town.does("district", "assign", text="两条河分属市、区，由区河长办牵头，市属设施一并联系。", body=here)
    assert afterwards.strip(town) == f"{DISTRICT} 12月30日（周三）"
    assert town.refused("district", "hand_down", "self_rule") == "区联席会已指定由这里办理，不能再提级或退回。"
    assert town.refused("district", "hand_up", "beyond_budget") == "区以上没有再高的一级了。"


def the_district_answers_and_corrects_itself(town: Town) -> None:
    """What is missing is named field by field, and nothing half is published."""
    please, who_does_it = "请完成这一项。", "采纳的事要写明谁来做、什么时候做完。"
    missing = {"arguments": please, "basis": please, "actions": who_does_it}
    assert town.answer_refused("district", *POINTS, **WORDS | dict.fromkeys(missing, "")) == missing
    town.answers("district", *POINTS, **WORDS)
    corrected = WORDS | {
        "cost": "47 万元（含夜间复测 1 万元），列入区级河道整治经费",
        "correction": "费用漏了夜间复测，加上后是 47 万元。",
    }
    town.answers("district", *POINTS, door="correct", **corrected)
    page = said(town.by("").get(town.at("decision/")))
    for words in ("费用漏了夜间复测，加上后是 47 万元。", "去掉： 46 新增： 47 万元", "联席会副召集人 江知远"):
        assert words in page


def it_is_built_measured_and_judged(town: Town) -> None:
    """The handler's own claim closes nothing."""
    town.does("district handler", "start", text="先导流，再做三级缓坡；夜间不施工。")
    town.wait(20)
    town.does("district handler", "report", text="前两级缓坡已成形，第三级等枯水期浇筑。")
    town.wait(7)
    town.does("district handler", "complete", text="三级缓坡完工。三个晚上复测 44 至 46 分贝，记录已交院落。")
    judging = town.at("judge/")
    assert town.turned_away("district handler", judging) == "只有提案人和附议人可以评。"
    town.judges("二幢老周", "yes", 5, "开窗睡了一个好觉。")
    assert town.case.state == "evaluating"
    town.judges("荷塘听雨", "yes", 5, "四个级别走下来，每一步都知道在谁手里。")
    assert afterwards.road(town) == [
        "submit: submitted, 菁华苑(示例)",
        "accept: endorsing, 菁华苑(示例)",
        "qualify: screening, 菁华苑(示例)",
        "open: deliberating, 菁华苑(示例)",
        "call_vote: voting, 菁华苑(示例)",
        "resolve: resolved, 菁华苑(示例)",
        "hand_up: escalated, 九里堤北路社区",
        "take_over: deciding, 九里堤北路社区",
        "hand_up: escalated, 九里堤街道",
        "hand_back: deciding, 九里堤北路社区",
        "hand_up: escalated, 九里堤街道",
        "hand_back: arbitrating, 金牛区",
        "assign: deciding, 金牛区",
        "decide: decided, 金牛区",
        "correct: decided, 金牛区",
        "start: implementing, 金牛区",
        "report: implementing, 金牛区",
        "complete: evaluating, 金牛区",
        "close: closed, 金牛区",
    ]


def everybody_was_told(town: Town) -> None:
    """Who follows hears of every step, the home level of what the others do, each office of what it has to do."""
    followers = (
        "qualified opened ballot_opened resolved ballot_closed handed_up taken_over handed_back assigned decided "
        "corrected started progress completed:act closed"
    )
    assert afterwards.told(town) == afterwards.were(
        {
            "荷塘听雨": f"accepted {followers}",
            "、".join((*SPOKE, *SILENT)): followers,
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act resolved:act handed_up:office taken_over:office assigned:office "
            "decided:office completed:office",
            "community": "handed_up:act taken_over:act handed_back:act",
            "street": "handed_up:act",
            "district": "handed_back:act assigned:act",
            "district handler": "decided:act",
        }
    )


def anybody_can_read_and_check_it(town: Town) -> None:
    shown = ("办结·已解决", "2 / 2 说“已解决”", "开窗睡了一个好觉。", WORDS["summary"], "区联席会最终指定")
    afterwards.a_stranger_reads(town, *shown, never=SILENT)
    assert afterwards.papers(town) == [
        ("decision", 1, "金牛议答〔2026〕1号"),
        ("decision", 2, "金牛议答〔2026〕1号"),
        ("case_file", 1, "金牛议卷〔2026〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    whole = reading.flat(Record.objects.get(chain=town.case.chain, kind="case_file").read())
    for words in ("已补测三晚，夜间62分贝。两条河分属市、区。", "区联席会最终指定", "四个级别走下来"):
        assert words in whole
    afterwards.the_record_is_clean(town)
