"""One courtyard with everybody that a case needs, and a case brought to any state."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from areas.models import Area
from ledger import following
from people.models import User
from people.roles import RoleKey
from proposals import clock, decision, drafts, endorsement, evaluation, lifecycle
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
    "actions": "城管办负责，十二月二十日前修好。",
    "contact": "顾南枝 028-0000-0188",
}


@dataclass
class Court:
    """People by role; `now` moves on with each step."""

    courtyard: Area = field(default_factory=build.courtyard)
    now: dt.datetime = build.AT
    case: Proposal = field(default_factory=Proposal)

    def __post_init__(self) -> None:
        body = build.body(self.courtyard)
        upper = build.body(self.courtyard.get_parent())
        self.people: dict[str, User] = {
            "proposer": build.person("老槐树下", self.courtyard),
            "neighbours": build.person("竹筠", self.courtyard),
            "stranger": build.person("外院人", build.courtyard("别的院")),
            "moderator": _officer("审查员", body, RoleKey.MODERATOR),
            "chair": _officer("召集人", body, RoleKey.CHAIR),
            "upper": _officer("主任", upper, RoleKey.DECIDER),
            "handler": _officer("经办人", upper, RoleKey.HANDLER),
            "operator": _officer("运维", body, RoleKey.OPERATOR),
            "supervisor": _officer("督查", upper, RoleKey.SUPERVISOR),
        }
        self.endorsers = [build.person(f"邻居{n}", self.courtyard) for n in range(5)]

    def move(self, who: str, verb: str, **facts: Any) -> Proposal:
        lifecycle.move(self.case, verb, by=self.people[who], at=self.now, **facts)
        return self.settle()

    def settle(self) -> Proposal:
        following.drain(self.now)
        self.case = Proposal.objects.select_related("area", "owner__area", "left_owner__area").get(pk=self.case.pk)
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

    def accept(self) -> None:
        self.move("moderator", "accept")

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

    def answer(self) -> None:
        decision.publish(self.case, by=self.people["upper"], at=self.now, **ANSWER)
        self.settle()

    def start(self) -> None:
        self.move("handler", "start", texts={"text": "明天进场"})

    def complete(self) -> None:
        self.move("handler", "complete", texts={"text": "灯亮了"})

    def judge(self, who: str = "proposer", solved: str = "yes") -> None:
        evaluation.judge(self.case, by=self.people[who], at=self.now, solved=solved, manner=4, comment="亮了")
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
_TALK = (*_ENDORSING, "endorse")
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
    State.ENDORSING: _ENDORSING,
    State.ENDORSEMENT_FAILED: (*_ENDORSING, "lapse"),
    State.DELIBERATING: _TALK,
    State.VOTING: _VOTE,
    State.NO_QUORUM: (*_VOTE, "count"),
    State.NOT_PASSED: (*_VOTE, "vote_no", "count"),
    State.RESOLVED: _PASSED,
    State.ESCALATED: _UP,
    State.DECIDING: _DECIDING,
    State.DECIDED: _DECIDED,
    State.IMPLEMENTING: _DOING,
    State.EVALUATING: _JUDGED,
    State.RECTIFYING: (*_JUDGED, "judge_no"),
    State.CLOSED: (*_JUDGED, "judge"),
    State.WITHDRAWN: (*_SUBMITTED, "withdraw"),
}
