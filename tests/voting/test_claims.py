"""“I should be on this roll”: who may say so, who rules on it until when, and what follows."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from adapters import clock as wall
from ledger import following
from ledger.models import Event
from notifications.models import Notice
from people.models import ResidenceState, User
from people.verdict import Refused
from tests import build
from tests.voting import estate, urn
from tests.voting.test_pages import queries
from voting import auditing, claiming, clock, roll_policies
from voting.models import Ballot, Owner, RollClaim
from voting.states import Ruling

pytestmark = pytest.mark.django_db

LATER = urn.AT + dt.timedelta(hours=1)
OPENS = urn.AT + dt.timedelta(days=2)
DUE = dt.datetime(2026, 11, 24, 0, 0, tzinfo=urn.AT.tzinfo)  # three working days after Wednesday the 18th


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "now", lambda: LATER)


def owners_vote() -> Ballot:
    """Four flats whose owners have no accounts yet."""
    area = build.courtyard()
    estate.flats(area, 4, accounts=False)
    ballot = estate.call(area)
    clock.sweep(urn.AT)
    return ballot


def residents_vote(**facts: Any) -> Ballot:
    urn.neighbours(2)
    return urn.call(**{"opens_at": OPENS} | facts)


def say(ballot: Ballot, by: User, **facts: Any) -> RollClaim:
    return claiming.claim(ballot, **{"home": "3-1-101", "text": "", "by": by, "at": urn.AT} | facts)


def refusal(act: Any) -> Any:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.verdict


def owner_of(ballot: Ballot, place: int = 0) -> Owner:
    return Owner.objects.filter(area=ballot.area).order_by("pk")[place]


def test_a_claim_has_a_day_until_which_it_is_ruled_on() -> None:
    ballot, user = owners_vote(), build.person("来者")
    made = say(ballot, user)
    assert (made.due_at, made.ruling) == (DUE, Ruling.OPEN)
    event = Event.objects.get(kind="roll.claimed")
    assert (event.chain_id, event.visibility, event.texts.count(), event.payload) == (
        urn.CHAIN, "staff", 0, {"ballot": ballot.pk, "claim": made.pk, "due": "2026-11-23T16:00:00.000000Z"},
    )  # fmt: skip


def test_who_may_claim() -> None:
    ballot, user = owners_vote(), build.person("来者")
    say(ballot, user)
    assert refusal(lambda: say(ballot, user)) == roll_policies.ASKED
    assert refusal(lambda: say(ballot, build.person(), at=urn.CLOSES)) == roll_policies.ENDED
    on_it = urn.neighbours(1, build.courtyard("同安苑"))[0]
    other = urn.call(build.courtyard("同安苑"), chain="case:" + "d" * 32)
    assert refusal(lambda: say(other, on_it)) == roll_policies.ON_IT


def test_accepting_links_the_owners_right_to_the_account() -> None:
    ballot, user = owners_vote(), build.person("来者")
    made = say(ballot, user)
    claiming.accept(made, owner=owner_of(ballot), by=estate.clerk(ballot.area), at=LATER)
    made.refresh_from_db()
    assert (made.ruling, owner_of(ballot).user, ballot.entries.get(voter=user).owner) == (
        Ruling.ACCEPTED,
        user,
        owner_of(ballot),
    )
    urn.cast(ballot, {user: "yes"}, at=LATER)
    assert (ballot.turnout, list(auditing.faults(Ballot.objects.get()))) == (1, [])


def test_a_right_that_is_anothers_used_or_missing_is_not_linked() -> None:
    ballot, clerk = owners_vote(), estate.clerk(build.courtyard())
    first, second = build.person("先来"), build.person("后到")
    claiming.accept(say(ballot, first), owner=owner_of(ballot), by=clerk, at=LATER)
    made = say(ballot, second)
    late = Owner.objects.create(area=ballot.area, name="不在册")
    elsewhere = Owner.objects.create(area=build.courtyard("同安苑"), name="邻院")
    ballot.entries.filter(owner=owner_of(ballot, 1)).update(voted=True, channel="paper")
    found = {
        name: refusal(lambda owner=owner: claiming.accept(made, owner=owner, by=clerk, at=LATER))
        for name, owner in {
            "taken": owner_of(ballot), "used": owner_of(ballot, 1), "not on it": late, "elsewhere": elsewhere,
            "nobody": None,
        }.items()
    }  # fmt: skip
    assert found == {
        "taken": claiming.TAKEN, "used": claiming.USED, "not on it": claiming.NO_RIGHT,
        "elsewhere": claiming.NOT_AN_OWNER, "nobody": claiming.NOT_AN_OWNER,
    }  # fmt: skip
    Owner.objects.filter(pk=late.pk).update(user=second)
    assert refusal(lambda: claiming.accept(made, owner=owner_of(ballot, 2), by=clerk, at=LATER)) == claiming.ANOTHER
    assert set(ballot.entries.exclude(voter=None).values_list("voter", flat=True)) == {first.pk}


def test_a_residents_roll_gets_one_more_right_before_it_opens() -> None:
    ballot = residents_vote()
    newcomer = build.person("新来", ballot.area, at=LATER)
    claiming.accept(say(ballot, newcomer, at=LATER), by=estate.clerk(ballot.area), at=LATER)
    entry, ballot = ballot.entries.get(voter=newcomer), Ballot.objects.get()
    correction = ballot.corrections.get()
    assert (entry.label, entry.units, entry.frozen) == ("槐荫里 3 新**", [["槐荫里 3 新**", 0]], [])
    assert (correction.asked_by, correction.made_by.name, correction.ruling) == (newcomer, "文员", Ruling.ACCEPTED)
    assert (ballot.roll_size, list(auditing.faults(ballot))) == (3, [])
    clock.sweep(OPENS)
    urn.cast(ballot, {newcomer: "yes"}, at=OPENS)
    assert Ballot.objects.get().turnout == 1


def test_nobody_joins_a_residents_roll_without_a_home_or_while_it_votes() -> None:
    ballot = residents_vote()
    clerk = estate.clerk(ballot.area)
    unchecked, child = build.person("等核实"), build.person("小满", ballot.area, adult=False)
    build.home(unchecked, ballot.area, "12", state=ResidenceState.CLAIMED)
    late = build.person("新来", ballot.area, at=LATER)
    claims = [say(ballot, user, at=LATER) for user in (unchecked, child, late)]
    for made in claims[:2]:
        assert refusal(lambda made=made: claiming.accept(made, by=clerk, at=LATER)) == roll_policies.NO_HOME
    assert refusal(lambda: claiming.accept(claims[2], by=clerk, at=OPENS)) == roll_policies.OPEN_ALREADY
    assert (Ballot.objects.get().roll_size, RollClaim.objects.filter(ruling=Ruling.OPEN).count()) == (2, 3)


def test_who_rules_is_no_claimant_no_stranger_and_comes_once() -> None:
    ballot, area = owners_vote(), build.courtyard()
    clerk, chair = estate.clerk(area), estate.chair(area)
    own = say(ballot, clerk)
    made = say(ballot, build.person("来者"))
    reason = "登记的是另一人"
    assert refusal(lambda: claiming.refuse(own, reason=reason, by=clerk, at=LATER)) == roll_policies.OWN_CLAIM
    assert "槐荫里" in str(refusal(lambda: claiming.refuse(made, reason=reason, by=chair, at=LATER)).reason)
    claiming.refuse(made, reason=reason, by=clerk, at=LATER)
    made.refresh_from_db()
    assert (made.ruling, made.reason, made.ruled_by, made.ruled_at) == (Ruling.REFUSED, reason, clerk, LATER)
    again = refusal(lambda: claiming.accept(made, owner=owner_of(ballot), by=clerk, at=LATER))
    assert again == roll_policies.DEALT_WITH


def test_after_the_end_a_claim_is_refused_and_not_accepted() -> None:
    ballot, clerk = owners_vote(), estate.clerk(build.courtyard())
    made = say(ballot, build.person("来者"))
    late = urn.CLOSES + dt.timedelta(hours=1)
    assert refusal(lambda: claiming.accept(made, owner=owner_of(ballot), by=clerk, at=late)) == roll_policies.ENDED
    claiming.refuse(made, reason="表决已经结束", by=clerk, at=late)
    assert RollClaim.objects.get().ruling == Ruling.REFUSED


def test_the_clerk_is_asked_and_the_claimant_is_told() -> None:
    ballot, user = owners_vote(), build.person("来者")
    clerk, _chair = estate.clerk(ballot.area), estate.chair(ballot.area)
    build.staff("街道文员", build.body(build.street()), estate.RoleKey.CLERK)
    made = say(ballot, user)
    following.drain(LATER)
    asked = Notice.objects.filter(kind="roll.claimed")
    assert [(notice.user, notice.due_at, notice.done_at) for notice in asked] == [(clerk, DUE, None)]
    claiming.refuse(made, reason="登记的是另一人", by=clerk, at=LATER)
    following.drain(LATER)
    told = Notice.objects.get(kind="roll.claim_ruled")
    assert (asked.get().done_at, told.user) == (LATER, user)


def test_an_overdue_claim_is_told_once_to_those_who_lead() -> None:
    ballot = owners_vote()
    clerk, chair = estate.clerk(ballot.area), estate.chair(ballot.area)
    made, answered = say(ballot, build.person("来者")), say(ballot, build.person("另一位"))
    claiming.refuse(answered, reason="登记的是另一人", by=clerk, at=LATER)
    early = DUE - dt.timedelta(seconds=1)
    assert [claiming.remind(made.pk, at=at) for at in (early, DUE, DUE)] == [False, True, False]
    clock.sweep(DUE)
    following.drain(DUE)
    assert [event.payload for event in Event.objects.filter(kind="roll.claim_overdue")] == [
        {"ballot": ballot.pk, "claim": made.pk}
    ]
    assert [notice.user for notice in Notice.objects.filter(kind="roll.claim_overdue")] == [chair]


def test_the_sweep_finds_what_is_overdue() -> None:
    ballot = owners_vote()
    made = say(ballot, build.person("来者"))
    for at in (DUE - dt.timedelta(seconds=1), DUE, DUE + dt.timedelta(hours=1)):
        clock.sweep(at)
    told = Event.objects.get(kind="roll.claim_overdue")
    assert (told.payload["claim"], told.at, told.actor) == (made.pk, DUE, "SYSTEM")


# ── pages ────────────────────────────────────────────────────────────────────


def signed_in(user: User) -> Client:
    return build.sign_in(Client(), user)


def test_a_claim_is_made_and_read_on_its_page() -> None:
    ballot, user = owners_vote(), build.person("来者")
    client, address = signed_in(user), reverse("voting:claim", args=[ballot.pk])
    empty = client.post(address, {"home": "", "text": "写好的话"})
    assert (empty.status_code, "写好的话" in empty.content.decode(), RollClaim.objects.count()) == (422, True, 0)
    sent = client.post(address, {"home": "3-1-101", "text": "<b>去年买的</b>"})
    assert (sent.status_code, sent["Location"]) == (302, address)
    shown = client.get(address).content.decode()
    assert ("3-1-101" in shown, 'name="home"' in shown) == (True, False)
    assert client.post(address, {"home": "3-1-101"}).status_code == 403


def test_the_clerk_finds_the_unit_and_accepts() -> None:
    ballot, user = owners_vote(), build.person("来者")
    made = say(ballot, user, text="<b>去年买的</b>")
    client = signed_in(estate.clerk(ballot.area))
    desk = client.get(reverse("voting:roll_desk")).content.decode()
    address = reverse("voting:ruling", args=[made.pk])
    assert address in desk
    shown = client.get(address).content.decode()
    owner = owner_of(ballot)
    assert (f"{owner.name} ·" in shown, f'name="owner" value="{owner.pk}"' in shown) == (True, True)
    assert ("<b>去年买的" in shown, "&lt;b&gt;去年买的" in shown) == (False, True)
    other = client.get(address, {"home": "3栋1单元104"}).content.decode()
    assert f'name="owner" value="{owner_of(ballot, 3).pk}"' in other
    short = client.post(address, {"ruling": "refuse", "reason": "否"})
    assert (short.status_code, 'class="y-error"' in short.content.decode()) == (422, True)
    accepted = client.post(address, {"ruling": "accept", "owner": owner.pk})
    assert (accepted.status_code, ballot.entries.get(voter=user).owner) == (302, owner)


def test_the_desk_is_for_those_who_keep_rolls_in_their_own_area() -> None:
    ballot = owners_vote()
    made = say(ballot, build.person("来者"))
    strangers = {
        "clerk elsewhere": estate.clerk(build.courtyard("同安苑"), "外院文员"),
        "resident": build.person("住户", ballot.area),
    }
    desk, address = reverse("voting:roll_desk"), reverse("voting:ruling", args=[made.pk])
    found = {}
    for name, user in strangers.items():
        client = signed_in(user)
        answers = client.get(desk), client.get(address), client.post(address, {"ruling": "accept"})
        found[name] = [answer.status_code for answer in answers], made.by.name in answers[0].content.decode()
    assert found == {"clerk elsewhere": ([200, 403, 403], False), "resident": ([403, 403, 403], False)}


def test_the_desk_costs_the_same_however_many_wait() -> None:
    ballot = owners_vote()
    client = signed_in(estate.clerk(ballot.area))
    costs = []
    for more in (1, 29, 270):
        for _n in range(more):
            say(ballot, build.person("来者"))
        costs.append(queries(lambda: client.get(reverse("voting:roll_desk"))))
    assert len(set(costs[:2])) == 1 and costs[2] - costs[1] in (0, 1)
