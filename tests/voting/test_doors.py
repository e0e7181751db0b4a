"""Every door of a vote that takes something: who gets in, what garbage does, and that nobody loses what they typed."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from adapters import clock as wall
from tests import build
from tests.voting import estate, urn
from tests.voting.test_interim import EVERYBODY
from tests.voting.world import NOW, REASON, Street, photo
from voting import clock
from voting.models import Ballot
from voting.tally import Rule
from voting.urls import urlpatterns

pytestmark = pytest.mark.django_db

ANSWERS = (200, 302, 400, 403, 404, 405, 413, 422)


@pytest.fixture
def street(monkeypatch: pytest.MonkeyPatch) -> Street:
    monkeypatch.setattr(wall, "now", lambda: NOW)
    return Street()


def kept() -> list[str]:
    """All rows of the voting room."""
    return [
        repr(row)
        for model in apps.get_app_config("voting").get_models()
        for row in model.objects.order_by("pk").values()
    ]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def changes(client: Client, address: str, data: dict[str, Any]) -> bool:
    """Whether this changed anything; the answer was a page in any case."""
    with undone():
        before = kept()
        answer = client.post(address, data)
        assert answer.status_code in ANSWERS
        assert answer.status_code != 403 or len(reason(answer)) > 5
        return kept() != before


def reason(answer: Any) -> str:
    errors = answer.context["form"].non_field_errors() if "form" in answer.context else []
    verdict = getattr(answer.context.get("verdict"), "reason", "")
    return next(str(why) for why in (*errors, answer.context.get("reason"), verdict) if why)


def test_the_doors_are_all_doors_that_take_something(street: Street) -> None:
    reads = {
        "list", "receipt", "result", "tally_file", "verifier", "register", "register_preview", "roll", "roll_desk",
        "paper", "sheets", "scan", "uncounted", "proxies", "proxy_receipt", "proxy_letter", "objections",
    }  # fmt: skip
    hands = {"hands", "hands_confirm", "minutes"}  # a show of hands has tests of its own
    known = {name.partition(" ")[0] for name in street.doors()}
    assert known == {pattern.name for pattern in urlpatterns} - reads - hands


def test_each_door_lets_in_those_who_may(street: Street) -> None:
    let_in: dict[str, set[str]] = defaultdict(set)
    for role in (*EVERYBODY, "owner", "giver"):
        client = street.client(role)
        for name, (address, data) in street.doors().items():
            if changes(client, address, data):
                let_in[name].add(role)
    signed_in = {*EVERYBODY, "owner", "giver"} - {"guest"}
    assert let_in == {
        "cast": {"waiting"},
        "cast named": {"owner", "giver"},
        "objection_make": {"owner", "giver"},
        "objection_ruling": {"decider"},
        "claim": signed_in - {"owner", "giver"},
        "correct_right": {"chair", "clerk", "decider"},
        "ruling": {"clerk"},
        "correction": {"chair", "clerk", "decider"},
        "print_slips": {"clerk"},
        "print_slips secret": {"clerk"},
        "hand_in": {"clerk"},
        "mark": {"clerk"},
        "key_in": {"clerk"},
        "proxy_give": {"owner"},
        "proxy_record": {"clerk"},
        "proxy_cast": {"holder"},
        "proxy_revoke": {"giver"},
    }


MAY = {
    "receipt_sms": "voted",
    "cast": "waiting", "confirm": "waiting", "ballot": "waiting", "claim": "stranger", "correct": "chair",
    "correct_right": "chair", "correction": "chair", "objection_make": "owner", "objection_ruling": "decider",
    "cast named": "owner", "proxy_give": "owner", "proxy": "holder", "proxy_confirm": "holder",
    "proxy_cast": "holder", "proxy_revoke": "giver",
}  # fmt: skip


def who_may(name: str) -> str:
    return MAY.get(name, "clerk")


def test_without_the_token_of_the_form_nothing_is_taken(street: Street) -> None:
    for name, (address, data) in street.doors().items():
        client = build.sign_in(Client(enforce_csrf_checks=True), street._person(who_may(name)))
        before = kept()
        assert (name, client.post(address, data).status_code, kept() == before) == (name, 403, True)


POSTED = (
    "cast", "receipt_sms", "register_apply", "register_export", "correction", "print_slips", "hand_in", "mark",
    "unmark", "proxy_confirm", "proxy_cast", "proxy_revoke",
)  # fmt: skip


def test_doors_that_only_take_are_not_opened_by_looking(street: Street) -> None:
    refused = set()
    for name, (address, _data) in street.doors().items():
        before = kept()
        if street.client(who_may(name)).get(address).status_code == 405:
            refused.add(name.partition(" ")[0])
        assert kept() == before
    assert refused == set(POSTED)


@pytest.mark.parametrize("which", ["announced", "counted", "stopped", "unknown", "huge"])
def test_a_vote_that_is_not_open_takes_nothing(street: Street, which: str) -> None:
    """Before it opens slips are printed and claims heard; a slip that comes after the count is taken in as late."""
    pk: Any = {"unknown": 987_654, "huge": 10**30}.get(which) or getattr(street, which, street.named).pk
    if which == "stopped":
        Ballot.objects.filter(pk=pk).update(state="stopped")
    took = set()
    for name, (address, data) in street.doors().items():
        if name not in ("objection_make", "objection_ruling", "ruling", "correction") and address.startswith(
            "/ballots/"
        ):
            _start, _ballots, _pk, rest = address.split("/", 3)
            if changes(street.client(who_may(name)), f"/ballots/{pk}/{rest}", data):
                took.add(name)
    assert took == {"announced": {"claim", "print_slips secret"}, "stopped": {"hand_in"}}.get(which, set())


def test_what_belongs_to_another_vote_is_not_found_here(street: Street) -> None:
    clerk, chair = street.client("clerk"), street.client("chair")
    secret, named, token = street.secret.pk, street.named.pk, street.right(street.owners[4]).token
    entry = street.right(street.owners[4]).pk
    letter = {"phone": street.holder.phone, "name": street.holder.name, "scope": "x", "letter": photo()}
    before = kept()
    answers = [
        clerk.post(f"/ballots/{secret}/paper/{street.waiting_slip.serial}/", {"typed": "1"}),
        clerk.post(f"/ballots/{secret}/paper/roll/{entry}/mark/"),
        clerk.post(f"/ballots/{named}/paper/roll/{entry}/mark/"),
        clerk.post(f"/ballots/{secret}/paper/in/", {"slip": street.free_slip.serial}),
        clerk.post(f"/ballots/{street.counted.pk}/paper/print/", {"right": str(entry)}),
        clerk.post(f"/ballots/{street.counted.pk}/proxies/record/", letter | {"entry": entry}),
        chair.post(f"/ballots/{street.announced.pk}/roll/correct/{token}/", {"kind": "strike", "reason": REASON}),
        street.client("owner").post(f"/proxies/{street.free_proxy.pk}/cast/", {"choice_a": "yes", "mine": "on"}),
        street.client("decider").post(f"/objections/{street.objection.pk + 1}/ruling/", {"ruling": "note"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 422, 403, 422, 404, 404, 404]
    assert kept() == before


def test_the_clerk_of_another_courtyard_opens_nothing_here(street: Street) -> None:
    away = build.courtyard("同安苑")
    client = build.sign_in(Client(), estate.clerk(away, "别院文员"))
    refused = {name for name, (address, data) in street.doors().items() if not changes(client, address, data)}
    assert set(street.doors()) - refused == {"claim"}


# ── garbage ──────────────────────────────────────────────────────────────────

GARBAGE = (
    "", "x" * 20_000, "\x00", "yes\x00", "-1", "9" * 40, "１", "NaN", '["yes"]', "<script>alert(1)</script>",
    "'; DROP TABLE voting_ballot; --", "🙂" * 300,
)  # fmt: skip


def sent(client: Client, address: str, data: dict[str, Any]) -> int:
    with undone():
        answer = client.post(address, data)
        assert answer.status_code in ANSWERS, (address, data)
        assert b"<h1" in answer.content or answer.status_code in (302, 404, 405) or "Content-Disposition" in answer
        return answer.status_code


@pytest.mark.parametrize("garbage", GARBAGE, ids=[ascii(garbage[:12]) for garbage in GARBAGE])
def test_garbage_in_any_field_is_answered(street: Street, garbage: str) -> None:
    for name, (address, data) in street.doors().items():
        client = street.client(who_may(name))
        for field in data:
            sent(client, address, data | {field: garbage})
        sent(client, address, dict.fromkeys((*data, "right", "owner", "all", "who", "first", "second"), garbage))
        sent(client, address, data | {"more": garbage, "state": garbage, garbage[:30]: garbage})


@pytest.mark.parametrize("garbage", GARBAGE, ids=[ascii(garbage[:12]) for garbage in GARBAGE])
def test_garbage_behind_an_address_is_answered(street: Street, garbage: str) -> None:
    secret, named, code = street.secret.pk, street.named.pk, street.here.code
    pages = [
        "/ballots/", f"/ballots/{street.counted.pk}/result/", f"/ballots/{named}/roll/", f"/areas/{code}/register/",
        f"/ballots/{secret}/paper/", f"/ballots/{named}/paper/slips.pdf", "/desk/rolls/",
        f"/desk/rolls/claims/{street.claimed}/",
    ]  # fmt: skip
    asked = dict.fromkeys(("page", "receipt", "part", "who", "slip", "home"), garbage)
    client = street.client("clerk")
    assert {client.get(page, asked).status_code for page in pages} <= {200, 404}
    token = quote(garbage.replace("/", "")[:500] or "x")
    assert street.client("chair").get(f"/ballots/{named}/roll/correct/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"choice": "yes", "mine": "on"}'),
        ("application/json", b'{"choice":'),
        ("application/x-www-form-urlencoded", b"choice=yes&choice=no&mine=on&mine=off"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1200))),
        ("application/x-www-form-urlencoded", b"choice=" + b"y" * 3_000_000),
        ("application/x-www-form-urlencoded", b"choice=%ff%fe&typed=%00"),
        ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
        ("multipart/form-data", b"no boundary"),
        ("text/plain; charset=nonsense", b"yes"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"choice=yes"),
    ],
)
def test_a_body_of_another_kind_is_answered(street: Street, kind: str, body: bytes) -> None:
    for name, (address, _data) in street.doors().items():
        answer = street.client(who_may(name)).generic("POST", address, body, content_type=kind)
        assert answer.status_code in ANSWERS


FILES = {
    "no picture": SimpleUploadedFile("a.png", b"not a picture", "image/png"),
    "a broken picture": SimpleUploadedFile("a.png", photo().read()[:60], "image/png"),
    "a page": SimpleUploadedFile("a.html", b"<script>alert(1)</script>", "text/html"),
    "another kind": SimpleUploadedFile("a.gif", b"GIF89a" + b"\0" * 40, "image/gif"),
    "a vector": SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    "nothing": SimpleUploadedFile("a.png", b"", "image/png"),
    "an odd name": SimpleUploadedFile("../../../etc/a\n.png", b"x", "image/png"),
}


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
@pytest.mark.parametrize("name", ["hand_in", "proxy_record", "register_import"])
def test_a_file_that_is_no_such_thing_is_refused_in_words(street: Street, name: str, file: SimpleUploadedFile) -> None:
    field = {"hand_in": "scan", "proxy_record": "letter", "register_import": "file"}[name]
    address, data = street.doors()[name]
    file.seek(0)
    before = kept()
    answer = street.client("clerk").post(address, data | {field: file})
    assert (answer.status_code, kept() == before) == (422, True)
    if name == "register_import":
        assert answer.context["form"].errors or answer.context["reading"].problems
    else:
        assert answer.context["taken" if name == "hand_in" else "form"].errors[field]


@pytest.mark.parametrize(("name", "field", "size"), [("hand_in", "scan", 26), ("register_import", "file", 6)])
def test_a_file_that_is_too_big_is_refused_in_words(street: Street, name: str, field: str, size: int) -> None:
    address, data = street.doors()[name]
    big = SimpleUploadedFile("a.png", b"\0" * size * 2**20, "image/png")
    answer = street.client("clerk").post(address, data | {field: big})
    assert (answer.status_code, f"{size - 1} MB" in answer.content.decode()) == (422, True)


# ── what was typed stays ─────────────────────────────────────────────────────

TYPED = "这是我写了很久的一段话。"
KEPT = {
    "objection_ruling": ("decider", {"reason": TYPED}),
    "claim": ("stranger", {"text": TYPED}),
    "correct": ("chair", {"reason": TYPED}),
    "correct_right": ("chair", {"reason": TYPED, "kind": "area", "unit": "0"}),
    "proxy_give": ("owner", {"scope": TYPED, "phone": "13800000000"}),
    "proxy_record": ("clerk", {"scope": TYPED}),
    "key_in": ("clerk", {"typed": TYPED}),
    "hand_in": ("clerk", {"slip": TYPED}),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_was_typed_stays_in_a_form_that_is_refused(street: Street, name: str) -> None:
    role, data = KEPT[name]
    answer = street.client(role).post(street.doors()[name][0], data)
    assert (answer.status_code, TYPED in answer.content.decode()) == (422, True)


def test_what_was_typed_stays_when_the_rules_refuse_it(street: Street) -> None:
    """The form is sound; the vote has changed meanwhile."""
    pages = []
    for name, role, field in (("objection_make", "owner", "grounds"), ("claim", "stranger", "text")):
        address, data = street.doors()[name]
        client = street.client(role)
        answers = [client.post(address, data | {field: TYPED}) for _twice in range(2)]
        pages.append((name, [answer.status_code for answer in answers], TYPED in answers[1].content.decode()))
    assert pages == [("objection_make", [302, 403], True), ("claim", [302, 403], True)]


# ── every way of voting ──────────────────────────────────────────────────────

METHODS: dict[str, tuple[dict[str, Any], Any]] = {
    "options": ({"choice_a": "yes", "choice_b": "no"}, {"a": "yes", "b": "no"}),
    "approval": ({"choice": ["b", "a"]}, ["a", "b"]),
    "ranked": ({"place_a": "2", "place_b": "1"}, ["b", "a"]),
    "score": ({"score_a": "0", "score_b": "5"}, {"a": 0, "b": 5}),
    "knapsack": ({"choice": ["a"]}, ["a"]),
    "equal_shares": ({"none": "on"}, []),
}


@pytest.mark.parametrize("method", METHODS)
def test_a_vote_of_every_kind_is_cast_through_the_pages(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    monkeypatch.setattr(wall, "now", lambda: urn.AT)
    voter, _other = urn.neighbours(2)
    money: dict[str, Any] = (
        {"costs": {"a": 300, "b": 200}, "budget": 400} if method in ("knapsack", "equal_shares") else {}
    )
    ballot = urn.call(rule=Rule(method=method, options=("a", "b"), **money), options={"a": "长椅", "b": "雨棚"})
    clock.sweep(urn.AT)
    said, content = METHODS[method]
    client = build.sign_in(Client(), voter)
    checked = client.post(f"/ballots/{ballot.pk}/confirm/", said)
    sent_on = dict.fromkeys(name for name, _value in checked.context["sent"])
    assert sent_on.keys() == said.keys()
    assert client.post(f"/ballots/{ballot.pk}/cast/", said | {"mine": "on"}).status_code == 302
    assert [paper.content for paper in urn.count(ballot).papers.all()] == [content]
