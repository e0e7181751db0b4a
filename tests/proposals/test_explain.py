"""What `manage.py explain` prints, word for word."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from ledger import following
from proposals import clock, explaining
from proposals.states import State
from tests.proposals.court import DAY, Court

pytestmark = pytest.mark.django_db

REFUSED = """\
2026-0001  三栋楼下路灯坏了
State: Not accepted, since 2026-11-18
With: 槐荫里议事小组 (Courtyard)

Why:
  2026-11-18  Not accepted (审查员) — A private matter between individuals, not a public affair of the neighbourhood.
  2026-11-18  Submitted → 槐荫里议事小组 (老槐树下)

What can happen next:
  appeal  Appeal → Refusal under appeal  [Only the proposer can do this.]
"""
LATE = """\
2026-0001  三栋楼下路灯坏了
State: Awaiting an answer, since 2026-11-26
With: 金鱼街社区议事小组 (Community)
{clock}

Why:
  2026-12-17  Reminder to the office (Yuanyi)
  2026-12-17  The time is over: overdue (Yuanyi)
  2026-12-17  Four fifths of the time are over (Yuanyi)
  2026-12-17  Half of the time is over (Yuanyi)
  2026-11-26  Time extended (主任) — Several units must agree.

What can happen next:
  decide  Write the answer → Answered  [主任]
  extend  Extend the time → Awaiting an answer  [{over}]
  suspend  Suspend, stop the clock → Suspended, clock stopped  [{over}]
  hand_up  Hand up one level → Handed up  [主任]
  climb  Up by rule → Handed up  [{rule}]
  hand_down  Hand down one level → Handed down  [主任]
  succeed  Body no longer sits → Awaiting an answer  [The body that has it still sits.]
  classify  Choose the category → Awaiting an answer  [主任]
  ask_deferral  Ask to defer it → Deferral asked for  [主任]
  urge  Urge → Awaiting an answer  [监委会, 督查]
  criticise  Criticise in public → Awaiting an answer  [监委会, 督查]
  reassign  Give it to another body → Awaiting an answer  [监委会, 督查]
"""
OVERDUE = (
    "Due: 2026-12-14, overdue by 3 working days; first promised: 2026-12-10; "
    "last said by the clock: Reminder to the office"
)
OVER = "The time of this step is over, so it can be neither extended nor stopped any more."
RULE = "This happens by itself when its time or its threshold has come; nobody can do it by hand."
AWAY = """\
2026-0001  三栋楼下路灯坏了
State: Suspended, clock stopped, since 2026-11-18
It left “Deliberating” and comes back there.
With: 槐荫里议事小组 (Courtyard)
Due: 2027-01-18, 43 working days left

Why:
  2026-11-18  Suspended: the clock stands still (召集人) — An expert opinion or measurement is awaited.
  2026-11-18  Examined; the deliberation is open (审查员)
  2026-11-18  Examination written (审查员)
  2026-11-18  Enough households endorsed: deliberation is now a duty (Yuanyi)
  2026-11-18  Accepted (审查员)

What can happen next:
  resume  Go on → Deliberating  [召集人]
  succeed  Body no longer sits → Suspended, clock stopped  [The body that has it still sits.]
  classify  Choose the category → Suspended, clock stopped  [审查员, 召集人]
"""


def explained(court: Court) -> str:
    with translation.override("en"):
        return "\n".join(explaining.explain(court.case, court.now)) + "\n"


def test_a_refused_case_explained_by_the_command(capsys) -> None:
    case = Court().to(State.REJECTED)
    call_command("explain", case.number, language="en")
    assert capsys.readouterr().out == REFUSED


def test_a_late_case_explained() -> None:
    court = Court()
    court.to(State.DECIDING)
    court.move("upper", "extend", reason="several_units", days=2, texts={"text": "等区里回函"})
    court.now += 21 * DAY
    clock.sweep(court.now)
    court.settle()
    assert explained(court) == LATE.format(clock=OVERDUE, over=OVER, rule=RULE)


def test_a_case_that_is_away_from_the_road_explained() -> None:
    court = Court()
    court.to(State.SUSPENDED)
    assert explained(court) == AWAY


def test_a_case_under_supervision_says_so_and_a_closed_one_how_it_ended() -> None:
    court = Court()
    court.to(State.DECIDED)
    court.now += 60 * DAY
    clock.sweep(court.now)
    court.settle()
    assert "Under supervision since 2027-01-25\n" in explained(court)
    court.start()
    court.complete()
    court.judge()
    assert explained(court).splitlines()[1] == "State: Closed: solved, since 2027-01-25"
    assert "Under supervision" not in explained(court)


def test_in_chinese_unless_told_otherwise_and_an_unknown_number_is_an_error(capsys) -> None:
    case = Court().to(State.REJECTED)
    following.drain(case.state_since)
    call_command("explain", case.number)
    assert "不予受理" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"^There is no case 2026-9999. A number looks like 2026-0417.$"):
        call_command("explain", "2026-9999")
