"""What a voter takes home: a code on the screen, on paper or by text message, and the stub of a paper slip."""

import pytest
from django.test import Client
from django.urls import reverse

from adapters import clock as wall
from adapters import sms
from people.models import User
from tests import build
from tests.voting import slips, urn
from voting import clock, keying, paper, receipts, slip_making
from voting.keying import Said
from voting.models import Ballot, Slip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall, "now", lambda: urn.AT)


def voted(phone: str = "13800000001") -> tuple[Client, Ballot, str]:
    """Somebody who has cast a vote and sees its code."""
    voter, _other = urn.neighbours(2)
    User.objects.filter(pk=voter.pk).update(phone=phone, phone_verified=bool(phone))
    ballot = urn.call()
    clock.sweep(urn.AT)
    client = build.sign_in(Client(), User.objects.get(pk=voter.pk))
    client.post(reverse("voting:cast", args=[ballot.pk]), {"choice": "yes", "mine": "on"})
    return client, ballot, ballot.receipts.get().code


def send(client: Client, ballot: Ballot, code: str) -> str:
    """The page after the code was asked for by text message."""
    answer = client.post(reverse("voting:receipt_sms", args=[ballot.pk]), {"code": code}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_code_goes_to_the_voter_s_own_phone_and_stays_on_the_page() -> None:
    client, ballot, code = voted()
    shown = send(client, ballot, code)
    assert [(message.to, message.text.count(code)) for message in sms.recent(9)] == [("13800000001", 1)]
    assert f'<p class="y-receipt">{code}</p>' in shown


@pytest.mark.parametrize("wrong", ["AAAA-AAAA", "", "<script>", "x" * 5000])
def test_what_is_no_code_of_this_ballot_is_not_sent(wrong: str) -> None:
    client, ballot, _code = voted()
    send(client, ballot, wrong)
    assert sms.recent(9) == []


def test_without_a_phone_that_was_checked_nothing_is_sent_and_the_code_stays() -> None:
    client, ballot, code = voted(phone="")
    shown = send(client, ballot, code)
    assert (sms.recent(9), f'<p class="y-receipt">{code}</p>' in shown) == ([], True)


def test_a_phone_is_not_flooded() -> None:
    client, ballot, code = voted()
    shown = [send(client, ballot, code) for _ in range(7)]
    assert len(sms.recent(9)) == 5
    assert f'<p class="y-receipt">{code}</p>' in shown[-1]


def test_who_has_not_voted_has_nothing_to_send() -> None:
    _client, ballot, code = voted()
    other = build.sign_in(Client(), User.objects.get(name="邻居1"))
    assert other.post(reverse("voting:receipt_sms", args=[ballot.pk]), {"code": code}).status_code == 404
    assert sms.recent(9) == []


def keyed(slip: Slip, clerks: list[User]) -> None:
    paper.take_back(slip, by=clerks[0], at=urn.AT)
    for clerk in clerks[:2]:
        keying.read(slip, Said("yes"), by=clerk, at=urn.AT)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}".replace("-", "")])
def test_the_serial_on_the_stub_is_the_code_of_a_named_slip(typed: str) -> None:
    owner, *_others = slips.flats()
    ballot, clerks = slips.named(), slips.clerks()
    [slip] = slip_making.make_out(ballot, [slips.right(ballot, owner)], by=clerks[0], at=urn.AT)
    keyed(slip, clerks)
    code = receipts.normal(typed.format(slip.serial))
    assert (code, receipts.exists(ballot, code), receipts.last(slips.right(ballot, owner))) == (code, True, slip.serial)


def test_the_serial_on_the_stub_is_the_code_of_a_secret_slip() -> None:
    urn.neighbours(2)
    clerks = slips.clerks()
    ballot = urn.call()
    clock.sweep(urn.AT)
    first = ballot.entries.order_by("pk").first()
    assert first
    paper.mark(first, by=clerks[0], at=urn.AT)
    counted, spare = slip_making.make_blank(ballot, 2, by=clerks[0], at=urn.AT)
    keyed(counted, clerks)
    assert list(ballot.receipts.values_list("code", flat=True)) == [counted.serial]
    assert [receipts.exists(ballot, slip.serial) for slip in (counted, spare)] == [True, False]
    assert urn.numbers(urn.count(ballot))["papers"] == [1, 0]
