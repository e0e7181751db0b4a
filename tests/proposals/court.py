"""One courtyard with everybody that a case needs, and a case brought to any state."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from areas.models import Area
from ledger import following
from people.models import User
from people.roles import RoleKey
from proposals import clock, decision, drafts, endorsement, evaluation, lifecycle, screening
from proposals.models import Proposal
from proposals.states import State
from tests import build
from voting import casting
from voting import clock as ballot_clock
from voting.models import Ballot

DAY = dt.timedelta(days=1)
TEXTS = {
    "title": "三栋楼下路灯坏了",
    "problem": "坏了两个月，晚上看不见台阶，老人摔过一次。",
    "wish": "修好这两盏灯，加一盏矮灯。",
    "place": "三栋门口",
}
ANSWER = {
    "result": "adopted",
    "summary": "采纳，月底前修好。",
    "reasons": "一、路灯确实坏了。二、经费够用，可以马上修。",
    "basis": "街道权责清单第 31 项",
    "evidence": "现场照片两张，十一月五日查看记录。",
    "options": "换灯头，或整盏更换；整盏更换保修更长。",
    "cost": "约 1,200 元，街道小修经费",
    "arguments": "有人担心太亮：选暖光，朝下照。",
    "actions": "城管办负责，十二月二十日前修好。",
    "contact": "顾南枝 028-0000-0188",
    "points": [{"wish": "修好两盏灯，加一盏矮灯", "result": "adopted", "reason": "经费够用。"}],
    "review_on": dt.date(2027, 6, 30),
}
SCREENING = {
    "cause": "灯具老化，无人报修。",
    "affected": "三栋、四栋四十户，老人多。",
    "obstacles": "经费归属不清。",
    "units": "院落小组、街道城管办。",
}
PARTIES = [
    screening.Party("三栋住户", "gains", "晚上看得见台阶"),
    screening.Party("一楼住户", "bears", "窗外有灯光"),
]


@dataclass
class Court:
    """People by role; `now` moves on with each step."""

    courtyard: Area = field(default_factory=build.courtyard)
    now: dt.datetime = build.AT
    case: Proposal = field(default_factory=Proposal)

    def __post_init__(self) -> None:
        body = build.body(self.courtyard)
        community = self.courtyard.get_parent()
        upper = build.body(community)
        street = build.body(community.get_parent())
        district = build.body(community.get_parent().get_parent())
        self.people: dict[str, User] = {
            "proposer": build.person("老槐树下", self.courtyard),
            "neighbours": build.person("竹筠", self.courtyard),
            "stranger": build.person("外院人", build.courtyard("别的院")),
            "moderator": _officer("审查员", body, RoleKey.MODERATOR),
            "chair": _officer("召集人", body, RoleKey.CHAIR),
            "upper": _officer("主任", upper, RoleKey.DECIDER),
            "handler": _officer("经办人", upper, RoleKey.HANDLER),
            "operator": _officer("运维", body, RoleKey.OPERATOR),
            "street": _officer("副主任", street, RoleKey.DECIDER),
            "district": _officer("副召集人", district, RoleKey.DECIDER),
            "supervisor": _officer("监委会", upper, RoleKey.SUPERVISOR),
            "inspector": _officer("督查", district, RoleKey.SUPERVISOR),
        }
        self.endorsers = [build.person(f"邻居{n}", self.courtyard) for n in range(5)]

    def move(self, who: str, verb: str, **facts: Any) -> Proposal:
        lifecycle.move(self.case, verb, by=self.people[who], at=self.now, **facts)
        return self.settle()

    def settle(self) -> Proposal:
        following.drain(self.now)
        self.case = Proposal.objects.select_related("area", "owner__area", "left_owner__area", "category").get(
            pk=self.case.pk
        )
        return self.case

    def wait(self, days: int) -> Proposal:
        self.now += days * DAY
        ballot_clock.sweep(self.now)
        following.drain(self.now)
        clock.sweep(self.now)
        return self.settle()

    def draft(self) -> Proposal:
        self.case = drafts.begin(self.people["proposer"], self.courtyard, self.now)
        drafts.save(self.case, self.now, TEXTS)
        return self.case

    def to(self, state: State) -> Proposal:
        """Walk the straight way to a state."""
        for step in WAY[state]:
            getattr(self, step)()
        assert self.case.state == state
        return self.case

    def submit(self) -> None:
        self.draft()
        self.move("proposer", "submit", texts=TEXTS)

    def send_back(self) -> None:
        self.move("moderator", "return", reason="unclear", texts={"text": "请写清位置"})

    def reject(self) -> None:
        self.move("moderator", "reject", reason="private", texts={"text": "可以找人民调解"})

    def refer(self) -> None:
        self.move("moderator", "refer", reason="hotline", texts={"text": "请拨打 12345"})

    def appeal(self) -> None:
        self.move("proposer", "appeal", texts={"text": "这是公共的事，路灯在院里"})

    def accept(self) -> None:
        self.move("moderator", "accept")

    def examine(self) -> None:
        screening.write(self.case, by=self.people["moderator"], at=self.now, parties=PARTIES, **SCREENING)

    def open(self) -> None:
        self.move("moderator", "open")

    def endorse(self) -> None:
        for neighbour in self.endorsers:
            endorsement.endorse(self.case, by=neighbour, at=self.now)
        self.settle()

    def call(self) -> None:
        self.move("chair", "call_vote", texts={"text": "是否同意修路灯？", "plan": "修两盏，加一盏。"})
        ballot_clock.sweep(self.now)

    def vote(self, choice: str = "yes") -> None:
        ballot = Ballot.objects.get(chain=self.case.chain, state="open")
        for neighbour in [*self.endorsers, self.people["proposer"]]:
            casting.cast(ballot, by=neighbour, choice=choice, at=self.now)

    def vote_no(self) -> None:
        self.vote("no")

    def count(self) -> None:
        self.wait(8)

    def hand_up(self) -> None:
        self.move("chair", "hand_up", reason="beyond_budget", texts={"text": "经费不够，请社区安排"})

    def take_over(self) -> None:
        self.move("upper", "take_over")

    def hand_back(self) -> None:
        self.move("upper", "hand_back", reason="own_competence", texts={"text": "院落自己能办"})

    def hand_down(self) -> None:
        self.move("upper", "hand_down", reason="self_rule", texts={"text": "院落可以自己商量"})

    def suspend(self) -> None:
        self.move("chair", "suspend", reason="expertise", texts={"text": "等检测报告"})

    def ask_review(self) -> None:
        self.move("proposer", "ask_review", texts={"text": "没有回答矮灯的事"})

    def ask_deferral(self) -> None:
        day = (self.now + 60 * DAY).date().isoformat()
        texts = {"text": "今年没有经费，见预算表", "interim": "先装两盏太阳能灯"}
        self.move("upper", "ask_deferral", reason="funds", recheck_on=day, texts=texts)

    def defer(self) -> None:
        self.move("street", "defer", texts={"text": "同意，列入明年预算"})

    def answer(self) -> None:
        decision.publish(self.case, by=self.people["upper"], at=self.now, **ANSWER)
        self.settle()

    def start(self) -> None:
        self.move("handler", "start", texts={"text": "明天进场"})

    def complete(self) -> None:
        self.move("handler", "complete", texts={"text": "灯亮了"})

    def judge(self, who: str = "proposer", solved: str = "yes") -> None:
        comment = "亮了" if solved == "yes" else "矮灯没有装"
        evaluation.judge(self.case, by=self.people[who], at=self.now, solved=solved, manner=4, comment=comment)
        self.settle()

    def judge_no(self) -> None:
        self.judge(solved="no")

    def withdraw(self) -> None:
        self.move("proposer", "withdraw")

    def lapse(self) -> None:
        self.wait(20)


def _officer(name: str, body: Any, role: RoleKey) -> User:
    user = build.staff(name, body, role)
    user.second_factor = True
    return user


_SUBMITTED = ("submit",)
_ENDORSING = (*_SUBMITTED, "accept")
_SCREENING = (*_ENDORSING, "endorse")
_TALK = (*_SCREENING, "examine", "open")
_VOTE = (*_TALK, "call")
_PASSED = (*_VOTE, "vote", "count")
_UP = (*_PASSED, "hand_up")
_DECIDING = (*_UP, "take_over")
_DECIDED = (*_DECIDING, "answer")
_DOING = (*_DECIDED, "start")
_JUDGED = (*_DOING, "complete")
WAY: dict[State, tuple[str, ...]] = {
    State.DRAFT: ("draft",),
    State.SUBMITTED: _SUBMITTED,
    State.RETURNED: (*_SUBMITTED, "send_back"),
    State.REJECTED: (*_SUBMITTED, "reject"),
    State.REFERRED: (*_SUBMITTED, "refer"),
    State.APPEALED: (*_SUBMITTED, "reject", "appeal"),
    State.ENDORSING: _ENDORSING,
    State.ENDORSEMENT_FAILED: (*_ENDORSING, "lapse"),
    State.SCREENING: _SCREENING,
    State.DELIBERATING: _TALK,
    State.VOTING: _VOTE,
    State.NO_QUORUM: (*_VOTE, "count"),
    State.NOT_PASSED: (*_VOTE, "vote_no", "count"),
    State.RESOLVED: _PASSED,
    State.ESCALATED: _UP,
    State.HANDED_DOWN: (*_DECIDING, "hand_down"),
    State.ARBITRATING: (*_UP, "hand_back", "hand_up", "hand_back"),
    State.DECIDING: _DECIDING,
    State.DECIDED: _DECIDED,
    State.REVIEWING: (*_DECIDED, "ask_review"),
    State.DEFERRING: (*_DECIDING, "ask_deferral"),
    State.DEFERRED: (*_DECIDING, "ask_deferral", "defer"),
    State.SUSPENDED: (*_TALK, "suspend"),
    State.IMPLEMENTING: _DOING,
    State.EVALUATING: _JUDGED,
    State.RECTIFYING: (*_JUDGED, "judge_no"),
    State.CLOSED: (*_JUDGED, "judge"),
    State.WITHDRAWN: (*_ENDORSING, "withdraw"),
}
