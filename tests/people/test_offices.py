"""The page of my offices: who acts for me, for whom I act, naming a deputy and recalling one."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from areas.calendar import end_of
from ledger.models import Event
from people import deputies, policies
from people.models import Appointment, User
from people.roles import RoleKey
from tests import build
from tests.people.absence import DAY, FIRST, LAST, depute, office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAYS = {"since": "2026-11-20", "until": "2026-11-29"}


def page(user):
    return build.sign_in(Client(), user).get("/me/offices/").content.decode()


def test_a_deputy_is_named_and_recalled_on_the_page(client, time, chair, colleague):
    build.sign_in(client, chair)
    assert client.get("/me/offices/").status_code == 200
    asked = {"office": office(chair).pk, "deputy": colleague.pk} | DAYS
    assert client.post("/me/offices/", asked)["Location"] == "/me/offices/"
    acting = Appointment.objects.acting().get()
    assert (acting.user, acting.since, acting.until) == (colleague, FIRST, LAST)
    assert "老周 acts from Fri 20 Nov until Sun 29 Nov." in page(chair)
    assert "You act for 程小禾 from Fri 20 Nov until Sun 29 Nov." in page(colleague)
    time.now = FIRST
    assert "老周 acts until Sun 29 Nov." in page(chair)
    assert "You act for 程小禾 until Sun 29 Nov." in page(colleague)
    assert client.get(f"/me/offices/{acting.pk}/recall/").status_code == 405
    assert client.post(f"/me/offices/{acting.pk}/recall/")["Location"] == "/me/offices/"
    acting.refresh_from_db()
    assert acting.until == FIRST
    assert "You act for" not in page(colleague)
    again = client.post(f"/me/offices/{acting.pk}/recall/")
    assert (again.status_code, again.context["reason"]) == (403, policies.RECALLED.reason)


def test_today_means_from_now_on(client, chair, colleague):
    build.sign_in(client, chair)
    today = {"since": "2026-11-18", "until": "2026-11-18"}
    client.post("/me/offices/", {"office": office(chair).pk, "deputy": colleague.pk} | today)
    acting = Appointment.objects.acting().get()
    assert (acting.since, acting.until) == (build.AT, end_of(dt.date(2026, 11, 18)))


def test_the_page_says_that_both_may_act(chair):
    assert "Both may act during that time; what the deputy signs shows that it was signed as deputy." in page(chair)


def test_my_page_says_what_i_hold_as_deputy(client, time, chair, colleague):
    depute(chair, colleague)
    build.sign_in(client, colleague)
    assert "as deputy until" not in client.get("/me/").content.decode()
    time.now = FIRST
    shown = client.get("/me/").content.decode()
    assert "as deputy until Sun 29 Nov" in shown
    assert 'href="/me/offices/"' in shown


def test_who_leads_sees_the_offices_of_the_body_and_others_only_their_own(group, chair, colleague):
    stranger = build.staff("外人", build.body(build.courtyard("同安苑")), RoleKey.CHAIR)
    acting = depute(chair, colleague)
    seen = {
        user.name: [held.user.name for held in deputies.offices_for(user, FIRST - DAY)] for user in User.objects.all()
    }
    assert seen == {"程小禾": ["程小禾", "老周"], "老周": ["老周"], "外人": ["外人"]}
    assert [held.user for held in deputies.offices_for(colleague, FIRST)] == [colleague, chair]
    assert [list(deputies.recallable(user, build.AT)) for user in (chair, colleague, stranger)] == [[acting], [], []]


def test_a_stranger_neither_sees_nor_ends_nor_names(client, chair, colleague):
    acting = depute(chair, colleague)
    stranger = build.staff("外人", build.body(build.courtyard("同安苑")), RoleKey.CHAIR, language="en")
    build.sign_in(client, stranger)
    assert "老周" not in client.get("/me/offices/").content.decode()
    assert client.post(f"/me/offices/{acting.pk}/recall/").status_code == 404
    asked = {"office": office(chair).pk, "deputy": stranger.pk} | DAYS
    answer = client.post("/me/offices/", asked)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["office", "deputy"])
    acting.refresh_from_db()
    assert (acting.until, Appointment.objects.acting().count()) == (LAST, 1)


def test_residents_and_visitors_do_not_come_in(client, chair, colleague):
    acting = depute(chair, colleague)
    addresses = ["/me/offices/", f"/me/offices/{acting.pk}/recall/"]
    assert [client.post(address)["Location"].split("?")[0] for address in addresses] == ["/login/"] * 2
    build.sign_in(client, build.person("住户"))
    assert [client.post(address).status_code for address in addresses] == [403, 403]
    build.sign_in(client, chair, second_factor=False)
    assert [client.post(address)["Location"].split("?")[0] for address in addresses] == ["/me/second/"] * 2
    acting.refresh_from_db()
    assert acting.until == LAST


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"deputy": ""}, {"deputy": ["This field is required."]}),
        ({"since": "2026-11-17"}, {"since": ["This day is over. Please choose today or a later day."]}),
        ({"until": "9999-12-31"}, {"until": ["Please choose a day within the next 12 months."]}),
        ({"since": "0001-01-01"}, {"since": ["This day is over. Please choose today or a later day."]}),
        ({"until": "soon"}, {"until": ["Enter a valid date."]}),
        (
            {"until": "2026-11-19"},
            {"__all__": ["The last day lies before the first day. Please change one of them."]},
        ),
        (
            {"until": "2027-02-18"},
            {"__all__": ["A deputy acts for 90 days at most. Please choose an earlier day."]},
        ),
    ],
)
def test_bad_input_keeps_what_was_typed(client, chair, colleague, wrong, errors):
    build.sign_in(client, chair)
    asked = {"office": str(office(chair).pk), "deputy": str(colleague.pk)} | DAYS | wrong
    answer = client.post("/me/offices/", asked)
    form = answer.context["form"]
    assert (answer.status_code, dict(form.errors)) == (422, errors)
    assert {name: form[name].value() for name in asked} == asked
    assert Event.objects.count() == 0


def test_only_possible_deputies_are_offered_each_once(client, group, chair, colleague):
    Appointment.objects.create(
        user=colleague, body=build.body(build.community()), role=RoleKey.HANDLER, since=build.LONG_AGO
    )
    build.staff("外人", build.body(build.courtyard("同安苑")), RoleKey.CHAIR)
    form = build.sign_in(client, chair).get("/me/offices/").context["form"]
    assert form.fields["deputy"].choices == [
        ("", "Please choose"),
        (str(colleague.pk), "老周 · 槐荫里议事小组, 金鱼街社区议事小组"),
    ]
    assert [name for _, name in form.fields["office"].choices] == [
        "召集人 · 槐荫里议事小组 · 程小禾",
        "Moderator · 槐荫里议事小组 · 老周",
    ]


def test_whoever_is_alone_reads_why_there_is_nobody_to_choose(chair):
    assert "there is nobody to choose" in page(chair)


def test_the_page_asks_the_database_the_same_at_any_length(client, group, chair, colleague):
    build.sign_in(client, chair)
    counts = []
    for number in (1, 30):
        while Appointment.objects.acting().count() < 2 * number:
            absent = build.staff("缺席", group, RoleKey.HANDLER)
            depute(absent, colleague, by=chair)
            absent_too = build.staff("也缺席", group, RoleKey.HANDLER)
            depute(absent_too, chair)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get("/me/offices/").context
        counts.append((len(shown["others"]), len(shown["acted_in"]), len(queries)))
    assert [count[:2] for count in counts] == [(3, 1), (61, 30)]
    assert counts[0][2] == counts[1][2] <= 12
