"""What a page of a vote costs does not grow with the roll, the papers and what was written: queries and length."""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from adapters import clock as wall
from people.models import Residence, ResidenceState, User
from tests import build
from tests.voting import estate, slips, urn
from tests.voting.test_pages import queries
from voting.models import Ballot, Objection, Owner, Proxy, RollClaim, RollCorrection, RollEntry, Slip, Unit
from voting.states import ChangeKind, Ruling, SlipFault, SlipState

pytestmark = pytest.mark.django_db

NOW = urn.AT + dt.timedelta(hours=3)
SIZES = (1, 30, 300)
CHAINS = itertools.count(1)


class Place:
    """A courtyard in which there is so much of everything that a vote collects."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.here = build.courtyard(f"{size}户院")
        self.clerks = slips.clerks(2, self.here)
        self.judge = estate.chair(self.here.get_parent(), f"主任{size}")
        self.people = self._people()
        self._register()
        self.named, self.counted, self.secret = (self._call(kind) for kind in (estate.call, estate.call, urn.call))
        for ballot in (self.named, self.counted, self.secret):
            self._papers(ballot)
        self._requests()
        self._count()

    def _people(self) -> list[User]:
        fields: dict[str, Any] = {"joined_at": urn.AT, "adult_attested_at": urn.AT}
        people = User.objects.bulk_create(User(name=f"邻居{n}", **fields) for n in range(self.size))
        home: dict[str, Any] = {"courtyard": self.here, "building": "3", "state": ResidenceState.VERIFIED}
        times: dict[str, Any] = {"claimed_at": urn.AT, "checked_at": urn.AT}
        Residence.objects.bulk_create(
            Residence(user=who, door=str(n), household=f"{self.here.pk}-{n}", **home | times)
            for n, who in enumerate(people)
        )
        return people

    def _register(self) -> None:
        owners = Owner.objects.bulk_create(Owner(area=self.here, name=who.name, user=who) for who in self.people)
        units = Unit.objects.bulk_create(
            Unit(area=self.here, building="3栋", entrance="1单元", door=f"{n + 101}", floor_area=8_000, voter=owner)
            for n, owner in enumerate(owners)
        )
        owned = Unit.owners.through
        owned.objects.bulk_create(owned(unit_id=unit.pk, owner_id=unit.voter_id) for unit in units)

    def _call(self, call: Any) -> Ballot:
        ballot: Ballot = call(self.here, chain=f"case:{next(CHAINS):032}")
        Ballot.objects.filter(pk=ballot.pk).update(state="open")
        return Ballot.objects.get(pk=ballot.pk)

    def _papers(self, ballot: Ballot) -> None:
        """A slip that waits for each right, and one that does not count."""
        entries = ballot.entries.order_by("pk") if ballot.is_named else [None] * self.size
        self._slips(ballot, entries, state=SlipState.RETURNED)
        self._slips(ballot, entries, state=SlipState.INVALID, fault=SlipFault.UNSIGNED)

    def _slips(self, ballot: Ballot, entries: Iterable[RollEntry | None], **facts: Any) -> None:
        numbers = itertools.count(Slip.objects.count())
        Slip.objects.bulk_create(
            Slip(ballot=ballot, serial=f"204-817-{next(numbers):04}", entry=entry, returned_at=urn.AT, **facts)
            for entry in entries
        )

    def _requests(self) -> None:
        clerk, other = self.clerks
        asked: dict[str, Any] = {"asked_by": clerk, "asked_at": NOW, "reason": "量错了"}
        made = {"ruling": Ruling.ACCEPTED, "made_by": other, "made_at": NOW}
        unit: dict[str, Any] = {"kind": ChangeKind.AREA, "facts": {"unit": ["3栋 1**", 8_000], "area": 8_100}}
        entries = list(self.named.entries.order_by("pk"))
        for facts in ({}, made):
            RollCorrection.objects.bulk_create(
                RollCorrection(ballot=self.named, entry=entry, **asked | unit | facts) for entry in entries
            )
        times: dict[str, Any] = {"made_at": NOW, "due_at": NOW}
        RollClaim.objects.bulk_create(
            RollClaim(ballot=self.secret, by=who, home="3-1-101", **times) for who in self.people
        )
        Objection.objects.bulk_create(
            Objection(ballot=self.counted, by=who, grounds="三栋的票没有签名。", **times) for who in self.people
        )
        lasts: dict[str, Any] = {"given_at": NOW, "until": urn.CLOSES, "scope": "由他决定", "recorded_by": clerk}
        Proxy.objects.bulk_create(Proxy(entry=entry, holder=self.judge, **lasts) for entry in entries)

    def _count(self) -> None:
        """As a count leaves it; what it is made of does not matter here."""
        heads = [0, 0]
        tally = {"method": "yes_no", "result": "no_quorum", "winners": [], "roll": [self.size, 8_000 * self.size]}
        tally |= dict.fromkeys(("papers", "yes", "no", "abstain"), heads)
        facts: dict[str, Any] = {"state": "closed", "result": "no_quorum", "tally": tally}
        Ballot.objects.filter(pk=self.counted.pk).update(objections_until=urn.CLOSES, **facts)

    def pages(self) -> dict[str, tuple[User | None, str]]:
        named, counted, secret = (f"/ballots/{ballot.pk}/" for ballot in (self.named, self.counted, self.secret))
        clerk, voter, register = self.clerks[0], self.people[-1], f"/areas/{self.here.code}/register/"
        slip = self.named.slips.filter(state=SlipState.RETURNED)[0].serial
        token = self.named.entries.order_by("pk")[0].token
        claim = RollClaim.objects.filter(ballot=self.secret)[0].pk
        objection = Objection.objects.filter(ballot=self.counted)[0].pk
        proxy = Proxy.objects.filter(entry__ballot=self.named)[0].pk
        return {
            "list": (voter, "/ballots/"),
            "ballot": (voter, secret),
            "ballot named": (voter, named),
            "ballot of a clerk": (clerk, named),
            "result of an open vote": (None, f"{secret}result/"),
            "result": (None, f"{counted}result/?receipt=AAAA-AAAA"),
            "roll": (clerk, f"{named}roll/"),
            "claim": (self.judge, f"{named}roll/claim/"),
            "correct": (clerk, f"{named}roll/correct/"),
            "correct a right": (clerk, f"{named}roll/correct/{token}/"),
            "roll desk": (self.clerks[1], "/desk/rolls/"),
            "ruling": (clerk, f"/desk/rolls/claims/{claim}/"),
            "register": (None, register),
            "register of a clerk": (clerk, register),
            "register import": (clerk, f"{register}import/"),
            "paper desk": (clerk, f"{named}paper/"),
            "paper desk, searched": (clerk, f"{named}paper/?who=邻居"),
            "paper desk, secret": (clerk, f"{secret}paper/?who=邻居"),
            "key in": (clerk, f"{named}paper/{slip}/"),
            "uncounted": (None, f"{counted}uncounted/"),
            "uncounted before the end": (clerk, f"{named}uncounted/"),
            "proxies": (voter, f"{named}proxies/"),
            "proxies held": (self.judge, f"{named}proxies/"),
            "proxy": (self.judge, f"/proxies/{proxy}/"),
            "proxy record": (clerk, f"{named}proxies/record/"),
            "objections": (None, f"{counted}objections/"),
            "objection ruling": (self.judge, f"/objections/{objection}/ruling/"),
        }


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "now", lambda: NOW)


def measured(place: Place) -> dict[str, tuple[int, int]]:
    """How many queries each page takes, and how long it is."""
    found = {}
    for name, (who, page) in place.pages().items():
        client = build.sign_in(Client(), who) if who else Client()
        client.get(page)
        answers: list[Any] = []
        cost = queries(lambda client=client, page=page, answers=answers: answers.append(client.get(page)))
        assert (name, answers[0].status_code) == (name, 200)
        found[name] = cost, len(answers[0].content)
    return found


@pytest.fixture
def places() -> list[dict[str, tuple[int, int]]]:
    Place(2)  # votes that are not one's own
    return [measured(Place(size)) for size in SIZES]


BOUNDED = {"proxies held"}  # by the rules of the area: three in a vote
OPEN = {"proxy record"}  # a select with every right that is free


def test_no_page_asks_more_of_the_database_when_there_is_more(places: list[dict[str, tuple[int, int]]]) -> None:
    costs = {page: [place[page][0] for place in places] for page in places[0]}
    assert {page: cost for page, cost in costs.items() if len(set(cost)) > 1} == {}
    assert max(itertools.chain(*costs.values())) <= 20


def test_no_page_grows_without_end(places: list[dict[str, tuple[int, int]]]) -> None:
    """From the size of a full page on it stays as long as it is."""
    larger = measured(Place(2 * SIZES[-1]))
    grown = {page for page in larger if page != "list" and larger[page][1] > places[-1][page][1] * 1.02}
    assert grown == BOUNDED | OPEN


def test_the_list_of_votes_shows_twenty_of_each_kind(client: Client) -> None:
    urn.neighbours(1)
    model = urn.call()
    columns = {field.attname: getattr(model, field.attname) for field in Ballot._meta.fields if field.name != "id"}
    for state, opens_at in (("open", urn.AT), ("announced", urn.AT + dt.timedelta(days=1))):
        facts = columns | {"state": state, "opens_at": opens_at}
        Ballot.objects.bulk_create(Ballot(**facts | {"chain": f"case:{state}{n:025}"}) for n in range(30))
    shown = [client.get("/ballots/", {"more": n}).context for n in (1, 2)]
    assert [[len(page[kind]) for kind in ("open", "announced")] for page in shown] == [[20, 20], [11, 10]]
    assert not set(shown[0]["open"]) & set(shown[1]["open"])


def test_the_next_page_shows_the_rest() -> None:
    place = Place(130)
    client = build.sign_in(Client(), place.clerks[1])
    named, counted = f"/ballots/{place.named.pk}/", f"/ballots/{place.counted.pk}/"
    pages = {
        f"{counted}uncounted/?page=%s": ("page", 100, 30),
        f"{counted}objections/?page=%s": ("page", 20, 20),
        f"{named}roll/?page=%s": ("page", 100, 30),
        f"{named}roll/?more=%s": ("more", 20, 20),
        "/desk/rolls/?page=%s": ("page", 100, 30),
        "/desk/rolls/?more=%s": ("more", 20, 20),
    }
    shown = {page: [set(client.get(page % n).context[name]) for n in (1, 2)] for page, (name, *_n) in pages.items()}
    assert {page: [len(rows) for rows in found] for page, found in shown.items()} == {
        page: counts for page, (_name, *counts) in pages.items()
    }
    assert [page for page, (first, second) in shown.items() if first & second] == []
