"""Story 6, the residents' meeting by its own statute: nobody can call it until its law was compared with its text."""

from tests.proposals.reading import text as said
from tests.stories import polling
from tests.stories.conftest import Founds
from tests.stories.town import Town
from voting import statutes
from voting.models import Ballot

MEETINGS = {
    "residents_meeting_2026": "“居民会议”的比例还没有人对照法律原文核对，须先由运营单位填写。",
    "residents_meeting_1989": "“居民会议（旧法）”的规则到2025年12月31日为止，请选用现行规则。",
}
PROPOSER, *NEIGHBOURS = ("枣子巷小丁", *(f"枣子巷住户{n}" for n in range(1, 6)))


def test_a_residents_meeting_cannot_be_called_by_fractions_that_nobody_checked(found: Founds) -> None:
    town = found("西安路街道", "枣子巷社区", "枣子巷(示例)")
    town.moves_in(PROPOSER, *NEIGHBOURS)
    polling.is_talked_over(
        town, PROPOSER, *NEIGHBOURS, title="全院养狗规矩", problem="早晚遛狗不牵绳，楼道里有粪便。",
        wish="定一个全院的规矩。", place="全院",
    )  # fmt: skip
    only_the_house_s_own_rule_is_offered(town)
    the_law_in_force_and_the_old_one_are_refused(town)


def only_the_house_s_own_rule_is_offered(town: Town) -> None:
    page = town.by("convener").get(town.at("move/call_vote/"))
    assert page.context["form"].fields["statute"].choices == [("house", "居民意见表决")]
    assert MEETINGS["residents_meeting_2026"] in said(page)


def the_law_in_force_and_the_old_one_are_refused(town: Town) -> None:
    """What the page does not offer does not get through it either; the case stays where it is, and here is why."""
    reasons = {code: str(statutes.may_use(code, town.now.date()).reason) for code in MEETINGS}
    assert reasons == MEETINGS
    page = town.at("move/call_vote/")
    words = {"since": town.by("convener").get(page).context["form"]["since"].value(), "text": "是否同意养狗规矩？"}
    for code in MEETINGS:
        answer = town.by("convener").post(page, {**words, "statute": code, "method": "yes_no"})
        assert answer.context["form"].errors == {"statute": [f"“{code}”不在可选的里面，请重新选。"]}
    assert (town.turn_to(town.case).state, Ballot.objects.exists()) == ("deliberating", False)
