import datetime as dt

import pytest

from areas import policy
from ledger.actors import SYSTEM
from proposals.states import State
from tests import build
from tests.proposals.court import Court
from tests.proposals.desk_reading import groups, twin
from tests.proposals.reading import browser, text
from voting import casting
from voting.models import Ballot

pytestmark = pytest.mark.django_db
S = State


def test_my_matters_by_what_they_ask_of_me(court: Court) -> None:
    person = court.people["proposer"]
    running = court.to(S.DELIBERATING)
    back = twin(running, state=S.RETURNED, refusal="unclear")
    ended = twin(running, state=S.CLOSED, outcome="solved", closed_at=court.now, due_at=None, ring_at=None)
    foreign = {"proposer": court.people["neighbours"], "endorsements_needed": 5}
    twin(running, **foreign)
    twin(running, state=S.RETURNED, **foreign)
    twin(running, state=S.EVALUATING, **foreign)
    page = browser(person).get("/mine/")
    assert groups(page) == [("asked", 1, [back.number]), ("running", 1, [running.number]), ("ended", 1, [ended.number])]
    said = text(page)
    assert "It is not clear what happened or who is affected. Please complete it; the number stays the same" in said
    assert f'href="/cases/{back.number}/complete/"' in page.content.decode()
    assert build.body(court.courtyard).name in said and "working days left" in said


def test_a_draft_waits_for_who_writes_it(court: Court) -> None:
    court.draft()
    page = browser(court.people["proposer"]).get("/mine/")
    assert groups(page) == [("asked", 1, [None])]
    assert "Not filed yet: only you see it" in text(page) and 'href="/new/"' in page.content.decode()
    assert groups(browser(court.people["neighbours"]).get("/mine/")) == []


def test_proposer_and_endorsers_are_asked_to_judge_until_they_have(court: Court) -> None:
    case = court.to(S.EVALUATING)
    people = {"proposer": court.people["proposer"], "endorser": court.endorsers[0], "other": court.people["neighbours"]}
    before = {name: groups(browser(person).get("/mine/")) for name, person in people.items()}
    asked = [("asked", 1, [case.number])]
    assert before == {"proposer": asked, "endorser": asked, "other": []}
    court.people["endorser"] = court.endorsers[0]
    court.judge("endorser")
    assert groups(browser(court.endorsers[0]).get("/mine/")) == []


def test_a_refusal_stays_open_to_appeal_as_long_as_the_home_areas_rule_says(court: Court) -> None:
    case = court.to(S.REJECTED)
    person = browser(court.people["proposer"])
    page = person.get("/mine/")
    assert groups(page) == [("open", 1, [case.number])]
    assert f'href="/cases/{case.number}/move/appeal/"' in page.content.decode()
    assert "possible until" in text(page)
    policy.assign(court.courtyard, "case.appeal_within", {"n": 2, "unit": "day"}, by=SYSTEM, at=court.now)
    court.now += dt.timedelta(days=5)
    assert groups(person.get("/mine/")) == [("ended", 1, [case.number])]


def test_an_answer_can_be_had_reviewed_once(court: Court) -> None:
    case = court.to(S.DECIDED)
    person = browser(court.people["proposer"])
    page = person.get("/mine/")
    assert groups(page) == [("open", 1, [case.number])]
    assert f'href="/cases/{case.number}/move/ask_review/"' in page.content.decode()
    court.ask_review()
    assert groups(person.get("/mine/")) == [("running", 1, [case.number])]


def test_my_page_leads_to_my_matters(court: Court) -> None:
    person = browser(court.people["proposer"])
    case = court.to(S.SUBMITTED)
    assert 'href="/mine/"' in person.get("/me/").content.decode()
    assert case.number in text(person.get("/cases/?mine=1"))


def test_votes_wait_for_who_has_not_voted_yet(court: Court) -> None:
    court.to(S.VOTING)
    ballot = Ballot.objects.get()
    person, other = court.endorsers[:2]
    casting.cast(ballot, by=other, choice="yes", at=court.now)
    asked = {name: list(browser(who).get("/mine/").context["votes"]) for name, who in [("one", person), ("two", other)]}
    assert asked == {"one": [ballot], "two": []}
    said = text(browser(person).get("/mine/"))
    assert "Where I have not voted yet" in said
    assert ballot.question in said
