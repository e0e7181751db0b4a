"""Nobody, the operator and a superuser included, can open a page or find a row that tells how an open vote stands."""

import datetime as dt
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image

from adapters import clock as wall
from adapters import live
from ledger import following
from people.models import User
from tests import build
from tests.house.test_access import addresses
from tests.voting import estate, slips, urn
from tests.voting.world import NOW, World
from voting import clock, paper, proxies, slip_making
from voting.models import Ballot, Owner, Reading, RollEntry, Slip
from voting.states import RollKind
from voting.tally import Rule

pytestmark = pytest.mark.django_db

LATE = urn.CLOSES + dt.timedelta(days=30)
COUNTED_DOORS = ("result/", "tally.jsonl")
TOKEN = r"\b(?=\w*[G-Zg-z])[A-Za-z0-9]{64}\b|name=\"key\" value=\"[-0-9a-f]{36}\""
EVERYBODY = (
    "guest", "voted", "waiting", "holder", "stranger", "chair", "clerk", "moderator", "decider", "supervisor",
    "operator", "superuser",
)  # fmt: skip
ADMINISTRATORS = ("operator", "superuser")
NOT_OURS = ("login/", "me/", "_util/", "display/", "healthz", "readyz", "new/", "photos/", "cms/failwhale/")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(wall, "now", lambda: NOW)
    return World()


# ── pages ────────────────────────────────────────────────────────────────────


def pages(world: World, role: str) -> list[str]:
    """Every address of the platform that concerns a vote; the editors' admin too for those who run the machine."""
    found = {"/", "/search/?q=路灯", f"/ballots/{world.named.pk}/result/?receipt=AAAA-AAAA"}
    for address, _pattern in addresses():
        if address.startswith(NOT_OURS) or "(?P" in address or "^" in address:
            continue
        if address.startswith("cms/") and role not in ADMINISTRATORS:
            continue
        for values in world.values(address):
            filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda place, of=values: str(of.get(place[1], 1)), address)
            found.add(f"/{filled}")
    return sorted(found)


def neutral(answer: Any) -> str:
    """What is random in every answer left out."""
    body = b"".join(answer) if answer.streaming else answer.content
    text = body.decode(errors="replace") if "pdf" not in answer.get("Content-Type", "") else ""
    text = re.sub(TOKEN, "", text)
    return f"{answer.status_code} {answer.get('Location', '')} {text}"


def seen(world: World, role: str, asked: list[str] | None = None) -> dict[str, str]:
    """Each page as this person sees it; nothing that looking does stays."""
    cache.clear()
    with transaction.atomic():
        client = world.client(role)
        found = {page: neutral(client.get(page)) for page in asked or pages(world, role)}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_page_differs_by_what_was_chosen(world: World, role: str) -> None:
    before = seen(world, role)
    world.turn()
    after = seen(world, role)
    assert {page for page in before if before[page] != after[page]} == set()
    assert {page for page in before if before[page].startswith("5")} == set()
    assert len([page for page in before if before[page].startswith("200")]) > 15


def test_the_comparison_sees_what_was_chosen_once_it_is_counted(world: World) -> None:
    doors = [f"/ballots/{ballot.pk}/{name}" for ballot in (world.secret, world.named) for name in COUNTED_DOORS]
    asked, shown = [*doors, f"/cases/{world.court.case.number}/"], []
    for _turn in range(2):
        with transaction.atomic():
            for _longer in range(2):
                clock.sweep(LATE)
            shown.append(seen(world, "guest", asked))
            transaction.set_rollback(True)
        world.turn()
    assert [page for page in asked if shown[0][page] != shown[1][page]] == asked


@pytest.mark.parametrize("role", EVERYBODY)
def test_before_the_count_nobody_gets_a_tally_file(world: World, role: str) -> None:
    client = world.client(role)
    answers = [client.get(f"/ballots/{ballot.pk}/tally.jsonl") for ballot in (world.secret, world.named)]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("role", EVERYBODY)
def test_before_the_count_nobody_learns_whether_a_receipt_is_in_the_urn(world: World, role: str) -> None:
    """A code that was handed out and one that was not give the same page."""
    client = world.client(role)
    for ballot, code in ((world.secret, world.secret.receipts.all()[0].code), (world.named, _code(world.named))):
        shown = [
            neutral(client.get(f"/ballots/{ballot.pk}/result/", {"receipt": asked})).replace(asked, "CODE")
            for asked in (code, "AAAA-AAAA")
        ]
        assert shown[0] == shown[1]


def _code(ballot: Ballot) -> str:
    return ballot.papers.effective()[0].receipt


# ── what is kept ─────────────────────────────────────────────────────────────

KEYS = {"qzx7": "红砖步道", "wvk3": "蓝色雨棚", "jyh5": "绿漆长椅"}
SAYS = re.compile("|".join((*KEYS, *KEYS.values())))


class Votes:
    """Two ballots whose options are words that stand nowhere else; everybody votes through the pages."""

    def __init__(self) -> None:
        self.here = build.courtyard()
        self.clerks = slips.clerks(3, self.here)
        self.neighbours = urn.neighbours(3, self.here)
        self.owners = estate.flats(self.here, 3)
        self.secret = self._call("approval", chain="case:" + "e" * 32)
        self.named = self._call("options", roll_kind=RollKind.OWNERS)
        self.holder = build.person("受托人", build.courtyard("同安苑"))
        facts: dict[str, Any] = {"scope": "由他决定", "until": self.named.closes_at, "at": NOW}
        giver = self.owners[1]
        self.proxy = proxies.give(self.right(giver), holder=self.holder, by=estate.account(giver), **facts)
        self.slips = [self._slip(), self._named_slip()]

    def _call(self, method: str, **facts: Any) -> Ballot:
        ballot = urn.call(self.here, rule=Rule(method=method, options=tuple(KEYS)), options=KEYS, **facts)
        clock.sweep(urn.AT)
        return Ballot.objects.get(pk=ballot.pk)

    def right(self, owner: Owner) -> RollEntry:
        return self.named.entries.get(owner=owner)

    def _slip(self) -> Slip:
        [slip] = slip_making.make_blank(self.secret, 1, by=self.clerks[0], at=NOW)
        paper.mark(self.secret.entries.get(voter=self.neighbours[2]), by=self.clerks[0], at=NOW)
        return slip

    def _named_slip(self) -> Slip:
        [slip] = slip_making.make_out(self.named, [self.right(self.owners[2])], by=self.clerks[0], at=NOW)
        return slip

    def cast(self) -> list[int]:
        """On the web, by proxy and on paper; returns how the pages answered."""
        some = {"choice": ["qzx7", "jyh5"], "mine": "on"}
        each = {"choice_qzx7": "yes", "choice_wvk3": "no", "choice_jyh5": "abstain", "mine": "on"}
        answers = [self._post(voter, f"ballots/{self.secret.pk}", some) for voter in self.neighbours[:2]]
        answers += [self._post(estate.account(self.owners[0]), f"ballots/{self.named.pk}", each) for _twice in range(2)]
        answers += [self._post(self.holder, f"proxies/{self.proxy.pk}", each)]
        return [*answers, *self._key_in()]

    def _post(self, voter: User, where: str, said: dict[str, Any]) -> int:
        client = build.sign_in(Client(), voter)
        client.post(f"/{where}/confirm/", said)
        return client.post(f"/{where}/cast/", said).status_code

    def _key_in(self) -> Iterator[int]:
        for slip, typed in zip(self.slips, ("1 3", "1 2 3"), strict=True):
            sent = {"slip": slip.serial, "scan": SimpleUploadedFile("slip.png", picture(), "image/png")}
            yield build.sign_in(Client(), self.clerks[0]).post(f"/ballots/{slip.ballot_id}/paper/in/", sent).status_code
            for clerk in self.clerks[:2]:
                client = build.sign_in(Client(), clerk)
                yield client.post(f"/ballots/{slip.ballot_id}/paper/{slip.serial}/", {"typed": typed}).status_code


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 40), 255).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def votes(monkeypatch: pytest.MonkeyPatch) -> Votes:
    monkeypatch.setattr(wall, "now", lambda: NOW)
    return Votes()


def rows() -> dict[tuple[str, Any], str]:
    """Every row of every table, as it can be read."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            said = row.get_decoded() if isinstance(row, Session) else vars(row)
            found[model._meta.label, row.pk] = repr({key: said[key] for key in said if key != "_state"})
    return found


def telling(kept: dict[tuple[str, Any], str]) -> dict[tuple[str, Any], str]:
    return {row: text for row, text in kept.items() if SAYS.search(text)}


def test_no_row_of_any_table_tells_a_choice(votes: Votes) -> None:
    before = telling(rows())
    assert {label for label, _pk in before} == {"voting.Ballot", "ledger.Event", "ledger.Text"}
    assert votes.cast() == [302] * 11
    following.drain(NOW)
    assert telling(rows()) == before
    assert [ballot.papers.effective().count() for ballot in (votes.secret, votes.named)] == [3, 3]


def test_no_log_line_tells_a_choice(votes: Votes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        votes.cast()
        clock.sweep(NOW)
        following.drain(NOW)
    assert SAYS.findall(caplog.text) == []


def test_no_socket_is_told_a_choice(
    votes: Votes, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[str] = []
    monkeypatch.setattr(live, "_spread", lambda *message: told.append(repr(message)))
    with django_capture_on_commit_callbacks(execute=True):
        votes.cast()
        following.drain(NOW)
    assert told
    assert [message for message in told if SAYS.search(message)] == []


def test_no_file_and_no_cache_tells_a_choice(votes: Votes, data_dir: Path) -> None:
    """Mail, text messages, the search index, scans; a scan is no picture that anybody can open."""
    votes.cast()
    following.drain(NOW)
    files = {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()}
    assert len([path for path in files if "slips" in path.parts]) == 2
    assert [path for path, kept in files.items() if SAYS.search(kept.decode(errors="replace"))] == []
    assert [path for path, kept in files.items() if kept[:2] in (b"\xff\xd8", b"\x89P")] == []
    assert SAYS.findall(repr(cached())) == []


def cached() -> list[Any]:
    inside = cache._cache  # type: ignore[attr-defined]
    if isinstance(inside, dict):
        return list(inside.values())
    redis = inside.get_client()
    return [redis.get(key) for key in redis.scan_iter() if redis.type(key) == b"string"]


def test_a_secret_slip_keeps_no_time_of_its_own(votes: Votes) -> None:
    votes.cast()
    times = {*votes.secret.slips.values_list("returned_at", flat=True)}
    times |= {*Reading.objects.filter(slip__ballot=votes.secret).values_list("at", flat=True)}
    assert times == {votes.secret.opens_at}
