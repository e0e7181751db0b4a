"""One right, one paper, between the opening and the close."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from ledger import chains, following
from ledger.models import Event
from notifications import readings
from notifications.models import Notice
from people.verdict import YES, Refused, Verdict
from tests import build
from tests.voting import urn
from voting import casting, clock, policies
from voting.models import Ballot, BallotPaper, Receipt, RollEntry
from voting.states import State

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def test_a_vote_leaves_a_mark_a_sealed_paper_and_a_receipt() -> None:
    voter, _other = urn.neighbours(2)
    ballot = urn.call()
    code = casting.cast(ballot, by=voter, choice="yes", at=urn.AT)
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", code)
    assert list(RollEntry.objects.filter(voted=True).values_list("voter", "channel")) == [(voter.pk, "web")]
    paper = BallotPaper.objects.get()
    assert (paper.ballot, paper.content, paper.entry) == (ballot, None, None)
    assert list(Receipt.objects.values_list("ballot", "code")) == [(ballot.pk, code)]


def test_no_column_joins_a_person_with_a_choice() -> None:
    columns = {model: {field.name for field in model._meta.fields} for model in (RollEntry, BallotPaper, Receipt)}
    assert columns == {
        RollEntry: {
            "id", "ballot", "token", "voter", "owner", "label", "units", "frozen", "floor_area", "voted", "channel",
        },
        BallotPaper: {"id", "ballot", "envelope", "content", "entry", "channel", "receipt", "superseded"},
        Receipt: {"id", "ballot", "code"},
    }  # fmt: skip
    voter, _other = urn.neighbours(2)
    casting.cast(urn.call(), by=voter, choice="yes", at=urn.AT)
    paper = BallotPaper.objects.get()
    assert (paper.entry, paper.channel, paper.receipt, paper.superseded) == (None, "", "", False)


def test_a_vote_is_no_event() -> None:
    voter, _other = urn.neighbours(2)
    ballot = urn.call()
    before = Event.objects.count()
    casting.cast(ballot, by=voter, choice="no", at=urn.AT)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        (urn.AT - SECOND, policies.NOT_YET),
        (urn.AT, YES),
        (urn.CLOSES - SECOND, YES),
        (urn.CLOSES, policies.OVER),
        (urn.CLOSES + SECOND, policies.OVER),
    ],
)
def test_the_clock_decides_to_the_second_even_when_no_sweep_has_run(at: dt.datetime, verdict: Verdict) -> None:
    [voter] = urn.neighbours(1)
    ballot = urn.call()
    assert policies.may_vote(voter, ballot, at) == verdict
    if verdict:
        assert casting.cast(ballot, by=voter, choice="yes", at=at)
    else:
        with pytest.raises(Refused) as refused:
            casting.cast(ballot, by=voter, choice="yes", at=at)
        assert (refused.value.verdict, BallotPaper.objects.count()) == (verdict, 0)


def test_a_closed_ballot_takes_no_vote_with_an_earlier_time() -> None:
    [voter] = urn.neighbours(1)
    ballot = urn.call()
    urn.count(ballot)
    with pytest.raises(Refused) as refused:
        casting.cast(ballot, by=voter, choice="yes", at=urn.AT)
    assert (refused.value.verdict, BallotPaper.objects.count()) == (policies.OVER, 0)


def test_a_second_vote_is_refused_and_the_first_stands() -> None:
    [voter] = urn.neighbours(1)
    ballot = urn.call()
    casting.cast(ballot, by=voter, choice="yes", at=urn.AT)
    with pytest.raises(Refused) as refused:
        casting.cast(ballot, by=voter, choice="no", at=urn.AT)
    assert refused.value.verdict == policies.VOTED
    assert urn.numbers(urn.count(ballot)) == urn.plain("passed", roll=1, yes=1)


def test_who_is_not_on_the_roll_casts_nothing() -> None:
    urn.neighbours(1)
    ballot = urn.call()
    with pytest.raises(Refused):
        casting.cast(ballot, by=build.person("外人", build.courtyard("同安苑")), choice="yes", at=urn.AT)
    assert (BallotPaper.objects.count(), Receipt.objects.count(), ballot.turnout) == (0, 0, 0)


def test_what_is_not_on_the_paper_cannot_be_chosen() -> None:
    [voter] = urn.neighbours(1)
    ballot = urn.call()
    with translation.override("en"), pytest.raises(Refused) as refused:
        casting.cast(ballot, by=voter, choice="maybe", at=urn.AT)
    assert str(refused.value.verdict.reason) == "This is no valid vote: Choose one of the three."
    assert (BallotPaper.objects.count(), ballot.turnout) == (0, 0)


def test_a_ballot_waits_for_those_who_have_not_voted() -> None:
    voter, other = urn.neighbours(2)
    ballot = urn.call()
    later = urn.call(chain="case:" + "d" * 32, closes_at=urn.AT + dt.timedelta(days=2), question="先截止的")
    urn.call(chain="case:" + "e" * 32, opens_at=urn.AT + dt.timedelta(days=1), question="还没开始")
    casting.cast(ballot, by=other, choice="yes", at=urn.AT)
    waiting = [list(Ballot.objects.open_for(who, urn.AT)) for who in (voter, other, build.person(), AnonymousUser())]
    assert waiting == [[later, ballot], [later], [], []]
    assert not Ballot.objects.open_for(voter, urn.CLOSES).filter(pk=ballot.pk).exists()


def test_the_roll_is_asked_and_each_voter_settles_their_own_notice() -> None:
    voter, other = urn.neighbours(2)
    ballot = urn.call()
    clock.sweep(urn.AT)
    following.drain(urn.AT)
    casting.cast(ballot, by=voter, choice="yes", at=urn.AT + dt.timedelta(hours=5))
    told = {notice.user_id: notice for notice in Notice.objects.filter(kind="ballot_opened")}
    assert {user: (notice.due_at, notice.done_at) for user, notice in told.items()} == {
        voter.pk: (urn.CLOSES, urn.AT),  # done as of the opening: when the vote came is not written down
        other.pk: (urn.CLOSES, None),
    }


def test_the_clock_opens_once() -> None:
    urn.neighbours(1)
    ballot = urn.call(opens_at=urn.AT + dt.timedelta(days=1))
    assert [clock.sweep(urn.AT), clock.sweep(urn.CLOSES - SECOND), clock.sweep(urn.CLOSES - SECOND)] == [0, 2, 0]
    assert Ballot.objects.get(pk=ballot.pk).state == State.OPEN
    kinds = Event.objects.filter(chain_id=urn.CHAIN).values_list("kind", flat=True)
    assert list(kinds) == ["ballot.called", "ballot.opened", "ballot.reminded"]


def test_the_notices_say_until_when_and_how_it_ended() -> None:
    voter, _other = urn.neighbours(2)
    chains.describe("case", lambda ids: {chain: chains.Link("充电棚", "/cases/1/") for chain in ids})
    ballot = urn.call()
    clock.sweep(urn.AT)
    casting.cast(ballot, by=voter, choice="yes", at=urn.AT)
    clock.sweep(urn.CLOSES)
    following.drain(urn.CLOSES)
    with translation.override("zh-hans"):
        told = readings.read(Notice.objects.filter(user=voter).order_by("pk"), voter)
    assert [(reading.title, reading.body) for reading in told] == [
        ("请您投票：充电棚", "11月25日（周三）10:00截止。不记名，一分钟就能投完。"),
        ("表决参与不足：充电棚", "2 人里 1 人投了票：同意 1，不同意 0，弃权 0。"),
    ]
    assert [reading.notice.url for reading in told] == [f"/ballots/{ballot.pk}/", f"/ballots/{ballot.pk}/result/"]
