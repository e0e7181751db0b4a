"""A colleague acts for an officer who is away: for a time, visibly, and never in a chain."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from ledger import verifying
from ledger.canonical import instant
from ledger.models import Event, Visibility
from people import deputies, policies, standing
from people.models import Appointment
from people.roles import Right, RoleKey
from people.verdict import Refused
from tests import build
from tests.people.absence import DAY, FIRST, LAST, depute, office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def sentence(call, *args, **facts):
    with pytest.raises(Refused) as refused:
        call(*args, **facts)
    return str(refused.value)


def steering(user, body):
    moments = {"before": FIRST - DAY, "first": FIRST, "last": LAST - dt.timedelta(microseconds=1), "after": LAST}
    return [name for name, at in moments.items() if policies.may_act_for(user, body, Right.STEER, at)]


def test_the_deputy_has_the_rights_for_the_time_and_the_officer_keeps_them(group, chair, colleague):
    depute(chair, colleague)
    assert steering(colleague, group) == ["first", "last"]
    assert steering(chair, group) == ["before", "first", "last", "after"]
    assert policies.may_act_for(colleague, group, Right.SCREEN, LAST)


def test_a_deputy_is_an_appointment_of_their_own(group, chair, colleague):
    acting = depute(chair, colleague)
    row = Appointment.objects.filter(pk=acting.pk).values(
        "user", "body", "role", "title", "since", "until", "acting_for"
    )
    assert row.get() == {
        "user": colleague.pk,
        "body": group.pk,
        "role": RoleKey.CHAIR,
        "title": "召集人",
        "since": FIRST,
        "until": LAST,
        "acting_for": office(chair).pk,
    }


def test_who_signs_as_deputy_says_so(chair, colleague):
    acting = depute(chair, colleague)
    assert (office(chair).signing_title, acting.signing_title) == ("召集人", "召集人（代）")
    untitled = depute(colleague, chair)
    assert (office(colleague).signing_title, untitled.signing_title) == ("", "Moderator（代）")


def test_the_deputy_goes_when_the_office_ends(group, chair, colleague):
    depute(chair, colleague)
    Appointment.objects.filter(pk=office(chair).pk).update(until=FIRST + DAY)
    assert policies.may_act_for(colleague, group, Right.STEER, FIRST)
    assert not policies.may_act_for(colleague, group, Right.STEER, FIRST + DAY)
    assert [held.role for held in standing.of(colleague, FIRST + DAY).appointments] == [RoleKey.MODERATOR]


def test_who_comes_back_earlier_recalls(group, chair, colleague):
    acting = depute(chair, colleague)
    deputies.recall(acting, by=chair, at=FIRST + DAY)
    acting.refresh_from_db()
    assert (acting.since, acting.until) == (FIRST, FIRST + DAY)
    assert steering(colleague, group) == ["first"]


def test_who_is_recalled_before_the_first_day_never_acted_and_the_days_are_free(group, chair, colleague):
    acting = depute(chair, colleague)
    deputies.recall(acting, by=chair, at=build.AT)
    acting.refresh_from_db()
    assert (acting.since, acting.until) == (build.AT, build.AT)
    assert steering(colleague, group) == []
    assert depute(chair, colleague).since == FIRST


def test_both_are_told_to_the_ledger_without_names(group, chair, colleague):
    acting = depute(chair, colleague)
    deputies.recall(acting, by=chair, at=FIRST + DAY)
    told = Event.objects.order_by("pk").values_list(
        "kind", "chain_id", "subject_type", "subject_id", "visibility", "actor", "at", "payload"
    )
    chain = group.area.chain
    same = (chain, "people.appointment", str(acting.pk), Visibility.PUBLIC, chair.actor_ref(chain))
    payload = {"role": "chair", "body": group.pk, "since": instant(FIRST)}
    assert list(told) == [
        ("office.deputed", *same, build.AT, payload | {"until": instant(LAST)}),
        ("office.recalled", *same, FIRST + DAY, payload | {"until": instant(FIRST + DAY)}),
    ]


def test_verify_finds_a_deputy_who_was_written_behind_the_back(group, chair, colleague):
    longer, check = depute(chair, colleague), verifying.CHECKS["deputies"]
    assert list(check()) == []
    Appointment.objects.filter(pk=longer.pk).update(until=LAST + DAY)
    facts = {"body": group, "role": RoleKey.MODERATOR, "since": FIRST, "until": LAST}
    untold = Appointment.objects.create(user=chair, acting_for=office(colleague), **facts)
    told = "people.appointment #{}: is not as its events tell"
    assert [str(problem) for problem in check()] == [told.format(acting.pk) for acting in (longer, untold)]


def test_who_leads_the_body_names_a_deputy_for_whoever_fell_ill(group, chair, colleague):
    third = build.staff("小何", group, RoleKey.HANDLER)
    acting = depute(colleague, third, by=chair)
    assert (acting.role, acting.user) == (RoleKey.MODERATOR, third)
    deputies.recall(acting, by=chair, at=FIRST)
    assert sentence(depute, chair, third, by=colleague) == "Your office in 槐荫里议事小组 does not include this."


def test_strangers_name_nobody(chair, colleague):
    there = build.staff("外人", build.body(build.courtyard("同安苑")), RoleKey.CHAIR)
    acting = depute(chair, colleague, until=FIRST + DAY)
    only = "Only those who hold an office in 槐荫里议事小组 may do this."
    assert sentence(depute, chair, colleague, by=there, since=LAST, until=LAST + DAY) == only
    assert sentence(depute, chair, colleague, by=build.person("住户"), since=LAST, until=LAST + DAY) == only
    assert sentence(deputies.recall, acting, by=there, at=build.AT) == only
    assert sentence(deputies.recall, acting, by=build.person("住户"), at=build.AT) == only


def test_the_second_factor_comes_first(chair, colleague):
    acting = depute(chair, colleague)
    chair.second_factor = False
    verdicts = [policies.may_depute(chair, office(chair), build.AT), policies.may_recall(chair, acting, build.AT)]
    assert verdicts == [policies.PROVE, policies.PROVE]


def test_there_is_no_chain_of_deputies(group, chair, colleague):
    acting, third = depute(chair, colleague), build.staff("小何", group, RoleKey.HANDLER)
    facts = {"deputy": third, "since": FIRST, "until": LAST, "at": FIRST}
    reason = "A deputy names no deputy. Please ask who holds the office, or who leads the body."
    assert sentence(deputies.depute, acting, by=colleague, **facts) == reason
    assert sentence(deputies.depute, acting, by=chair, **facts) == reason


def test_an_office_that_nobody_holds_has_no_deputy(chair, colleague):
    Appointment.objects.filter(pk=office(chair).pk).update(until=build.AT)
    assert sentence(depute, chair, colleague) == "Nobody holds this office now, so nobody can act in it."


def test_who_can_be_a_deputy(group, chair, colleague):
    former = build.staff("前任", group, RoleKey.HANDLER)
    former.appointments.update(until=build.AT)
    closed = build.staff("走了", group, RoleKey.HANDLER, closed_at=build.AT)
    neighbour = build.staff("外人", build.body(build.courtyard("同安苑")), RoleKey.CHAIR)
    only_acting = build.person("只是代")
    Appointment.objects.create(
        user=only_acting, body=group, role=RoleKey.HANDLER, since=build.AT, until=LAST, acting_for=office(closed)
    )
    said = {
        user.name: sentence(depute, chair, user)
        for user in (build.person("住户"), former, closed, neighbour, only_acting, chair)
    }
    rule = "{} holds no office in 槐荫里议事小组, above it or below it. Please choose somebody who does."
    assert said == {
        **{name: rule.format(name) for name in ("住户", "前任", "走了", "外人", "只是代")},
        "程小禾": "Nobody acts for themself. Please choose a colleague.",
    }


def test_deputies_come_from_the_body_and_from_above_and_below(group, chair, colleague):
    street = build.staff("街道的", build.body(build.street()), RoleKey.HANDLER)
    community = build.staff("社区的", build.body(build.community()), RoleKey.CHAIR)
    elsewhere = build.staff("别处的", build.body(build.community("长庆社区")), RoleKey.CHAIR)
    near = policies.possible_deputies([build.community()], build.AT).values_list("user__name", flat=True)
    assert set(near) == {"街道的", "社区的", "老周", "程小禾"}
    assert depute(chair, street).user == street
    assert depute(community, colleague).user == colleague
    assert "别处的" in sentence(depute, community, elsewhere, since=LAST, until=LAST + DAY)
    assert list(policies.possible_deputies([], build.AT)) == []


def test_nobody_makes_themself_a_deputy(chair, colleague):
    said = sentence(depute, colleague, chair, by=chair)
    assert said == "Nobody makes themself a deputy. Please choose a colleague, or ask who is away to choose you."
    assert depute(colleague, chair, by=colleague).user == chair


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (build.AT - DAY, LAST, "The first day is over. A deputy begins today or later."),
        (FIRST, FIRST, "The last day lies before the first day. Please change one of them."),
        (FIRST, FIRST + 91 * DAY, "A deputy acts for 90 days at most. Please choose an earlier day."),
        (
            LAST - DAY,
            LAST + DAY,
            "老周 acts in this office during these days. Please end that first, or choose other days.",
        ),
        (LAST, FIRST + 80 * DAY, "The office itself ends before the last day. Please choose an earlier day."),
    ],
)
def test_the_time_must_fit(group, chair, colleague, since, until, said):
    depute(chair, colleague)
    Appointment.objects.filter(pk=office(chair).pk).update(until=FIRST + 79 * DAY)
    third = build.staff("小何", group, RoleKey.HANDLER)
    assert sentence(depute, chair, third, since=since, until=until) == said
    assert Appointment.objects.acting().count() == Event.objects.count() == 1


def test_ninety_days_and_the_days_right_after_fit(chair, colleague):
    depute(chair, colleague, until=FIRST + 90 * DAY)
    assert depute(chair, colleague, since=FIRST + 90 * DAY, until=FIRST + 91 * DAY).pk


def test_what_has_ended_is_not_recalled(chair, colleague):
    acting = depute(chair, colleague)
    stale = Appointment.objects.get(pk=acting.pk)
    deputies.recall(acting, by=chair, at=FIRST)
    ended = "This deputy's time has ended already."
    assert sentence(deputies.recall, stale, by=chair, at=FIRST + DAY) == ended
    assert sentence(deputies.recall, acting, by=chair, at=FIRST) == ended
    assert sentence(deputies.recall, office(chair), by=chair, at=FIRST) == ended


@pytest.mark.parametrize("until", [None, FIRST - DAY])
def test_the_database_keeps_a_deputy_in_time(chair, colleague, until):
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            user=colleague, body=office(chair).body, role="chair", since=FIRST, until=until, acting_for=office(chair)
        )
