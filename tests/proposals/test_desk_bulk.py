import re
from typing import Any

import pytest
from django.utils import translation

from ledger.models import Event
from proposals import bulk
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.proposals.court import Court
from tests.proposals.desk_reading import twin, twins
from tests.proposals.reading import browser, text

pytestmark = pytest.mark.django_db
S = State


def values(page: Any) -> dict[str, Any]:
    """What the form of this page would send, with every box chosen."""
    said = page.content.decode()
    fields = re.findall(r'name="(since|verb|sure)" value="([^"]*)"', said)
    return dict(fields) | {"case": re.findall(r'name="case" value="([^"]*)"', said)}


def outcomes(page: Any) -> dict[str, list[tuple[str, str]]]:
    with translation.override("en"):
        return {
            name: [(outcome.pick.case.number, str(outcome.reason)) for outcome in page.context[name]]
            for name in ("done", "refused")
        }


def states() -> dict[str, str]:
    return dict(Proposal.objects.values_list("number", "state"))


def submitted(court: Court, count: int) -> list[Proposal]:
    """So many real cases that wait to be accepted."""
    found = []
    for n in range(count):
        court.people["proposer"] = build.person(f"提案人{n}", court.courtyard)
        found.append(court.to(S.SUBMITTED))
    return found


def test_many_are_accepted_at_once_after_they_were_shown(court: Court) -> None:
    first, second, third = submitted(court, 3)
    moderator = browser(court.people["moderator"])
    chosen = values(moderator.get("/desk/moderator/"))
    assert len(chosen["case"]) == 3
    confirm = moderator.post("/desk/moderator/bulk/", chosen | {"case": chosen["case"][:2]})
    assert "Accept: 2 matters" in text(confirm)
    assert set(states().values()) == {S.SUBMITTED}
    done = moderator.post("/desk/moderator/bulk/", values(confirm))
    assert "2 of 2 done" in text(done)
    assert sorted(states().values()) == [S.ENDORSING, S.ENDORSING, S.SUBMITTED]
    assert {len(found) for found in outcomes(done).values()} == {0, 2}
    assert Event.objects.filter(kind="case.accepted").count() == 2
    assert {first.number, second.number, third.number} == set(states())


def test_what_moved_on_meanwhile_is_skipped_with_the_reason_and_stops_no_other(court: Court) -> None:
    moved, other = submitted(court, 2)
    moderator = browser(court.people["moderator"])
    confirm = values(moderator.post("/desk/moderator/bulk/", values(moderator.get("/desk/moderator/"))))
    court.case = moved
    court.move("moderator", "reject", reason="private", texts={"text": "可以找人民调解"})
    again = moderator.post("/desk/moderator/bulk/", {name: value for name, value in confirm.items() if name != "sure"})
    why = "This case is now “Not accepted”, so this step is not possible."
    assert outcomes(again) == {"done": [(other.number, "")], "refused": [(moved.number, why)]}
    done = moderator.post("/desk/moderator/bulk/", confirm)
    assert outcomes(done) == {"done": [(other.number, "")], "refused": [(moved.number, why)]}
    assert "1 of 2 done" in text(done) and "Not done" in text(done)
    assert states() == {moved.number: S.REJECTED, other.number: S.ENDORSING}


def test_a_case_in_the_same_state_that_changed_since_is_skipped(court: Court) -> None:
    case = court.to(S.DELIBERATING)
    Proposal.objects.update(stage=3)
    watching = browser(court.people["supervisor"])
    confirm = watching.post("/desk/supervisor/bulk/", values(watching.get("/desk/")))
    court.settle()
    court.move("inspector", "urge", texts={"text": "本周内召开会议"})
    done = watching.post("/desk/supervisor/bulk/", values(confirm) | {"text": "请抓紧"})
    why = "It has changed since you chose it, so nothing was done. Please look at it again."
    assert outcomes(done) == {"done": [], "refused": [(case.number, why)]}
    assert Event.objects.filter(kind="case.urged").count() == 1


def test_a_double_tap_does_nothing_twice(court: Court) -> None:
    """Also where the state stays the same: one urging, and both answers say that it is done."""
    case = court.to(S.DELIBERATING)
    Proposal.objects.update(stage=3)
    watching = browser(court.people["supervisor"])
    confirm = watching.post("/desk/supervisor/bulk/", values(watching.get("/desk/")))
    sent = values(confirm) | {"text": "三天内召开会议，写明安排"}
    answers = [outcomes(watching.post("/desk/supervisor/bulk/", sent)) for _tap in range(2)]
    assert answers == [{"done": [(case.number, "")], "refused": []}] * 2
    assert Event.objects.filter(kind="case.urged").count() == 1


def test_urging_needs_its_words_once_for_all(court: Court) -> None:
    case = court.to(S.DELIBERATING)
    Proposal.objects.update(stage=3)
    watching = browser(court.people["supervisor"])
    confirm = watching.post("/desk/supervisor/bulk/", values(watching.get("/desk/")))
    empty = watching.post("/desk/supervisor/bulk/", values(confirm))
    assert empty.content.decode().count('class="y-error"') == 1
    assert "What is to be done, until when" in text(empty)
    assert outcomes(empty) == {"done": [(case.number, "")], "refused": []}
    assert Event.objects.filter(kind="case.urged").count() == 0


def test_what_is_not_mine_is_refused_by_its_own_verdict_and_what_i_may_not_see_is_not_there(court: Court) -> None:
    case = court.to(S.ESCALATED)
    foreign = build.courtyard("柳荫里")
    hidden = twin(case, state=S.SUBMITTED, area=foreign, owner=build.body(foreign), left_state="", left_owner=None)
    chosen = [f"{found.number} {bulk.mark(found)}" for found in (case, hidden)]
    chair = browser(court.people["chair"])
    page = chair.post("/desk/body/bulk/", {"verb": "take_over", "case": chosen, "sure": "1"})
    why = f"Only those who hold an office in {build.body(court.courtyard.get_parent()).name} may do this."
    assert outcomes(page) == {"done": [], "refused": [(case.number, why)]}
    assert states() == {case.number: S.ESCALATED, hidden.number: S.SUBMITTED}


def test_nothing_chosen_too_many_and_other_moves(court: Court) -> None:
    case = court.to(S.SUBMITTED)
    many = [f"{one.number} {bulk.mark(one)}" for one in twins(case, bulk.MOST + 1)]
    moderator = browser(court.people["moderator"])
    address = "/desk/moderator/bulk/"
    nothing = moderator.post(address, {"verb": "accept"}, follow=True)
    assert "Please choose at least one matter." in text(nothing)
    too_many = moderator.post(address, {"verb": "accept", "case": many}, follow=True)
    assert "At most 50 matters at once. Please choose fewer." in text(too_many)
    assert moderator.post(address, {"verb": "reject", "case": many[:1]}).status_code == 404
    assert moderator.post(address, {"verb": "accept", "case": ["\0", "x", ""]}).status_code == 302
    assert moderator.get(address).status_code == 405
    assert set(states().values()) == {S.SUBMITTED}


def test_all_on_the_page_can_be_chosen_without_scripts(court: Court) -> None:
    twins(court.to(S.SUBMITTED), 4)
    moderator = browser(court.people["moderator"])
    checked = [page.content.decode().count(" checked") for page in map(moderator.get, ("/desk/", "/desk/?pick=all"))]
    assert checked == [0, 5]
