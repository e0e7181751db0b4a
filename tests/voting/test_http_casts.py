"""Two hundred devices send the vote of one person at the same moment, to a web server that really runs."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.utils import translation

from tests import build
from tests.voting import estate, urn, web
from tests.voting.web import Browser, Page, Server
from voting import auditing, policies
from voting import urn as papers_of
from voting.models import Ballot, BallotPaper, Receipt, RollEntry

pytestmark = pytest.mark.django_db(transaction=True)
DEVICES = 200
SENT = ("yes", "no", "abstain", "no") * (DEVICES // 4)


def storm(ballot: Ballot, devices: list[Browser]) -> list[Page]:
    """Each device sends a paper, all at once."""
    start = Barrier(len(devices))

    def send(device: Browser, choice: str, server: Server) -> Page:
        start.wait()
        return device.post(server, f"/ballots/{ballot.pk}/cast/", choice=choice, mine="on")

    with web.serving() as servers, ThreadPoolExecutor(len(devices)) as hands:
        return list(hands.map(send, devices, SENT, itertools.cycle(servers)))


def refusal() -> str:
    with translation.override("zh-hans"):
        return str(policies.VOTED.reason)


def test_of_two_hundred_secret_papers_of_one_person_one_goes_in_and_the_others_are_told_why() -> None:
    voter, _other = urn.neighbours(2)
    ballot = urn.call(**web.open_now())
    pages = storm(ballot, web.browsers([voter] * DEVICES))
    [code] = Receipt.objects.values_list("code", flat=True)
    assert Counter((page.status, page.code, refusal() in page.text) for page in pages) == {
        (200, code, False): 1,
        (200, "", True): DEVICES - 1,
    }
    [accepted] = [choice for page, choice in zip(pages, SENT, strict=True) if page.code]
    assert urn.count(ballot).tally == urn.plain("no_quorum", roll=2, **{accepted: 1})
    assert list(RollEntry.objects.filter(voted=True).values_list("voter", "channel")) == [(voter.pk, "web")]
    assert list(BallotPaper.objects.values_list("content", flat=True)) == [accepted]
    assert list(auditing.check()) == []


def test_of_two_hundred_named_papers_of_one_owner_each_has_a_receipt_and_the_last_one_counts() -> None:
    court = build.courtyard()
    owner = estate.account(estate.flat(court, door="101"))
    ballot = estate.call(court, **web.open_now())
    pages = storm(ballot, web.browsers([owner] * DEVICES))
    assert Counter((page.status, refusal() in page.text) for page in pages) == {(200, False): DEVICES}
    papers = BallotPaper.objects.filter(ballot=ballot, entry__voter=owner)
    said = {row[-1]: papers_of.unsealed(ballot.pk, *row) for row in papers.values_list(*papers_of.SEALED)}
    assert Counter(said.values()) == Counter(SENT)
    assert {page.code for page in pages} <= said.keys()
    assert Counter(BallotPaper.objects.values_list("superseded", flat=True)) == {False: 1, True: DEVICES - 1}
    [last] = papers.effective()
    tally = urn.count(ballot).tally
    assert {choice: tally[choice] for choice in ("yes", "no", "abstain")} == {
        choice: [1, 8000] if choice == said[last.receipt] else [0, 0] for choice in ("yes", "no", "abstain")
    }
    assert list(auditing.check()) == []
