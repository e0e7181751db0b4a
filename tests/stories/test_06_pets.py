"""Story 6: dogs. A dispute belongs to mediation and its words stay closed; the rules for all are voted on in public."""

from tests.stories import afterwards
from tests.stories.conftest import Founds
from tests.stories.town import Town, said

COMPLAINANT, SILENT = "睡不着的老金", "晨跑的老苏"
PROPOSER, *ENDORSERS = ("枣花", "遛狗的阿杰", "二栋冯叔", "带娃的小田", "一栋李婆婆", SILENT)
COMPLAINT = {
    "title": "邻居家的狗天天叫",
    "problem": "楼上那家姓钟的养了两条大狗，半夜叫到三点，说了几次还骂人。",
    "wish": "让他把狗送走，赔我的医药费。",
    "place": "4 栋 2 单元 502",
}
APPEAL = "不止我一家，姓钟的楼上楼下都睡不好。"
CLOSED = (COMPLAINT["problem"], COMPLAINT["wish"], COMPLAINT["place"], APPEAL)
RULES = "一、出门拴绳。二、随手捡便。三、晚十点到早六点不让狗叫。四、投诉找院落小组。"


def test_a_dispute_goes_to_mediation_and_its_words_stay_closed(found: Founds) -> None:
    """Listed with its reason, where to turn to and who decided the appeal; what was written of a neighbour is not."""
    town = found("西安路街道", "枣子巷社区", "枣园(示例)")
    town.moves_in(COMPLAINANT, "二栋冯叔")
    town.files(COMPLAINANT, **COMPLAINT)
    assert [town.by(who).get(town.at()).status_code for who in ("", "二栋冯叔")] == [404, 404]
    turn_to = "这是两家之间的纠纷，请到社区人民调解室，电话 028-0000-0151。"
    town.does("screener", "refer", "mediation", turn_to)
    shown = ("已转其他渠道", "属于邻里纠纷，可以申请人民调解。", "《人民调解法》第 2 条", turn_to)
    afterwards.a_stranger_reads(town, *shown, never=CLOSED)
    town.does(COMPLAINANT, "appeal", text=APPEAL)
    assert APPEAL in said(town.by("community").get(town.at()))
    assert town.refused("screener", "uphold") == "只有枣子巷社区提案公共议事专委会的工作人员可以这样做。"
    afterwards.a_stranger_reads(town, "申诉中", never=CLOSED)
    town.wait(2)
    town.does("community", "uphold", text="一家养狗扰一家，先调解；要定全院的规矩，欢迎另提公约。")
    assert town.refused(COMPLAINANT, "appeal") == "已经申诉过一次，结论不再变更。"
    more = ("一家养狗扰一家，先调解；要定全院的规矩，欢迎另提公约。", "因为上面的理由，正文不公开。")
    afterwards.a_stranger_reads(town, *shown, *more, never=CLOSED)
    assert COMPLAINT["problem"] in said(town.by(COMPLAINANT).get(town.at()))
    assert afterwards.road(town) == [
        "submit: submitted, 枣园(示例)",
        "refer: referred, 枣园(示例)",
        "appeal: appealed, 枣子巷社区",
        "uphold: referred, 枣园(示例)",
    ]
    assert afterwards.told(town) == afterwards.were(
        {COMPLAINANT: "referred upheld", "screener": "submitted:act upheld:office", "community": "appealed:act"}
    )
    assert afterwards.papers(town) == []
    afterwards.the_record_is_clean(town)


def test_a_private_matter_is_refused_and_found_by_nobody(found: Founds) -> None:
    town = found("西安路街道", "枣子巷社区", "枣园(示例)")
    town.moves_in(COMPLAINANT)
    town.files(COMPLAINANT, **COMPLAINT)
    town.does("screener", "reject", "private", "赔偿是您和对方之间的事，可以调解，也可以起诉。")
    afterwards.a_stranger_reads(town, "不予受理", "属于个人之间的私事，不是公共事务。", never=CLOSED)
    assert town.by("").get("/search/?q=半夜").context["counts"]["cases"] == 0
    town.wait(13)
    assert town.refused(COMPLAINANT, "appeal") == "已经过了期限。"
    assert afterwards.told(town) == afterwards.were({COMPLAINANT: "rejected", "screener": "submitted:act"})
    afterwards.the_record_is_clean(town)


def test_rules_for_all_dogs_are_voted_and_come_into_force(found: Founds) -> None:
    town = found("西安路街道", "枣子巷社区", "枣园(示例)")
    town.moves_in(PROPOSER, *ENDORSERS)
    it_comes_back_to_be_completed(town)
    both_sides_talk_and_vote(town)
    the_community_puts_it_into_force(town)
    afterwards.a_stranger_reads(town, "办结·已解决", RULES, "同意 4，不同意 1，弃权 1", never=(SILENT,))
    assert afterwards.papers(town) == [
        ("decision", 1, "枣子巷社议答〔2026〕1号"),
        ("case_file", 1, "枣子巷社议卷〔2026〕1号"),
    ]
    afterwards.a_stranger_checks(town)
    afterwards.the_record_is_clean(town)


def it_comes_back_to_be_completed(town: Town) -> None:
    texts = {
        "title": "枣园文明养犬公约",
        "problem": "院里有二十多条狗，遛狗不拴绳、粪便没人捡，两边天天吵。",
        "wish": "大家一起定一份公约。",
        "place": "全院",
    }
    town.files(PROPOSER, **texts)
    town.does("screener", "return", "unclear", "请写清楚公约的几条内容，方便大家附议。")
    assert town.by("").get(town.at()).status_code == 404
    assert "请写清楚公约的几条内容，方便大家附议。" in said(town.by(PROPOSER).get(town.at("complete/")))
    done = f"/new/done/{town.case.number}/"
    town.posts(PROPOSER, town.at("complete/"), done, **texts | {"wish": RULES})
    town.settle()
    town.does("screener", "accept")
    town.endorsed_by(*ENDORSERS)


def both_sides_talk_and_vote(town: Town) -> None:
    town.examines(
        "screener", "+怕狗的老人和孩子：敢下楼", "养狗的二十户：要拴绳捡便", cause="没有约定，谁也管不了谁。",
        affected="养狗二十多户，全院 132 户。", obstacles="规定一户一犬，有两户不合。", units="院落小组、派出所。",
    )  # fmt: skip
    town.says("遛狗的阿杰", "拴绳我同意，希望有一块能放开跑的地方。")
    town.says("一栋李婆婆", "我被扑倒过一次，请大家一定拴绳。")
    plan = f"{RULES}东角围一块放跑地。"
    town.does("convener", "call_vote", text="是否同意《枣园文明养犬公约》？", plan=plan)
    town.votes(yes="枣花 遛狗的阿杰 带娃的小田 一栋李婆婆", no="二栋冯叔", abstain=SILENT)
    town.wait(8)


def the_community_puts_it_into_force(town: Town) -> None:
    """Nobody in the courtyard's group may sign an answer: it is told so, and hands it up."""
    assert town.refused("convener", "take_up") == "本级没有可以签发答复的人，请提到上一级。"
    town.does("convener", "hand_up", "vote_result", "表决通过，请社区备案并会同派出所执行。")
    town.does("community", "take_over")
    heard = "“要有放跑的地方”：东角围一块。“请一定拴绳”：写进第一条。"
    town.answers(
        "community", ("一起定一份公约", "adopted", "公约即日起施行，报街道备案。"), arguments=heard,
        summary="采纳：公约即日施行，派出所每月来一次。", reasons="一、表决四票同意。二、内容不违反养犬管理条例。",
        basis="《成都市养犬管理条例》；居民公约办法", contact="程小禾 028-0000-0151",
    )  # fmt: skip
    assert heard in said(town.by("").get(town.at("decision/")))
    town.does("community", "conclude")
    town.judges(PROPOSER, "yes", 5, "定下来就好办了。")
    assert afterwards.road(town) == [
        "submit: submitted, 枣园(示例)",
        "return: returned, 枣园(示例)",
        "resubmit: submitted, 枣园(示例)",
        "accept: endorsing, 枣园(示例)",
        "qualify: screening, 枣园(示例)",
        "open: deliberating, 枣园(示例)",
        "call_vote: voting, 枣园(示例)",
        "resolve: resolved, 枣园(示例)",
        "hand_up: escalated, 枣子巷社区",
        "take_over: deciding, 枣子巷社区",
        "decide: decided, 枣子巷社区",
        "conclude: evaluating, 枣子巷社区",
        "close: closed, 枣子巷社区",
    ]
    heard = "qualified opened ballot_opened ballot_closed resolved handed_up taken_over decided concluded:act closed"
    assert afterwards.told(town) == afterwards.were(
        {
            PROPOSER: f"returned:act accepted {heard}",
            "、".join(ENDORSERS): heard,
            "screener": "submitted:act qualified:act",
            "convener": "qualified:act opened:act resolved:act taken_over:office decided:office",
            "community": "handed_up:act taken_over:act",
            "community handler": "decided:act",
        }
    )
