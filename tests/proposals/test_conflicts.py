"""Two at the same moment, each on a connection of their own: one wins, the other reads why not, one thing happened."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from areas import policy
from ledger import following, verifying
from ledger.actors import SYSTEM
from ledger.models import Event
from people.models import User
from people.roles import RoleKey
from people.verdict import Refused
from proposals import clock, decision, endorsement, evaluation, lifecycle
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.ledger.book import together
from tests.proposals import standing
from tests.proposals.court import ANSWER, DAY, Court
from voting import clock as ballot_clock

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], object]
SECOND = dt.timedelta(seconds=1)
REVIEW = {"review_on": (build.AT + 200 * DAY).date()}
MOVED_ON = "This case is now “"
OVER = {"There is nothing to judge at present.", "An appeal to the next level is possible from the examination to the "
        "answer."}  # fmt: skip


@dataclass(frozen=True)
class Rivals:
    """ends: what may happen, as kinds of events, and how many of the people then got what they wanted.

    prepare: from the state to the moment. Every rival holds the case as it was before anybody acted.
    """

    state: State
    acts: Callable[[Court], tuple[Act, Act]]
    ends: dict[tuple[str, ...], int]
    prepare: Callable[[Court], object] = lambda court: None


def moves(*rivals: tuple[str, str, dict[str, Any]]) -> Callable[[Court], tuple[Act, ...]]:
    return lambda court: tuple(mover(court, *rival) for rival in rivals)


def mover(court: Court, who: str, verb: str, facts: dict[str, Any]) -> Act:
    case, texts = held(court), {"text": "理由写在这里", "plan": "修两盏"}
    return lambda: lifecycle.move(case, verb, by=court.people[who], at=court.now, texts=texts, **facts)


def held(court: Court) -> Proposal:
    return Proposal.objects.select_related("area", "owner__area", "left_owner__area").get(pk=court.case.pk)


def sweeper(court: Court) -> Act:
    return lambda: clock.sweep(court.now)


def last_moment(court: Court) -> None:
    """All warnings are said, and now the time is up."""
    due = court.case.due_at
    assert due is not None
    clock.sweep(due - SECOND)
    court.now = due
    court.settle()


def half_time(court: Court) -> None:
    assert court.case.ring_at is not None
    court.now = court.case.ring_at


def against_the_clock(who: str, verb: str) -> Callable[[Court], tuple[Act, ...]]:
    return lambda court: (mover(court, who, verb, {}), sweeper(court))


def with_colleague(court: Court) -> None:
    court.people["colleague"] = build.staff("副主任", court.case.owner, RoleKey.DECIDER)


def signer(court: Court, who: str, act: Callable[..., object], **words: Any) -> Act:
    case = held(court)
    return lambda: act(case, by=court.people[who], at=court.now, **ANSWER | REVIEW | words)


def signers(court: Court) -> tuple[Act, Act]:
    return signer(court, "upper", decision.publish), signer(court, "colleague", decision.publish, cost="2,000 元")


def correctors(court: Court) -> tuple[Act, Act]:
    words = {"correction": "费用写错了"}
    return (
        signer(court, "upper", decision.correct, cost="1 元", **words),
        signer(court, "colleague", decision.correct, cost="2 元", **words),
    )


def signer_and_mover(court: Court) -> tuple[Act, Act]:
    return signer(court, "upper", decision.publish), mover(court, "colleague", "hand_up", {"reason": "beyond_budget"})


def two_short_of_enough(court: Court) -> None:
    for neighbour in court.endorsers[:3]:
        endorsement.endorse(court.case, by=neighbour, at=court.now)


def endorser(court: Court, who: User) -> Act:
    case = held(court)
    return lambda: endorsement.endorse(case, by=who, at=court.now)


def one_more_caller(court: Court) -> None:
    policy.assign(court.courtyard, "case.callers", 2, by=SYSTEM, at=court.now)
    endorsement.call_up(court.case, by=court.endorsers[0], at=court.now)


def caller(court: Court, who: int) -> Act:
    case = held(court)
    return lambda: endorsement.call_up(case, by=court.endorsers[who], at=court.now)


def caller_and_chair(court: Court) -> tuple[Act, Act]:
    return caller(court, 1), mover(court, "chair", "hand_up", {"reason": "beyond_budget"})


def judge_and_clock(court: Court) -> tuple[Act, Act]:
    case, by = held(court), court.people["proposer"]
    return lambda: evaluation.judge(case, by=by, at=court.now - SECOND, solved="yes", manner=5), sweeper(court)


def at_the_community(court: Court) -> None:
    court.hand_up()
    court.take_over()


def ballot_over(court: Court) -> None:
    court.vote()
    court.now += 8 * DAY
    ballot_clock.sweep(court.now)


def deliverers(court: Court) -> tuple[Act, Act]:
    return (lambda: following.drain(court.now)), (lambda: following.drain(court.now))


S = State
UP, BACK = {"reason": "beyond_budget"}, {"reason": "own_competence"}
LONGER = {"reason": "complex", "days": 5}
RIVALS = {
    "accept, reject": Rivals(
        S.SUBMITTED, moves(("moderator", "accept", {}), ("moderator", "reject", {"reason": "private"})),
        {("case.accepted",): 1, ("case.rejected",): 1},
    ),
    "accept, withdraw": Rivals(
        S.SUBMITTED, moves(("moderator", "accept", {}), ("proposer", "withdraw", {})),
        {("case.accepted",): 1, ("case.withdrawn",): 1},
    ),
    "take over, hand back": Rivals(
        S.ESCALATED, moves(("upper", "take_over", {}), ("upper", "hand_back", BACK)),
        {("case.taken_over",): 1, ("case.handed_back",): 1},
    ),
    "hand up, answer here": Rivals(
        S.DELIBERATING, moves(("upper", "hand_up", UP), ("upper", "take_up", {})),
        {("case.handed_up",): 1, ("case.taken_up",): 1}, at_the_community,
    ),
    "extend twice": Rivals(
        S.DELIBERATING,
        moves(("chair", "extend", {"reason": "complex", "days": 3}), ("chair", "extend", LONGER)),
        {("case.extended",): 1},
    ),
    "suspend, call a vote": Rivals(
        S.DELIBERATING, moves(("chair", "suspend", {"reason": "party"}), ("chair", "call_vote", {})),
        {("case.suspended",): 1, ("case.vote_called", "ballot.called"): 1, ("ballot.called", "case.vote_called"): 1},
    ),
    "start, conclude": Rivals(
        S.DECIDED, moves(("handler", "start", {}), ("upper", "conclude", {})),
        {("case.started",): 1, ("case.concluded",): 1},
    ),
    "two sign": Rivals(S.DECIDING, signers, {("case.decided",): 1}, with_colleague),
    "two correct": Rivals(S.DECIDED, correctors, {("case.corrected",): 1}, with_colleague),
    "sign, hand up": Rivals(
        S.DECIDING, signer_and_mover, {("case.decided",): 1, ("case.handed_up",): 1}, with_colleague
    ),
    "the last two households": Rivals(
        S.ENDORSING, lambda court: (endorser(court, court.endorsers[3]), endorser(court, court.endorsers[4])),
        {("case.qualified",): 2}, two_short_of_enough,
    ),
    "the last caller, hand up": Rivals(S.DELIBERATING, caller_and_chair, {("case.handed_up",): 1}, one_more_caller),
    "two more callers": Rivals(
        S.DELIBERATING, lambda court: (caller(court, 1), caller(court, 2)), {("case.handed_up",): 1}, one_more_caller
    ),
    "take over, time up": Rivals(
        S.ESCALATED, against_the_clock("upper", "take_over"),
        {("case.taken_over",): 1, ("case.taken_over by time",): 0}, last_moment,
    ),
    "go on, time up": Rivals(
        S.SUSPENDED, against_the_clock("chair", "resume"),
        {("case.resumed",): 1, ("case.resumed by time",): 0}, last_moment,
    ),
    "withdraw, time up": Rivals(
        S.ENDORSING, against_the_clock("proposer", "withdraw"),
        {("case.withdrawn",): 1, ("case.lapsed by time",): 0}, last_moment,
    ),
    "judge, time up": Rivals(
        S.EVALUATING, judge_and_clock, {("case.judged", "case.closed"): 1, ("case.closed",): 0}, last_moment
    ),
    "take over, half of the time": Rivals(
        S.ESCALATED, against_the_clock("upper", "take_over"),
        {("case.taken_over",): 1, ("case.half_time",): 0}, half_time,
    ),
    "two sweeps": Rivals(
        S.ENDORSING, lambda court: (sweeper(court), sweeper(court)), {("case.lapsed by time",): 0}, last_moment
    ),
    "two deliver the ballot's end": Rivals(S.VOTING, deliverers, {("case.resolved",): 0}, ballot_over),
}  # fmt: skip


@pytest.mark.parametrize("name", RIVALS)
def test_one_wins_and_the_other_is_told(name: str, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    standing.leave_papers_out()
    court = Court()
    for _round in range(4):
        court.now = build.AT
        _meet(court, RIVALS[name])
    assert [str(problem) for problem in verifying.verify()] == []


@pytest.mark.soak
@pytest.mark.parametrize("name", RIVALS)
def test_so_it_is_every_time(name: str, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    standing.leave_papers_out()
    court = Court()
    for _round in range(40):
        court.now = build.AT
        _meet(court, RIVALS[name])


def _meet(court: Court, rivals: Rivals) -> None:
    court.to(rivals.state)
    rivals.prepare(court)
    before = Event.objects.filter(chain_id=court.case.chain).count()
    answers = together(*(_answer(act) for act in rivals.acts(court)))
    happened = tuple(_told(event) for event in Event.objects.filter(chain_id=court.case.chain)[before:])
    assert happened in rivals.ends
    assert answers.count("done") == rivals.ends[happened]
    assert all(_is_sentence(answer) for answer in answers if answer not in ("done", "nothing"))
    standing.holds(court.settle())


def _answer(act: Act) -> Callable[[], str]:
    """done; nothing, from a sweep or a delivery, or for a household that was counted before; or the sentence."""

    def run() -> str:
        try:
            got = act()
            return "nothing" if type(got) is int or got is False else "done"
        except Refused as refused:
            return str(refused.verdict.reason)

    return run


def _told(event: Event) -> str:
    return f"{event.kind} by time" if event.payload.get("timer") else event.kind


def _is_sentence(answer: str) -> bool:
    return answer == str(lifecycle.Stale()) or answer.startswith(MOVED_ON) or answer in OVER
