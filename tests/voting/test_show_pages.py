"""A show of hands as people meet it: where to come, the desk of the two officers, the result and its minutes."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime
from PIL import Image

from adapters import clock as wall
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.proposals.court import Court
from tests.proposals.reading import text
from tests.voting import hands, slips, urn
from tests.voting.hands import MEETS
from voting import clock, show
from voting.hands import digest
from voting.models import Ballot, HandCount

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    moment = {"now": MEETS}
    monkeypatch.setattr(wall, "now", lambda: moment["now"])
    return moment


def page(name: str, ballot: Ballot) -> str:
    return reverse(f"voting:{name}", args=[ballot.pk])


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def filled(present: int = 4, yes: int = 3, no: int = 1, data: bytes = hands.PDF) -> dict[str, Any]:
    return {"present": present, "yes": yes, "no": no, "minutes": SimpleUploadedFile("会议记录.pdf", data)}


def desk(**facts: Any) -> tuple[Ballot, Client, Client]:
    """The clerk and the chair at their screens."""
    ballot, (clerk, chair) = hands.call(**facts), hands.officers()
    return ballot, build.sign_in(Client(), clerk), build.sign_in(Client(), chair)


def seal(client: Client, ballot: Ballot) -> str:
    return str(client.get(page("hands", ballot)).context["confirming"].initial["seen"])


def voter(ballot: Ballot) -> User:
    entry = ballot.entries.select_related("voter").first()
    assert entry and entry.voter
    return entry.voter


# ── those who come ───────────────────────────────────────────────────────────


def test_the_ballot_page_says_when_and_where_and_takes_no_vote() -> None:
    ballot = hands.call(2)
    client = build.sign_in(Client(), voter(ballot))
    answer = client.get(page("ballot", ballot))
    assert hands.PLACE in text(answer)
    assert (b'name="choice"' in answer.content, page("confirm", ballot).encode() in answer.content) == (False, False)
    for name in ("confirm", "cast"):
        refused = client.post(page(name, ballot), {"choice": "yes", "mine": "on"})
        assert (refused.status_code, hands.PLACE in text(refused)) == (403, True)
    assert ballot.papers.count() == 0


def test_somebody_who_is_not_on_the_roll_can_say_so() -> None:
    ballot = hands.call(2)
    late = build.sign_in(Client(), build.person("新邻居", build.courtyard()))
    assert page("claim", ballot) in late.get(page("ballot", ballot)).content.decode()
    assert page("claim", ballot) not in Client().get(page("ballot", ballot)).content.decode()


def test_officers_find_their_desk_from_the_ballot_and_nobody_else_does() -> None:
    ballot, clerk, chair = desk()
    neighbour = build.sign_in(Client(), voter(ballot))
    pages = [client.get(page("ballot", ballot)).content.decode() for client in (clerk, chair, neighbour)]
    assert [page("hands", ballot) in shown for shown in pages] == [True, True, False]
    assert clerk.get(page("paper", ballot))["Location"] == page("hands", ballot)


# ── the two officers ─────────────────────────────────────────────────────────


def test_one_enters_and_another_confirms() -> None:
    ballot, clerk, chair = desk()
    assert clerk.post(page("hands", ballot), filled())["Location"] == page("hands", ballot)
    own = clerk.post(page("hands_confirm", ballot), {"seen": seal(clerk, ballot), "compared": "on"})
    assert (own.status_code, str(show.OWN.reason) in text(own)) == (422, True)
    done = chair.post(page("hands_confirm", ballot), {"seen": seal(chair, ballot), "compared": "on"})
    assert done["Location"] == page("hands", ballot)
    assert urn.count(ballot).tally == urn.plain("passed", roll=5, yes=3, no=1)


def test_each_option_has_its_fields() -> None:
    ballot, clerk, _chair = desk(rule=hands.GATES, options=hands.WORDS)
    fields = {"present": 4, "yes_a": 3, "no_a": 1, "yes_b": 0, "no_b": 2}
    clerk.post(page("hands", ballot), fields | {"minutes": SimpleUploadedFile("x.pdf", hands.PDF)})
    assert HandCount.objects.get().counts == {
        "a": {"yes": 3, "no": 1, "abstain": 0},
        "b": {"yes": 0, "no": 2, "abstain": 2},
    }


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"present": 9}, "9"),
        ({"yes": 7}, "7"),
        ({"no": -1}, "-1"),
        ({"present": "四"}, "四"),
        ({"minutes": SimpleUploadedFile("a.pdf", b"MZ not minutes")}, "4"),
        ({"minutes": SimpleUploadedFile("a.pdf", b"%PDF-1.4 cut off")}, "4"),
    ],
)
def test_what_cannot_be_is_explained_and_what_was_typed_stays(fields: dict[str, Any], kept: str) -> None:
    ballot, clerk, _chair = desk()
    for upload in fields.values():
        getattr(upload, "seek", int)(0)
    answer = clerk.post(page("hands", ballot), filled() | fields)
    assert (answer.status_code, f'value="{kept}"' in answer.content.decode()) == (422, True)
    assert HandCount.objects.count() == 0


def test_a_count_is_confirmed_only_after_it_was_compared() -> None:
    ballot, clerk, chair = desk()
    clerk.post(page("hands", ballot), filled())
    seen = seal(chair, ballot)
    assert chair.post(page("hands_confirm", ballot), {"seen": seen}).status_code == 422
    clerk.post(page("hands", ballot), filled(yes=2))
    changed = chair.post(page("hands_confirm", ballot), {"seen": seen, "compared": "on"})
    assert (changed.status_code, str(show.CHANGED.reason) in text(changed)) == (422, True)
    assert HandCount.objects.get().confirmed_by is None


def test_the_desk_is_for_those_who_keep_or_lead_here() -> None:
    ballot, _clerk, _chair = desk()
    elsewhere = build.staff("别处文员", build.body(build.courtyard("别处")), RoleKey.CLERK)
    clients = [Client(), build.sign_in(Client(), voter(ballot)), build.sign_in(Client(), elsewhere)]
    assert [client.get(page("hands", ballot)).status_code for client in clients] == [302, 403, 403]
    assert [client.post(page("hands", ballot), filled()).status_code for client in clients] == [302, 403, 403]
    assert HandCount.objects.count() == 0


def test_votes_on_papers_have_no_such_desk() -> None:
    urn.neighbours(2)
    ballot, (clerk, _chair) = slips.secret(), hands.officers()
    assert build.sign_in(Client(), clerk).get(page("hands", ballot)).status_code == 404


# ── who sees what, and when ──────────────────────────────────────────────────


def test_until_the_end_nobody_else_sees_how_it_stands(now: dict[str, dt.datetime]) -> None:
    ballot, clerk, chair = desk()
    second = build.staff("另一文员", build.body(build.courtyard()), RoleKey.CLERK)
    other = build.sign_in(Client(), second)
    neighbour = build.sign_in(Client(), voter(ballot))
    clerk.post(page("hands", ballot), filled())
    chair.post(page("hands_confirm", ballot), {"seen": seal(chair, ballot), "compared": "on"})

    def sees(client: Client) -> tuple[bool, bool, bool]:
        desk = client.get(page("hands", ballot))
        counted = desk.status_code == 200 and desk.context["count"] is not None
        reads = client.get(page("minutes", ballot)).status_code == 200
        return counted, reads, client.get(page("result", ballot)).context["ballot"].outcome is not None

    before = [sees(client) for client in (clerk, chair, other, neighbour)]
    assert before == [(True, True, False), (True, True, False), (False, False, False), (False, False, False)]
    now["now"] = ballot.closes_at
    urn.count(ballot)
    after = [sees(client) for client in (clerk, chair, other, neighbour)]
    assert after == [(True, True, True), (True, True, True), (True, True, True), (False, True, True)]


def test_the_public_reads_counts_and_hash_and_no_minutes() -> None:
    ballot = urn.count(hands.counted(4, yes=3, no=1))
    shown = Client().get(page("result", ballot))
    count = HandCount.objects.get()
    assert [word in shown.content.decode() for word in (count.minutes_hash, hands.PLACE, page("minutes", ballot))] == [
        True,
        True,
        False,
    ]
    assert Client().get(page("minutes", ballot)).status_code == 302
    stranger = build.sign_in(Client(), build.person("路人", build.courtyard("别处")))
    assert stranger.get(page("minutes", ballot)).status_code == 404


@pytest.mark.parametrize(
    ("data", "kind", "start"), [(hands.PDF, "application/pdf", b"%PDF-"), (photo(), "image/jpeg", b"\xff\xd8")]
)
def test_the_minutes_come_as_a_download_with_the_hash_that_is_public(data: bytes, kind: str, start: bytes) -> None:
    ballot, clerk, _chair = desk()
    clerk.post(page("hands", ballot), filled(data=data))
    answer = clerk.get(page("minutes", ballot))
    assert (answer["Content-Type"], answer.content[: len(start)]) == (kind, start)
    assert answer["Content-Disposition"].startswith("attachment")
    assert digest(answer.content) == HandCount.objects.get().minutes_hash


def test_minutes_that_were_replaced_are_gone(django_capture_on_commit_callbacks: Any) -> None:
    ballot, (clerk, _chair) = hands.call(), hands.officers()
    first = hands.enter(ballot, clerk, 4, 3, 1).minutes
    name, storage = first.name, first.storage
    with django_capture_on_commit_callbacks(execute=True):
        hands.enter(ballot, clerk, 4, 2, 1)
    assert (storage.exists(name), storage.exists(HandCount.objects.get().minutes.name)) == (False, True)


def test_a_vote_of_which_nobody_confirmed_a_count_says_so() -> None:
    ballot = hands.call()
    clock.sweep(hands.TOO_LATE)
    shown = Client().get(page("result", ballot))
    assert (shown.context["minutes"], shown.context["ballot"].result) == (None, "no_quorum")


# ── the call ─────────────────────────────────────────────────────────────────


def call_form(court: Court, **fields: Any) -> Any:
    client = build.sign_in(Client(), court.people["chair"])
    address = reverse("proposals:move", args=[court.case.number, "call_vote"])
    form = client.get(address).context["form"]
    plain = {"since": form["since"].value(), "text": "东门还是西门？", "statute": "house", "method": "yes_no"}
    return client.post(address, plain | fields)


def test_a_case_is_put_to_a_show_of_hands(now: dict[str, dt.datetime]) -> None:
    court = Court()
    court.to("deliberating")
    now["now"] = court.now
    meets = (court.now + dt.timedelta(days=2)).replace(second=0, microsecond=0)
    answer = call_form(court, place=hands.PLACE, meets_at=f"{localtime(meets):%Y-%m-%dT%H:%M}")
    assert answer.status_code == 302, text(answer)
    ballot = Ballot.objects.get()
    assert (ballot.kind, ballot.place, ballot.opens_at) == ("open_show", hands.PLACE, meets)


@pytest.mark.parametrize(
    "fields",
    [{"place": "凉亭"}, {"meets_at": "2026-12-01T19:00"}, {"place": "凉亭", "meets_at": "2020-01-01T19:00"}],
)
def test_a_meeting_without_place_or_time_or_in_the_past_is_explained(
    fields: dict[str, str], now: dict[str, dt.datetime]
) -> None:
    court = Court()
    court.to("deliberating")
    now["now"] = court.now
    answer = call_form(court, **fields)
    assert (answer.status_code, all(value in answer.content.decode() for value in fields.values())) == (422, True)
    assert Ballot.objects.count() == 0
