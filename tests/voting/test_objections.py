"""Objections to a result: made by those on the roll, ruled on by another body, and the result waits for them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from areas import policy
from ledger import following
from ledger.models import Event, Text
from notifications.models import Notice
from people.models import User
from people.roles import RoleKey
from people.verdict import YES, Refused, Verdict
from tests import build
from tests.voting import procedure, urn
from voting import auditing, clock, counting, objection_policies, objections
from voting.models import Ballot, BallotPaper, Objection
from voting.states import Remedy, State

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
UNTIL = dt.datetime(2026, 12, 3, tzinfo=SHANGHAI)  # 24:00 of the seventh day after 25 November
RULED_BY = dt.datetime(2026, 12, 3, tzinfo=SHANGHAI)  # the fifth working day
SECOND = dt.timedelta(seconds=1)
GROUNDS = "三栋 301 的纸质票上没有签名。"
TALLY = {
    "method": "yes_no", "result": "passed", "roll": [3, 24_000], "papers": [3, 24_000], "winners": [],
    "yes": [2, 16_000], "no": [1, 8_000], "abstain": [0, 0],
}  # fmt: skip


def counted() -> procedure.Owners:
    court = procedure.owners(3)
    court.cast("yes", "yes", "no")
    court.sweep(urn.CLOSES)
    return court


def judge(court: procedure.Owners, role: RoleKey = RoleKey.DECIDER) -> User:
    return build.staff("主任", build.body(court.area.get_parent()), role)


def make(court: procedure.Owners, n: int = 2, at: dt.datetime = urn.CLOSES) -> Objection:
    return objections.make(court.ballot, grounds=GROUNDS, by=court.people[n], at=at)


def refused(act: object, *args: object, **facts: object) -> Verdict:
    with pytest.raises(Refused) as error:
        act(*args, **facts)  # type: ignore[operator]
    return error.value.verdict


def iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_an_owners_result_is_open_to_objections_and_then_final() -> None:
    court = counted()
    ballot = court.ballot
    assert (ballot.state, ballot.objections_until, ballot.tally) == (State.CLOSED, UNTIL, TALLY)
    assert (court.sweep(UNTIL - SECOND).state, court.sweep(UNTIL).state, court.sweep(UNTIL).state) == (
        State.CLOSED, State.FINAL, State.FINAL,
    )  # fmt: skip
    assert procedure.told(ballot, "ballot.closed", "ballot.final") == [
        ("ballot.closed", {"ballot": ballot.pk, "due": iso(UNTIL)} | TALLY),
        ("ballot.final", {"ballot": ballot.pk, "result": "passed"}),
    ]
    assert list(auditing.check()) == []


def test_a_residents_result_is_final_at_once() -> None:
    voter, _other = urn.neighbours(2)
    ballot = urn.call()
    urn.cast(ballot, {voter: "yes"})
    ended = urn.count(ballot)
    assert (ended.state, ended.objections_until) == (State.FINAL, None)
    kinds = [kind for kind, _payload in procedure.told(ended, "ballot.closed", "ballot.final")]
    assert (kinds, objection_policies.may_object(voter, ended, urn.CLOSES)) == (
        ["ballot.closed", "ballot.final"], objection_policies.NONE,
    )  # fmt: skip


def test_the_seven_days_skip_a_holiday_at_their_end() -> None:
    posted = dt.datetime(2026, 9, 28, 9, tzinfo=SHANGHAI)
    court = procedure.owners(1, closes_at=posted, opens_at=posted - procedure.DAY, at=posted - 2 * procedure.DAY)
    court.sweep(posted - procedure.DAY)
    court.cast("yes", at=posted - SECOND)
    assert court.sweep(posted).objections_until == dt.datetime(2026, 10, 9, tzinfo=SHANGHAI)  # 24:00 of 8 October


def test_an_objection_is_on_record_and_its_words_are_not_in_the_chain() -> None:
    court = counted()
    made = make(court)
    codes = {"ballot": court.ballot.pk, "objection": made.pk, "due": iso(RULED_BY)}
    assert procedure.told(court.ballot, "objection.made") == [("objection.made", codes)]
    [event] = Event.objects.filter(kind="objection.made")
    assert (set(event.commitments), Text.objects.get(event=event).text, made.due_at) == (
        {"grounds"}, GROUNDS, RULED_BY,
    )  # fmt: skip


def test_who_may_object_and_until_when() -> None:
    court = procedure.owners(3)
    court.cast("yes", "yes", "no")
    voter, stranger = court.people[0], build.person("外人", build.courtyard("同安苑"))
    before = objection_policies.may_object(voter, court.ballot, urn.AT)
    ballot = court.sweep(urn.CLOSES)
    verdicts = [
        objection_policies.may_object(who, ballot, at)
        for who, at in [(voter, urn.CLOSES), (voter, UNTIL - SECOND), (voter, UNTIL), (stranger, urn.CLOSES)]
    ]
    assert before == objection_policies.NOT_COUNTED
    assert verdicts == [YES, YES, objection_policies.OVER, objection_policies.NOT_ON_ROLL]


def test_one_at_a_time_and_again_after_the_answer() -> None:
    court = counted()
    first = make(court)
    assert refused(make, court) == objection_policies.ONE_OPEN
    objections.refuse(first, reason="票上有签名。", by=judge(court), at=urn.CLOSES)
    assert make(court).pk != first.pk


def test_an_open_objection_keeps_the_result_from_being_final() -> None:
    court = counted()
    made = make(court)
    assert court.sweep(UNTIL).state == State.CLOSED
    assert counting.finish(court.ballot.pk, at=UNTIL) is False
    objections.refuse(made, reason="票上有签名。", by=judge(court), at=UNTIL)
    assert court.sweep(UNTIL).state == State.FINAL


def test_only_a_body_above_that_did_not_call_the_vote_rules() -> None:
    court = counted()
    made = make(court)
    above, beside = judge(court), build.staff("同级", build.body(court.area), RoleKey.DECIDER)
    elsewhere = build.staff("别处", build.body(build.community("别的社区")), RoleKey.CHAIR)
    powerless = judge(court, RoleKey.MODERATOR)
    verdicts = [
        objection_policies.may_rule(who, made, urn.CLOSES)
        for who in (above, court.chair, beside, elsewhere, powerless, court.people[2], court.people[0])
    ]
    not_above = objection_policies.NOT_ABOVE
    assert verdicts == [
        YES, not_above, not_above, not_above, not_above, objection_policies.OWN, objection_policies.PARTY,
    ]  # fmt: skip


def test_a_body_above_that_called_the_vote_itself_does_not_rule() -> None:
    area = build.courtyard()
    caller = build.staff("主任", build.body(area.get_parent()), RoleKey.DECIDER)
    street = build.staff("街道", build.body(area.get_parent().get_parent()), RoleKey.DECIDER)
    court = procedure.owners(3, by=caller)
    court.cast("yes", "yes", "no")
    court.sweep(urn.CLOSES)
    made = make(court)
    verdicts = [objection_policies.may_rule(who, made, urn.CLOSES) for who in (caller, street)]
    assert verdicts == [objection_policies.NOT_ABOVE, YES]


def test_the_second_factor_is_needed_to_rule() -> None:
    court = counted()
    made, by = make(court), judge(court)
    by.second_factor = False
    assert not refused(objections.refuse, made, reason="不成立。", by=by, at=urn.CLOSES).allowed
    assert Objection.objects.get().ruling == "open"


def test_a_recount_opens_the_envelopes_again_and_says_that_it_is_the_same() -> None:
    court = counted()
    by = judge(court)
    objections.accept(make(court), Remedy.RECOUNT, reason="重新点票。", by=by, at=urn.CLOSES)
    ballot = court.fresh()
    codes = {"ballot": ballot.pk, "objection": Objection.objects.get().pk}
    assert procedure.told(ballot, "objection.ruled", "ballot.recounted") == [
        ("objection.ruled", codes | {"ruling": "accepted", "remedy": "recount"}),
        ("ballot.recounted", {"ballot": ballot.pk, "equal": True} | TALLY),
    ]
    assert (ballot.state, ballot.tally, list(auditing.check())) == (State.CLOSED, TALLY, [])
    assert court.sweep(UNTIL).state == State.FINAL


def test_a_recount_corrects_numbers_that_were_counted_wrongly() -> None:
    court = counted()
    wrong = TALLY | {"result": "not_passed", "yes": [1, 8_000], "no": [2, 16_000]}
    Ballot.objects.filter(pk=court.ballot.pk).update(tally=wrong, result="not_passed")
    objections.accept(make(court), Remedy.RECOUNT, reason="重新点票。", by=judge(court), at=urn.CLOSES)
    [(_kind, payload)] = procedure.told(court.ballot, "ballot.recounted")
    final = court.sweep(UNTIL)
    assert (payload, final.tally, final.result) == (
        {"ballot": final.pk, "equal": False} | TALLY, TALLY, "passed",
    )  # fmt: skip
    assert list(auditing.check()) == []


def test_what_no_longer_adds_up_is_not_counted_again() -> None:
    court = counted()
    made = make(court)
    BallotPaper.objects.filter(entry=court.right(0)).delete()
    by = judge(court)
    verdict = refused(objections.accept, made, Remedy.RECOUNT, reason="重新点票。", by=by, at=urn.CLOSES)
    assert (verdict, Objection.objects.get().ruling) == (counting.BROKEN, "open")


def test_an_annulled_vote_keeps_its_tally_and_decides_nothing() -> None:
    court = counted()
    first, second = make(court), make(court, 0)
    objections.accept(first, Remedy.ANNUL, reason="名册漏了三户。", by=judge(court), at=urn.CLOSES)
    ballot = court.sweep(UNTIL)
    assert (ballot.state, ballot.tally, ballot.result) == (State.ANNULLED, TALLY, "passed")
    assert procedure.told(ballot, "ballot.annulled", "ballot.final") == [("ballot.annulled", {"ballot": ballot.pk})]
    second.refresh_from_db()
    second.ballot = ballot
    assert objection_policies.may_rule(judge(court), second, UNTIL) == objection_policies.ANNULLED
    assert list(auditing.check()) == []


def test_a_note_leaves_the_result_as_it_is() -> None:
    court = counted()
    objections.accept(make(court), Remedy.NOTE, reason="公告晚了一小时。", by=judge(court), at=urn.CLOSES)
    kinds = [kind for kind, _payload in procedure.told(court.ballot, "ballot.recounted", "ballot.annulled")]
    assert (kinds, court.sweep(UNTIL).state) == ([], State.FINAL)


def test_a_ruling_needs_reasons_and_happens_once() -> None:
    court = counted()
    made, by = make(court), judge(court)
    assert refused(objections.refuse, made, reason="  ", by=by, at=urn.CLOSES) == objections.NO_REASON
    objections.refuse(made, reason="票上有签名。", by=by, at=urn.CLOSES)
    again: dict[str, Any] = {"reason": "再看一次。", "by": by, "at": urn.CLOSES}
    assert refused(objections.accept, made, Remedy.ANNUL, **again) == objection_policies.ANSWERED


def test_an_overdue_ruling_is_told_once_to_those_who_supervise() -> None:
    court = counted()
    made = make(court)
    watcher = build.staff("监委会", build.body(court.area.get_parent()), RoleKey.SUPERVISOR)
    build.staff("别处", build.body(build.community("别的社区")), RoleKey.SUPERVISOR)
    for now in (RULED_BY - SECOND, RULED_BY, RULED_BY + procedure.DAY):
        clock.sweep(now)
        following.drain(now)
    codes = {"ballot": court.ballot.pk, "objection": made.pk}
    assert procedure.told(court.ballot, "objection.overdue") == [("objection.overdue", codes)]
    told = Notice.objects.filter(kind="objection.overdue").values_list("user_id", flat=True)
    assert (list(told), Objection.objects.get().ruling) == ([watcher.pk], "open")


def test_the_nearest_body_is_asked_and_the_objector_is_answered() -> None:
    court = counted()
    by = judge(court)
    build.staff("街道", build.body(court.area.get_parent().get_parent()), RoleKey.DECIDER)
    made = make(court)
    following.drain(urn.CLOSES)
    asked = Notice.objects.get(kind="objection.made")
    assert (asked.user_id, asked.due_at, asked.done_at) == (by.pk, RULED_BY, None)
    objections.refuse(made, reason="票上有签名。", by=by, at=urn.CLOSES)
    following.drain(urn.CLOSES)
    asked.refresh_from_db()
    answered = Notice.objects.filter(kind="objection.ruled").values_list("user_id", flat=True)
    assert (asked.done_at, list(answered)) == (urn.CLOSES, [court.people[2].pk])


def test_the_area_may_give_residents_a_time_to_object_too() -> None:
    voter, _other = urn.neighbours(2)
    ballot = urn.call()
    chair = build.person("改规则")
    policy.assign(ballot.area, "voting.time.objections.residents", {"n": 3, "unit": "day"}, by=chair, at=urn.AT)
    urn.cast(ballot, {voter: "yes"})
    ended = urn.count(ballot)
    assert (ended.state, ended.objections_until) == (State.CLOSED, dt.datetime(2026, 12, 1, tzinfo=SHANGHAI))
    objections.accept(
        objections.make(ended, grounds=GROUNDS, by=voter, at=urn.CLOSES), Remedy.RECOUNT,
        reason="重新点票。", by=build.staff("主任", build.body(ended.area.get_parent()), RoleKey.CHAIR), at=urn.CLOSES,
    )  # fmt: skip
    assert list(auditing.check()) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"state": State.FINAL}, "its state is not the one that the ledger tells"),
        ({"state": State.ANNULLED}, "its state is not the one that the ledger tells"),
        ({"objections_until": urn.CLOSES}, "its time for objections is not the one that the ledger tells"),
    ],
)
def test_a_state_that_was_set_behind_the_ledgers_back_is_found(changed: dict[str, Any], what: str) -> None:
    court = counted()
    Ballot.objects.filter(pk=court.ballot.pk).update(**changed)
    assert [problem.what for problem in auditing.check()] == [what]
