"""One case in the hands of chance: whoever likes tries whatever there is, time goes by, and all holds at every step."""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from areas import policy
from areas.models import Area, Body, Category, Competence, Level
from ledger import following, verifying
from ledger.actors import SYSTEM
from people import deputies
from people.models import Appointment, User
from people.verdict import Refused
from proposals import arrivals, clock, decision, endorsement, evaluation, lifecycle, screening
from proposals.models import Proposal
from proposals.moves import MOVES, TABLE
from proposals.policies import system
from proposals.states import State
from tests import build
from tests.proposals import standing
from tests.proposals.court import ANSWER, DAY, PARTIES, SCREENING, Court
from tests.proposals.standing import UNTIMED
from voting import casting
from voting import clock as ballot_clock
from voting.models import Ballot

RAW = [move.verb for move in TABLE if move.verb not in ("decide", "correct")]  # these two write an answer with it
REASONS = sorted({code for move in TABLE for code in move.reasons} | {"because"})
BODIES = list(Level)
SWEEPS: dict[str, Callable[[dt.datetime], int]] = {
    "ballots": ballot_clock.sweep,
    "outbox": following.drain,
    "cases": clock.sweep,
}
ALL = list(SWEEPS)
ANYBODY = st.sampled_from(
    ["proposer", "neighbours", "stranger", "moderator", "chair", "upper", "handler", "operator", "street", "district",
     "supervisor", "inspector", "root", *(f"neighbour{n}" for n in range(5))]
)  # fmt: skip
SIGNERS = st.sampled_from(["upper", "street", "district", "chair"])
SOME = st.lists(st.sampled_from([f"neighbour{n}" for n in range(5)]), min_size=1, max_size=5, unique=True)
ANYTHING = st.fixed_dictionaries(
    {"texts": st.sampled_from([{}, {"text": " "}, {"text": "理由"}, {"text": "理由", "interim": "先放警示牌"}])},
    optional={
        "reason": st.sampled_from(REASONS),
        "category": st.sampled_from(["lights", "roads", "none"]),
        "days": st.sampled_from([-1, 0, 1, 5, 10**6, "5"]),
        "body": st.sampled_from([*BODIES, 0]),
        "recheck_on": st.sampled_from(["", "2026-12-24", "2027-02-30", "soon"]),
    },
)


def world() -> Court:
    """The court with a superuser, a catalogue, and numbers small enough that supporters' rights are used too."""
    court = Court()
    court.people |= {f"neighbour{n}": neighbour for n, neighbour in enumerate(court.endorsers)}
    court.people["root"] = build.person("超级管理员", is_superuser=True)
    street = court.courtyard.get_parent().get_parent()
    for name in ("case.heirs", "case.callers"):
        policy.assign(street, name, 2, by=SYSTEM, at=build.AT)
    Category.objects.create(code="lights", name="路灯")
    roads = Category.objects.create(code="roads", name="道路")
    Competence.objects.create(
        category=roads, area=street, level=Level.STREET, basis="清单第 7 项", valid_from=build.LONG_AGO.date()
    )
    return court


def fitting(verb: str, now: dt.datetime) -> st.SearchStrategy[dict[str, Any]]:
    """What this move asks for; where a number or a date is asked, also one that is too large."""
    move = MOVES[verb]
    asked: dict[str, st.SearchStrategy[Any]] = {
        "category": st.sampled_from(["", "lights", "roads"]),
        "days": st.sampled_from([1, 3, 10, 400]),
        "body": st.sampled_from(BODIES),
        "recheck_on": st.sampled_from([1, 30, 60, 400]).map(lambda n: (now + n * DAY).date().isoformat()),
    }
    facts = {name: asked[name] for name in move.asks if name in asked}
    if move.reasons:
        facts["reason"] = st.sampled_from(sorted(move.reasons))
    texts = {"text": "写清楚了", "plan": "修两盏", "interim": "先放警示牌"}
    return st.fixed_dictionaries({"texts": st.just(texts), **facts})


class History(RuleBasedStateMachine):
    """court: made once for many histories, each of which is undone. begun: the state in which they begin. made: how
    often each verb was made in all.
    """

    court: Court
    begun: State
    made: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.court.now = build.AT
        self.case = self.before = self.start()

    def start(self) -> Proposal:
        if self.begun != State.WITHDRAWN:
            return self.court.to(self.begun)
        self.court.to(State.ENDORSING)
        for supporter in self.court.endorsers[:3]:  # one of whom may take it over
            endorsement.endorse(self.court.case, by=supporter, at=self.court.now)
        self.court.withdraw()
        return self.court.case

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                following.drain(self.court.now + DAY)
                self.look()
                self.holds()
                assert [str(problem) for problem in verifying.verify()] == []
                assert standing.failures() == []
                self.made.update(standing.verbs(self.case))
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @invariant()
    def holds(self) -> None:
        standing.holds(self.case)

    # ── moves ──

    @rule(data=st.data(), times=st.integers(1, 4))
    def go_on(self, data: st.DataObject, times: int) -> None:
        """Somebody who may makes one of the moves that lead from here."""
        for _ in range(times):
            if verbs := self.verbs(self.case):
                onward = [verb for verb in verbs if MOVES[verb].to is not arrivals.stay]
                self.somebody(data, data.draw(st.sampled_from(3 * onward + verbs), label="verb"))

    @precondition(lambda self: self.case.state not in UNTIMED)
    @rule(data=st.data(), pause=st.sampled_from([0, 20, 60]))
    def go_on_after_a_while(self, data: st.DataObject, pause: int) -> None:
        self.wait(pause, ALL)
        self.go_on(data, 2)

    def verbs(self, case: Proposal) -> list[str]:
        """What leads from here by the hand of a person."""
        return [verb for verb in RAW if case.state in MOVES[verb].sources and MOVES[verb].who is not system]

    def somebody(self, data: st.DataObject, verb: str) -> None:
        """One who may, looked for from a drawn place on."""
        near, facts = self.near(), data.draw(fitting(verb, self.court.now), label="facts")
        first = data.draw(st.integers(0, len(near) - 1), label="from")
        for who in near[first:] + near[:first]:
            if lifecycle.may(who, self.case, verb, self.court.now):
                self.move(self.case, who, verb, facts)
                self.holds()
                return

    @rule(who=ANYBODY, verb=st.sampled_from(RAW), facts=ANYTHING)
    def try_anything(self, who: str, verb: str, facts: dict[str, Any]) -> None:
        self.move(self.case, self.court.people[who], verb, facts)

    @precondition(lambda self: self.before.pk == self.case.pk and self.before.revision != self.case.revision)
    @rule(data=st.data())
    def come_late(self, data: st.DataObject) -> None:
        """On the page of an earlier step: whatever it still seems to offer is refused: the case was written since."""
        if verbs := self.verbs(self.before):
            who, verb = data.draw(st.sampled_from(self.near())), data.draw(st.sampled_from(verbs))
            assert not self.move(self.before, who, verb, data.draw(fitting(verb, self.court.now)))

    def move(self, case: Proposal, who: User, verb: str, facts: dict[str, Any]) -> bool:
        facts = {**facts, **({"body": self.body(facts["body"]).pk} if facts.get("body") else {})}
        return self.attempt(lambda: lifecycle.move(case, verb, by=who, at=self.court.now, **facts), case)

    # ── what people do beside moves ──

    @precondition(lambda self: self.case.state not in UNTIMED)
    @rule(act=st.sampled_from([endorsement.endorse, endorsement.withdraw, endorsement.call_up]), some=SOME)
    def support(self, act: Callable[..., Any], some: list[str]) -> None:
        for name in ["proposer", *some]:
            self.do(act, name)

    @precondition(lambda self: self.case.state in (State.SCREENING, State.DELIBERATING))
    @rule(who=st.sampled_from(["moderator", "chair", "upper", "operator"]), whole=st.booleans(), opens=st.booleans())
    def examine(self, who: str, whole: bool, opens: bool) -> None:
        parties = PARTIES if whole else PARTIES[:1]
        if self.do(screening.write, who, parties=parties, **SCREENING) and opens:
            self.move(self.case, self.court.people[who], "open", {})

    @precondition(lambda self: self.case.state in (State.DECIDING, State.DECIDED, State.IMPLEMENTING))
    @rule(who=SIGNERS, fits=st.booleans(), then=st.sampled_from(["start", "conclude"]))
    def answer(self, who: str, fits: bool, then: str) -> None:
        wish = {"result": "adopted" if fits else "partly", "review_on": self.day(90)}
        if self.do(decision.publish, who, **ANSWER | wish):
            self.move(self.case, self.court.people[who], then, {"texts": {"text": "明天进场"}})

    @precondition(lambda self: self.case.decisions.exists())
    @rule(who=SIGNERS, cost=st.sampled_from(["1,200 元", "1,500 元"]))
    def correct(self, who: str, cost: str) -> None:
        words = {"cost": cost, "review_on": self.day(90)}
        self.do(decision.correct, who, correction="费用写错了", **ANSWER | words)

    @precondition(lambda self: self.case.state == State.VOTING)
    @rule(some=SOME, choice=st.sampled_from(["yes", "no", "abstain"]), ends=st.booleans())
    def vote(self, some: list[str], choice: str, ends: bool) -> None:
        """Some vote; it may be that then the time of the ballot goes by."""
        ballot_clock.sweep(self.court.now)
        for ballot in Ballot.objects.filter(chain=self.case.chain):
            for name in ["proposer", "neighbours", *some]:
                voter = self.court.people[name]
                self.attempt(lambda b=ballot, v=voter: casting.cast(b, by=v, choice=choice, at=self.court.now))
        if ends:
            self.wait(24 * 10, ALL)

    @precondition(lambda self: self.case.state in (State.EVALUATING, State.CLOSED))
    @rule(
        who=st.sampled_from(["proposer", "proposer", "neighbour0", "neighbour1", "handler"]),
        solved=st.sampled_from(["yes", "partly", "no"]),
        comment=st.sampled_from(["还差矮灯", "还差矮灯", ""]),
    )
    def judge(self, who: str, solved: str, comment: str) -> None:
        self.do(evaluation.judge, who, solved=solved, manner=3, comment=comment)

    # ── time, bodies, absences ──

    @rule(
        hours=st.sampled_from([1, 5, 26, 80, 200, 400, 1000]),
        sweeps=st.one_of(st.just(ALL), st.lists(st.sampled_from(ALL), max_size=4)),
    )
    def wait(self, hours: int, sweeps: list[str]) -> None:
        self.court.now += dt.timedelta(hours=hours)
        for name in sweeps:
            SWEEPS[name](self.court.now)
        self.look()

    @rule(level=st.sampled_from(BODIES), sits=st.booleans(), who=ANYBODY, deputy=ANYBODY)
    def a_body_ends_or_sits_again_and_somebody_is_away(self, level: Level, sits: bool, who: str, deputy: str) -> None:
        until = None if sits else self.court.now
        Body.objects.filter(pk=self.body(level).pk).update(sat_until=until)
        office = Appointment.objects.own().filter(user=self.court.people[who]).first()
        if office:
            now, stand_in = self.court.now, self.court.people[deputy]
            ends = now + 9 * DAY
            self.attempt(
                lambda: deputies.depute(office, deputy=stand_in, since=now, until=ends, by=office.user, at=now)
            )

    # ── how ──

    def do(self, act: Callable[..., Any], who: str, **more: Any) -> bool:
        return self.attempt(lambda: act(self.case, by=self.court.people[who], at=self.court.now, **more), self.case)

    def day(self, later: int) -> dt.date:
        return (self.court.now + later * DAY).date()

    def attempt(self, act: Callable[[], object], case: Proposal | None = None) -> bool:
        """Either it happens, or it is refused in a sentence and nothing at all has changed, also not in memory."""
        held = case or self.case
        row, seen = standing.everything(), standing.columns(held)
        try:
            act()
        except Refused as refused:
            sentence = str(refused.verdict.reason)
        else:
            self.look()
            return True
        assert sentence.endswith(("。", "."))
        assert standing.everything() == row
        assert standing.columns(held) == seen
        return False

    def look(self) -> None:
        """The case as it is now; a draft that time threw away is begun again."""
        rows = Proposal.objects.select_related("area", "owner__area", "left_owner__area", "category", "proposer")
        found = rows.filter(pk=self.case.pk).first() or self.court.draft()
        self.before, self.case = self.case, found

    def near(self) -> list[User]:
        """Those whose word may count here."""
        serving = Appointment.objects.current(self.court.now).filter(body=self.case.owner).order_by("pk")
        officers = list(User.objects.filter(pk__in=serving.values("user")).order_by("pk"))
        names = ["proposer", "neighbour0", "supervisor", "inspector"]
        return [*officers, *(self.court.people[name] for name in names)]

    def body(self, level: Level) -> Body:
        found: Area = next(area for area in self.court.courtyard.lineage() if area.level == level)
        return Body.objects.filter(area=found).order_by("pk")[0]
