import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import Appointment
from people.roles import RoleKey
from proposals.models import Proposal
from proposals.states import State
from tests import build
from tests.proposals.court import Court
from tests.proposals.desk_reading import groups, twin, twins
from tests.proposals.reading import browser, text

pytestmark = pytest.mark.django_db
S = State


def acts(page: Any) -> list[str]:
    """Where the first task's buttons lead, and behind “more” the others."""
    task = page.context["sheet"].groups[0].tasks[0]
    return [act.address for act in (*task.acts, *task.others)]


# ── who has which desk, and what waits there ─────────────────────────────────


def test_desks_follow_from_rights(court: Court) -> None:
    """Where a body has no handler, who leads it carries out."""
    officers = ("moderator", "chair", "upper", "handler", "street", "supervisor", "operator")
    found = {
        name: [desk.name for desk, _n, _late in browser(court.people[name]).get("/desk/").context["tabs"]]
        for name in officers
    }
    assert found == {
        "moderator": ["moderator"],
        "chair": ["body", "handler"],
        "upper": ["body", "decider"],
        "handler": ["handler"],
        "street": ["body", "decider", "handler"],
        "supervisor": ["supervisor"],
        "operator": [],
    }


def test_a_desk_that_is_not_mine_is_refused_and_an_unknown_one_is_not_there(court: Court) -> None:
    chair = browser(court.people["chair"])
    assert "Your office does not include this." in text(chair.get("/desk/supervisor/"))
    statuses = [chair.get(f"/desk/{name}/").status_code for name in ("supervisor", "nonsense")]
    statuses += [browser(court.people["proposer"]).get("/desk/").status_code, Client().get("/mine/").status_code]
    assert statuses == [403, 404, 403, 302]


WAITS = [
    (S.SUBMITTED, "moderator", "moderator", "move/accept/"),
    (S.SCREENING, "moderator", "moderator", "examination/"),
    (S.SCREENING, "chair", "body", "examination/"),
    (S.DELIBERATING, "chair", "body", "move/call_vote/"),
    (S.NO_QUORUM, "chair", "body", "move/reopen/"),
    (S.NOT_PASSED, "chair", "body", "move/reopen/"),
    (S.RESOLVED, "chair", "body", "move/hand_up/"),
    (S.SUSPENDED, "chair", "body", "move/resume/"),
    (S.HANDED_DOWN, "chair", "body", "move/take_over/"),
    (S.APPEALED, "upper", "body", "move/overturn/"),
    (S.ESCALATED, "upper", "body", "move/take_over/"),
    (S.ARBITRATING, "district", "body", "move/assign/"),
    (S.DECIDING, "upper", "decider", "decide/"),
    (S.DECIDED, "upper", "body", "move/start/"),
    (S.DECIDED, "handler", "handler", "move/start/"),
    (S.REVIEWING, "street", "body", "move/confirm/"),
    (S.DEFERRING, "street", "body", "move/defer/"),
    (S.DEFERRED, "upper", "body", "move/take_back/"),
    (S.IMPLEMENTING, "handler", "handler", "move/report/"),
    (S.RECTIFYING, "handler", "handler", "move/report/"),
]


@pytest.mark.parametrize(("state", "who", "desk", "leads_to"), WAITS)
def test_the_next_move_is_one_tap_away(court: Court, state: State, who: str, desk: str, leads_to: str) -> None:
    case = court.to(state)
    page = browser(court.people[who]).get(f"/desk/{desk}/")
    assert acts(page)[0] == f"/cases/{case.number}/{leads_to}"
    assert f'href="{acts(page)[0]}"' in page.content.decode()


def test_an_examined_case_is_opened_by_one_tap(court: Court) -> None:
    case = court.to(S.SCREENING)
    court.examine()
    page = browser(court.people["moderator"]).get("/desk/moderator/")
    assert acts(page)[0] == f"/cases/{case.number}/move/open/"
    assert acts(page)[-1] == f"/cases/{case.number}/examination/"


@pytest.mark.parametrize("state", [S.ENDORSING, S.VOTING, S.EVALUATING, S.CLOSED, S.RETURNED, S.WITHDRAWN])
def test_what_waits_for_residents_or_for_nobody_is_on_no_officers_desk(court: Court, state: State) -> None:
    court.to(state)
    officers = ("moderator", "chair", "upper", "handler", "street", "supervisor", "inspector")
    pages = [browser(court.people[name]).get("/desk/") for name in officers]
    assert [groups(page) for page in pages] == [[]] * len(officers)
    assert "Nothing waits for you today." in text(pages[0])


def test_other_bodies_cases_are_never_mine(court: Court) -> None:
    """Neither those of a neighbouring courtyard nor those of the level above, in the very same state."""
    case = court.to(S.DELIBERATING)
    foreign = build.courtyard("柳荫里")
    twin(case, area=foreign, owner=build.body(foreign))
    twin(case, owner=build.body(court.courtyard.get_parent()))
    assert groups(browser(court.people["chair"]).get("/desk/body/")) == [("later", 1, [case.number])]


def test_who_refused_does_not_find_the_appeal_on_their_desk(court: Court) -> None:
    refuser = court.people["moderator"]
    upper = build.body(court.courtyard.get_parent())
    Appointment.objects.create(user=refuser, body=upper, role=RoleKey.CHAIR, since=build.LONG_AGO)
    case = court.to(S.APPEALED)
    assert groups(browser(refuser).get("/desk/body/")) == []
    assert groups(browser(court.people["upper"]).get("/desk/body/")) == [("later", 1, [case.number])]


def test_what_i_filed_myself_waits_for_a_colleague(court: Court) -> None:
    moderator = court.people["moderator"]
    case = court.to(S.SUBMITTED)
    twin(case, proposer=moderator)
    assert groups(browser(moderator).get("/desk/")) == [("soon", 1, [case.number])]


def test_tasks_stand_in_groups_by_their_due_date(court: Court) -> None:
    case = court.to(S.DELIBERATING)
    day = dt.timedelta(days=1)
    late, later = twin(case, due_at=court.now - day, stage=4), twin(case, due_at=court.now - 3 * day, stage=3)
    near = twin(case, due_at=court.now + day)
    page = browser(court.people["chair"]).get("/desk/")
    assert groups(page) == [
        ("overdue", 2, [later.number, late.number]),
        ("soon", 1, [near.number]),
        ("later", 1, [case.number]),
    ]
    said = text(page)
    assert "4 matters wait for you" in said
    assert "2 overdue" in said and "1 due within three working days" in said and "1 with time enough" in said
    assert said.count("The office has been reminded") == 1


def test_the_desk_with_the_most_urgent_work_opens(court: Court) -> None:
    case = court.to(S.DECIDING)
    upper = browser(court.people["upper"])
    twins(case, 3, state=S.DELIBERATING, left_state="", left_owner=None)
    assert upper.get("/desk/").context["seat"].desk.name == "body"
    Proposal.objects.filter(pk=case.pk).update(due_at=court.now)
    page = upper.get("/desk/")
    assert page.context["seat"].desk.name == "decider"
    assert [(desk.name, n, late) for desk, n, late in page.context["tabs"]] == [("body", 3, 0), ("decider", 1, 1)]


# ── the supervisor's desk ────────────────────────────────────────────────────


def test_the_supervisor_finds_amber_and_red_and_not_what_is_in_time(court: Court) -> None:
    case = court.to(S.DELIBERATING)
    twin(case, stage=1)
    amber = twin(case, stage=2)
    red = twin(case, due_at=court.now - dt.timedelta(days=1), stage=3)
    under = twin(case, supervised_at=court.now)
    residents = twin(case, state=S.ENDORSING, stage=2)
    watching = browser(court.people["supervisor"])
    page = watching.get("/desk/")
    assert groups(page) == [("red", 1, [red.number]), ("amber", 1, [amber.number]), ("watched", 1, [under.number])]
    assert "3 matters to watch over" in text(page)
    assert residents.number not in text(page)
    assert [(part, n) for part, _label, n in page.context["filters"]] == [
        ("red", 1),
        ("amber", 1),
        ("supervised", 1),
        ("exclusion", 0),
    ]
    assert groups(watching.get("/desk/supervisor/?show=amber")) == [("amber", 1, [amber.number])]
    assert groups(watching.get("/desk/supervisor/?show=supervised")) == [("watched", 1, [under.number])]


def test_the_clock_itself_brings_cases_to_the_supervisor(court: Court) -> None:
    case = court.to(S.DELIBERATING)
    watching = browser(court.people["supervisor"])
    assert groups(watching.get("/desk/")) == []
    court.wait(26)
    assert groups(watching.get("/desk/")) == [("amber", 1, [case.number])]
    court.wait(8)
    page = watching.get("/desk/")
    assert groups(page) == [("red", 1, [case.number])]
    assert acts(page) == [f"/cases/{case.number}/move/{verb}/" for verb in ("urge", "criticise", "reassign")]


def test_a_supervisor_watches_the_areas_below_only(court: Court) -> None:
    case = court.to(S.DELIBERATING)
    other = build.courtyard("别处", within=build.community("别的社区"))
    red = twin(case, stage=3, area=other, owner=build.body(other))
    assert groups(browser(court.people["supervisor"]).get("/desk/")) == []
    assert groups(browser(court.people["inspector"]).get("/desk/")) == [("red", 1, [red.number])]


def test_an_exclusion_waits_for_a_second_person_with_two_equal_answers(court: Court) -> None:
    court.to(S.CLOSED)
    case = court.move("upper", "ask_exclusion", reason="unfounded", texts={"text": "到场查看，灯是好的"})
    page = browser(court.people["supervisor"]).get("/desk/")
    assert groups(page) == [("watched", 1, [case.number])]
    assert acts(page)[:2] == [f"/cases/{case.number}/move/{verb}/" for verb in ("exclude", "keep_counting")]
    Proposal.objects.update(exclusion_by=court.people["supervisor"])
    assert groups(browser(court.people["supervisor"]).get("/desk/")) == []


# ── what it costs ────────────────────────────────────────────────────────────


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)


@pytest.mark.parametrize(
    ("state", "who", "address"),
    [
        (S.SUBMITTED, "moderator", "/desk/"),
        (S.SCREENING, "chair", "/desk/body/"),
        (S.DELIBERATING, "chair", "/desk/"),
        (S.DECIDING, "upper", "/desk/"),
        (S.IMPLEMENTING, "handler", "/desk/"),
        (S.DELIBERATING, "inspector", "/desk/supervisor/"),
        (S.REJECTED, "proposer", "/mine/"),
        (S.EVALUATING, "proposer", "/mine/"),
    ],
)
def test_a_desk_costs_the_same_at_1_30_and_3000_cases(court: Court, state: State, who: str, address: str) -> None:
    case = court.to(state)
    late = {"due_at": case.due_at and court.now, "stage": 3}
    Proposal.objects.update(**late)
    person = browser(court.people[who])
    costs = [queries(person, address)]
    for more in (29, 2970):
        twins(case, more, **late)
        costs.append(queries(person, address))
    assert len(set(costs)) == 1
    assert costs[0] <= 16
    assert person.get(address).content.decode().count("<article") == 30


def test_examined_and_unexamined_cases_cost_the_same(court: Court) -> None:
    court.to(S.SCREENING)
    moderator = browser(court.people["moderator"])
    before = queries(moderator, "/desk/")
    court.examine()
    assert queries(moderator, "/desk/") == before


def test_the_last_page_of_many_is_there(court: Court) -> None:
    case = court.to(S.DELIBERATING)
    twins(case, 64, due_at=case.due_at)
    page = browser(court.people["chair"]).get("/desk/body/?page=3")
    [(name, n, numbers)] = groups(page)
    assert (name, n, len(numbers)) == ("later", 65, 5)
