"""kill -9 of a web process, again and again while people vote: what was acknowledged counts, and nothing counts twice.

Three visits in seven send their paper twice at once, so that three casts in ten are repeats. Whoever gets no answer
sends again, to whichever server is there.
"""

import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException

import pytest

from people.models import User
from tests import build
from tests.voting import estate, urn, web
from tests.voting.web import Browser, Page, Server
from voting import auditing, publishing
from voting import urn as papers_of
from voting.models import Ballot, BallotPaper, Receipt
from voting.states import Choice
from voting.verify_tally import Tally

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(300, 120, 2), pytest.param(5000, 2000, 20, marks=pytest.mark.soak)]
CLIENTS = 8
PATIENCE = 60.0


@dataclass(frozen=True)
class Visit:
    """Somebody sends the same paper from one device, or from two at once."""

    voter: int
    choice: str
    devices: list[Browser]


@dataclass
class Storm:
    """told: (voter, choice, code) of each answer. The code is empty where it said that this right was used before, and
    of owners' papers sent at once it is that of the last."""

    ballot: Ballot
    servers: list[Server]
    told: list[tuple[int, str, str]] = field(default_factory=list)
    unanswered: int = 0

    def visit(self, visit: Visit) -> None:
        with ThreadPoolExecutor(len(visit.devices)) as fingers:
            for page in fingers.map(lambda device: self._answer(device, visit.choice), visit.devices):
                assert page.status == 200, page.text
                self.told.append((visit.voter, visit.choice, page.code))

    def _answer(self, device: Browser, choice: str) -> Page:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                path = f"/ballots/{self.ballot.pk}/cast/"
                return device.post(random.choice(self.servers), path, choice=choice, mine="on")
            except (OSError, HTTPException):
                self.unanswered += 1
                time.sleep(0.05)
        raise TimeoutError(f"Nobody answers for {PATIENCE} seconds.")


def visits(people: list[User], choices: Sequence[Sequence[str]], casts: int) -> list[Visit]:
    """Everybody comes at least once. choices: what each may want."""
    repeats = casts * 3 // 10
    first = casts - repeats
    who = [*range(len(people)), *random.choices(range(len(people)), k=first - len(people))]
    random.shuffle(who)
    devices = iter(web.browsers([people[voter] for voter in (*who, *who[:repeats])]))
    coming = [Visit(voter, random.choice(choices[voter]), [next(devices)]) for voter in who]
    for visit in coming[:repeats]:
        visit.devices.append(next(devices))
    random.shuffle(coming)
    return coming


def play(ballot: Ballot, expected: list[Visit], kills: int) -> Storm:
    """All visits, with as many kills at random moments; each time the server comes back."""
    with web.serving() as servers, ThreadPoolExecutor(CLIENTS) as hands:
        storm = Storm(ballot, servers)
        coming = [hands.submit(storm.visit, visit) for visit in expected]
        for moment in sorted(random.uniform(0.1, 0.9) for _ in range(kills)):
            _wait_until(coming, moment)
            server = random.choice(servers)
            assert server.kill() == -signal.SIGKILL
            server.start()
            server.wait()
        for visit in coming:
            visit.result()
    assert storm.unanswered, "no kill came while somebody was waiting for an answer"
    return storm


def verified(ballot: Ballot) -> Ballot:
    """Counted, and found whole by us and by everybody."""
    counted = urn.count(ballot)
    assert list(auditing.check()) == []
    assert Tally(publishing.lines(counted), publishing.published(counted)).problems == []
    return counted


@pytest.mark.parametrize(("casts", "voters", "kills"), SIZES)
def test_every_acknowledged_secret_paper_is_counted_once(casts: int, voters: int, kills: int) -> None:
    people = urn.neighbours(voters)
    ballot = urn.call(**web.open_now())
    wanted = [random.choice(Choice.values) for _ in people]
    storm = play(ballot, visits(people, [[choice] for choice in wanted], casts), kills)
    counted, found = verified(ballot), Counter(wanted)
    result = "passed" if 2 * found["yes"] > voters else "not_passed"
    assert counted.tally == urn.plain(result, roll=voters, **found)
    codes = [code for _voter, _choice, code in storm.told if code]
    assert len(storm.told) == casts
    assert len(set(codes)) == len(codes) == len({voter for voter, _choice, code in storm.told if code})
    assert voters - storm.unanswered <= len(codes)
    assert set(codes) <= set(Receipt.objects.values_list("code", flat=True))
    assert Receipt.objects.count() == voters


@pytest.mark.parametrize(("casts", "voters", "kills"), SIZES)
def test_of_every_owner_the_last_acknowledged_paper_is_counted(casts: int, voters: int, kills: int) -> None:
    court = build.courtyard()
    people = [estate.account(owner) for owner in estate.flats(court, voters)]
    ballot = estate.call(court, **web.open_now())
    storm = play(ballot, visits(people, [Choice.values] * voters, casts), kills)
    counted = verified(ballot)
    places = {person.pk: n for n, person in enumerate(people)}
    papers = BallotPaper.objects.values_list("entry__voter", *papers_of.SEALED)
    laid = [(places[voter], sealed[-1], papers_of.unsealed(ballot.pk, *sealed)) for voter, *sealed in papers]
    assert {(voter, code) for voter, _choice, code in storm.told} <= {(voter, code) for voter, code, _said in laid}
    sent = Counter((voter, choice) for voter, choice, _code in storm.told)
    assert sent <= Counter((voter, said) for voter, _code, said in laid)
    assert casts == sent.total() <= len(laid) <= casts + storm.unanswered
    last = dict(BallotPaper.objects.effective().values_list("entry__voter", "content"))
    assert (last.keys(), BallotPaper.objects.effective().count()) == (places.keys(), voters)
    found = Counter(last.values())
    assert {choice: counted.tally[choice] for choice in Choice.values} == {
        choice: [found[choice], 8000 * found[choice]] for choice in Choice.values
    }


def _wait_until(coming: list[Future[None]], share: float) -> None:
    while sum(visit.done() for visit in coming) < share * len(coming):
        time.sleep(0.02)
