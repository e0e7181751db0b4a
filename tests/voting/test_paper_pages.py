"""The paper desk as a clerk uses it, without a script; and what everybody else sees of it."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from adapters import clock as wall
from ledger.models import Event
from people.roles import RoleKey
from tests import build
from tests.voting import slips, urn
from tests.voting.slips import AT, HOUR
from voting import clock, keying, paper, paper_forms
from voting.keying import Said
from voting.models import Ballot, Reading, Slip
from voting.states import SlipFault
from voting.tally import Rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    moment = {"now": AT}
    monkeypatch.setattr(wall, "now", lambda: moment["now"])
    return moment


def page(name: str, ballot: Ballot, *more: Any) -> str:
    return reverse(f"voting:{name}", args=[ballot.pk, *more])


def body(answer: Any) -> str:
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def desk(named: bool = True) -> tuple[Ballot, list[Client], list[Any]]:
    """A ballot, its three clerks at their screens, and those on the roll."""
    voters = slips.flats(4) if named else urn.neighbours(4)
    ballot = slips.named() if named else slips.secret()
    return ballot, [build.sign_in(Client(), clerk) for clerk in slips.clerks()], voters


def taken_in(ballot: Ballot, client: Client, owner: Any) -> Slip:
    client.post(page("print_slips", ballot), {"right": slips.right(ballot, owner).pk})
    slip = Slip.objects.get(entry__owner=owner)
    client.post(page("hand_in", ballot), {"slip": slip.serial})
    return slip


def test_a_named_slip_from_the_printer_to_the_urn() -> None:
    ballot, (first, second, _third), owners = desk()
    assert first.post(page("print_slips", ballot), {"all": "1"})["Location"] == page("paper", ballot)
    pdf = first.get(page("sheets", ballot))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    slip = Slip.objects.get(entry__owner=owners[0])
    scanned = f"http://localhost:8000/ballots/{ballot.pk}/?slip={slip.serial}"
    assert first.post(page("hand_in", ballot), {"slip": scanned})["Location"] == page("paper", ballot)
    for client in (first, second):
        assert page("key_in", ballot, slip.serial) in body(client.get(page("paper", ballot)))
        done = client.post(page("key_in", ballot, slip.serial), {"typed": "1"})
        assert done["Location"] == page("paper", ballot)
    slip.refresh_from_db()
    assert (slip.state, urn.count(ballot).tally["yes"]) == ("valid", [1, 8000])


def test_after_one_slip_comes_the_next() -> None:
    ballot, (first, *_), owners = desk()
    one, two = sorted(taken_in(ballot, first, owner).serial for owner in owners[:2])
    assert first.post(page("key_in", ballot, one), {"typed": "2"})["Location"] == page("key_in", ballot, two)


def test_what_cannot_be_understood_is_kept_and_explained() -> None:
    ballot, (first, *_), owners = desk()
    slip = taken_in(ballot, first, owners[0])
    for typed in ("7", "-9", "12", "yes", "²"):
        answer = first.post(page("key_in", ballot, slip.serial), {"typed": typed})
        shown = body(answer)
        assert (answer.status_code, f'value="{typed}"' in shown, "typed_error" in shown) == (422, True, True)
    empty = first.post(page("key_in", ballot, slip.serial), {"typed": ""})
    assert (empty.status_code, Reading.objects.count()) == (422, 0)


def test_who_comes_too_late_with_a_reading_reads_why_and_sees_what_they_typed() -> None:
    ballot, clients, owners = desk()
    slip = taken_in(ballot, clients[0], owners[0])
    for client in clients[:2]:
        client.post(page("key_in", ballot, slip.serial), {"typed": "3"})
    answer = clients[2].post(page("key_in", ballot, slip.serial), {"typed": "-3"})
    shown = body(answer)
    assert (answer.status_code, answer.context["verdict"]) == (403, keying.READ)
    assert ("-3" in shown, "<form" in shown) == (True, False)


@pytest.mark.parametrize("typed", ["1", "2", "3", "-1"])
def test_no_page_shows_what_another_clerk_keyed_in(typed: str) -> None:
    """Whatever the first keyed in, all pages of the second are the same."""
    ballot, (first, second, _third), owners = desk()
    slip = taken_in(ballot, first, owners[0])
    names = [page("paper", ballot), page("key_in", ballot, slip.serial), page("uncounted", ballot)]
    before = [body(second.get(name)) for name in names]
    first.post(page("key_in", ballot, slip.serial), {"typed": typed})
    assert [_plain(body(second.get(name))) for name in names] == [_plain(shown) for shown in before]


def _plain(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "TOKEN", text)


def test_a_secret_voter_is_marked_and_the_slip_taken_in_apart() -> None:
    ballot, (first, *_), voters = desk(named=False)
    first.post(page("print_slips", ballot), {"count": "2"})
    slip = ballot.slips.all()[0]
    early = first.post(page("hand_in", ballot), {"slip": slip.serial})
    shown = body(early)
    assert (early.status_code, str(paper.UNMARKED.reason) in shown, slip.serial in shown) == (422, True, True)
    entry = ballot.entries.get(voter=voters[1])
    assert page("mark", ballot, entry.pk) in body(first.get(page("paper", ballot), {"who": voters[1].name}))
    first.post(page("mark", ballot, entry.pk))
    first.post(page("hand_in", ballot), {"slip": slip.serial})
    slip.refresh_from_db()
    assert (slip.state, slip.returned_at, paper.figures(ballot).marked) == ("returned", ballot.opens_at, 1)
    first.post(page("unmark", ballot, entry.pk))
    assert paper.figures(ballot).marked == 1


def test_a_mark_is_taken_back_while_its_slip_is_missing() -> None:
    ballot, (first, *_), voters = desk(named=False)
    entry = ballot.entries.get(voter=voters[1])
    first.post(page("mark", ballot, entry.pk))
    shown = body(first.get(page("paper", ballot), {"who": voters[1].name}))
    first.post(page("unmark", ballot, entry.pk))
    assert (page("unmark", ballot, entry.pk) in shown, paper.figures(ballot).marked) == (True, 0)


def test_a_named_roll_is_not_marked_by_hand() -> None:
    ballot, (first, *_), owners = desk()
    entry = slips.right(ballot, owners[0])
    assert first.post(page("mark", ballot, entry.pk)).status_code == 404
    assert ballot.entries.filter(voted=True).count() == 0


@pytest.mark.parametrize("typed", ["12", "204-817-3365", "http://localhost:8000/"])
def test_an_unknown_number_is_explained_and_kept(typed: str) -> None:
    ballot, (first, *_), _owners = desk()
    answer = first.post(page("hand_in", ballot), {"slip": typed})
    assert (answer.status_code, list(answer.context["taken"].errors)) == (422, ["slip"])
    assert f'value="{typed}"' in body(answer)


def test_a_home_visit_takes_two_and_a_scan_lies_sealed() -> None:
    ballot, (first, *_), owners = desk()
    first.post(page("print_slips", ballot), {"all": "1"})
    slip, (one, two, _three) = Slip.objects.get(entry__owner=owners[0]), paper.officers(ballot, AT)
    picture = io.BytesIO()
    Image.new("L", (40, 30), 200).save(picture, "PNG")
    sent = {"slip": slip.serial, "scan": SimpleUploadedFile("p.png", picture.getvalue())}
    alone = first.post(page("hand_in", ballot), sent | {"first": one.pk})
    assert (alone.status_code, str(paper.PAIR.reason) in body(alone)) == (422, True)
    sent["scan"] = SimpleUploadedFile("p.png", picture.getvalue())
    first.post(page("hand_in", ballot), sent | {"first": one.pk, "second": two.pk})
    slip.refresh_from_db()
    with slip.scan.open("rb") as kept:
        raw = kept.read()
    shown = first.get(page("scan", ballot, slip.serial))
    assert (set(slip.visitors.all()), b"JFIF" in raw, shown.content[6:10]) == ({one, two}, False, b"JFIF")
    assert Image.open(io.BytesIO(shown.content)).size == (40, 30)


def test_what_is_no_picture_is_refused() -> None:
    ballot, (first, *_), owners = desk()
    first.post(page("print_slips", ballot), {"all": "1"})
    slip = Slip.objects.get(entry__owner=owners[0])
    scan = SimpleUploadedFile("p.jpg", b"<svg onload=alert(1)>")
    answer = first.post(page("hand_in", ballot), {"slip": slip.serial, "scan": scan})
    slip.refresh_from_db()
    assert (answer.status_code, list(answer.context["taken"].errors), slip.state) == (422, ["scan"], "printed")


# ── who sees what ────────────────────────────────────────────────────────────


def test_the_list_is_public_after_the_close_and_tells_serial_way_and_reason_only(client: Client) -> None:
    ballot, clients, owners = desk()
    slip = taken_in(ballot, clients[0], owners[0])
    for clerk in clients[:2]:
        clerk.post(page("key_in", ballot, slip.serial), {"typed": "-1"})
    early, clerks_list = (who.get(page("uncounted", ballot)) for who in (client, clients[2]))
    assert (early.status_code, "/login/" in early["Location"], slip.serial in body(clerks_list)) == (302, True, True)
    urn.count(ballot)
    shown = body(client.get(page("uncounted", ballot)))
    row = re.findall(r"<td[^>]*>(.*?)</td>", shown)
    assert (row[0], row[2], "业主0" in shown) == (slip.serial, str(SlipFault.UNSIGNED.label), False)


@pytest.mark.parametrize("role", [role for role in RoleKey if role != RoleKey.CLERK])
def test_nobody_else_opens_the_paper_desk(role: RoleKey) -> None:
    ballot, (first, *_), owners = desk()
    slip = taken_in(ballot, first, owners[0])
    first.post(page("key_in", ballot, slip.serial), {"typed": "1"})
    who = build.sign_in(Client(), build.staff("别人", build.body(build.courtyard()), role, is_superuser=True))
    asked = [page(name, ballot) for name in ("paper", "sheets", "uncounted")] + [page("key_in", ballot, slip.serial)]
    assert [who.get(name).status_code for name in asked] == [403] * 4
    sent = [page("print_slips", ballot), page("hand_in", ballot), page("key_in", ballot, slip.serial)]
    assert [who.post(name, {"typed": "1"}).status_code for name in sent] == [403] * 3
    assert Reading.objects.count() == 1


def test_a_clerk_of_another_courtyard_is_refused() -> None:
    ballot, _clients, _owners = desk()
    other = build.sign_in(Client(), slips.clerks(1, build.courtyard("同安苑"))[0])
    assert other.get(page("paper", ballot)).status_code == 403


def test_no_event_tells_of_a_single_slip() -> None:
    ballot, clients, voters = desk(named=False)
    clients[0].post(page("print_slips", ballot), {"count": "1"})
    slip = slips.blank(ballot, slips.clerks(1)[0], voters[0])
    before = list(Event.objects.filter(kind__startswith="ballot.").values_list("kind", flat=True))
    for clerk in clients[:2]:
        clerk.post(page("key_in", ballot, slip.serial), {"typed": "-1"})
    assert list(Event.objects.filter(kind__startswith="ballot.").values_list("kind", flat=True)) == before


def test_the_desk_takes_a_fixed_number_of_queries() -> None:
    ballot, (first, *_), owners = desk()
    counts = []
    for owner in owners[:3]:
        taken_in(ballot, first, owner)
        first.get(page("paper", ballot), {"who": "业主"})
        with CaptureQueriesContext(
            connection,
        ) as asked:
            first.get(page("paper", ballot), {"who": "业主"})
        counts.append(len(asked))
    assert len(set(counts)) == 1


# ── the number keys of each method ───────────────────────────────────────────

OPTIONS = {"a": "电梯", "b": "车棚", "c": "防水"}
COSTS = {"a": 12, "b": 6, "c": 9}


@pytest.mark.parametrize(
    ("method", "typed", "content"),
    [
        ("yes_no", "1", "yes"),
        ("yes_no", " 2 ", "no"),
        ("yes_no", "0", "abstain"),
        ("options", "132", {"a": "yes", "b": "abstain", "c": "no"}),
        ("options", "1 3 2", {"a": "yes", "b": "abstain", "c": "no"}),
        ("options", "0", {"a": "abstain", "b": "abstain", "c": "abstain"}),
        ("approval", "31", ["a", "c"]),
        ("approval", "0", []),
        ("ranked", "3,1", ["c", "a"]),
        ("ranked", "0", []),
        ("score", "5 0 3", {"a": 5, "b": 0, "c": 3}),
        ("score", "0", {"a": 0, "b": 0, "c": 0}),
        ("knapsack", "32", ["b", "c"]),
        ("equal_shares", "1、2、3", ["a", "b", "c"]),
    ],
)
def test_number_keys_give_a_content_of_the_method(method: str, typed: str, content: Any) -> None:
    form = paper_forms.KeyForm({"typed": typed}, ballot=_ballot(method))
    assert (form.is_valid(), form.said()) == (True, Said(content))


@pytest.mark.parametrize(
    ("method", "typed"),
    [
        ("yes_no", "4"),
        ("yes_no", "11"),
        ("yes_no", "-6"),
        ("yes_no", "-"),
        ("options", "12"),
        ("options", "124"),
        ("options", "1a2"),
        ("approval", "11"),
        ("approval", "4"),
        ("ranked", "2 2"),
        ("score", "6 0 0"),
        ("score", "1 2"),
        ("knapsack", "123"),
        ("equal_shares", "²"),
    ],
)
def test_what_the_method_does_not_know_is_refused(method: str, typed: str) -> None:
    form = paper_forms.KeyForm({"typed": typed}, ballot=_ballot(method))
    assert (form.is_valid(), list(form.errors)) == (False, ["typed"])


def _ballot(method: str) -> Ballot:
    if method == "yes_no":
        return Ballot(kind="named", terms=Rule().data())
    money = {"costs": COSTS, "budget": 20} if method in ("knapsack", "equal_shares") else {}
    return Ballot(kind="named", terms=Rule(method=method, options=tuple(OPTIONS), **money).data(), options=OPTIONS)


def test_faults_have_numbers_of_their_own() -> None:
    named, secret = Ballot(kind="named", terms=Rule().data()), Ballot(kind="secret", terms=Rule().data())
    read = {kind.kind: paper_forms.KeyForm({"typed": "-1"}, ballot=kind) for kind in (named, secret)}
    assert {kind: form.is_valid() and form.said().fault for kind, form in read.items()} == {
        "named": "unsigned",
        "secret": "two",
    }


def test_after_the_end_the_desk_still_keys_in_what_came_before(now: dict[str, dt.datetime]) -> None:
    ballot, (first, second, _third), owners = desk()
    slip = taken_in(ballot, first, owners[0])
    now["now"] = urn.CLOSES + HOUR
    clock.sweep(now["now"])
    for client in (first, second):
        client.post(page("key_in", ballot, slip.serial), {"typed": "1"})
    clock.sweep(now["now"])
    assert Ballot.objects.get(pk=ballot.pk).tally["yes"] == [1, 8000]
