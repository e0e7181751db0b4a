"""A courtyard with votes of every kind and state, in which people have voted in every way."""

import datetime as dt
import io
import itertools
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from areas import policy
from ledger import following
from ledger.actors import SYSTEM
from people.models import User
from proposals.states import State
from tests import build
from tests.proposals.court import Court
from tests.voting import estate, procedure, slips, urn
from voting import (
    casting,
    claiming,
    clock,
    corrections,
    counting,
    envelopes,
    keying,
    limits,
    objections,
    paper,
    proxies,
    slip_making,
)
from voting.models import Ballot, Owner, Reading, RollEntry, Slip
from voting.states import ChangeKind, RollKind
from voting.tally import Rule

NOW = urn.AT + dt.timedelta(hours=3)
REASON = "登记的时候写错了一位。"
OTHER = {"yes": "no", "no": "yes", "abstain": "yes"}
OPTIONS = {"a": "红砖步道", "b": "蓝色雨棚"}


class World:
    """A case that waits for its residents' secret vote, and an owners' named vote between two options beside it.

    In both people have voted on the web, on paper and, where it is possible, by proxy; others have not.
    """

    def __init__(self) -> None:
        self.court = Court()
        self.here = self.court.courtyard
        self.clerks = slips.clerks(3, self.here)
        self.court.to(State.VOTING)
        self.secret = Ballot.objects.get(chain=self.court.case.chain)
        self._vote_in_secret()
        self.owners = estate.flats(self.here, 6, building="9栋")
        self.named = self._call()
        self._vote_by_name()
        self._ask()
        self.superuser = build.person("系统管理员", is_superuser=True)
        following.drain(NOW)

    def _vote_in_secret(self) -> None:
        one, two, three, four, _five = self.court.endorsers
        urn.cast(self.secret, {one: "yes", two: "yes", three: "no"}, at=NOW)
        slips.read(_blank(self.secret, self.clerks[0], four), self.clerks, "yes", "yes", at=NOW)
        slips.read(_blank(self.secret, self.clerks[0], self.court.people["proposer"]), self.clerks, "no", at=NOW)

    def _call(self) -> Ballot:
        rule = Rule(method="options", options=tuple(OPTIONS), by_area=True)
        chain, question = "case:" + "d" * 32, "先修哪一个？"
        ballot = urn.call(
            self.here, chain=chain, roll_kind=RollKind.OWNERS, rule=rule, options=OPTIONS, question=question
        )
        clock.sweep(urn.AT)
        return Ballot.objects.get(pk=ballot.pk)

    def _vote_by_name(self) -> None:
        one, two, three, four, _five, _six = self.owners
        for choice in ({"a": "no", "b": "no"}, {"a": "yes", "b": "no"}):
            casting.cast(self.named, by=estate.account(one), choice=choice, at=NOW)
        self.holder = build.person("受托人", build.courtyard("同安苑"))
        facts: dict[str, Any] = {"scope": "由他决定", "until": self.named.closes_at, "at": NOW}
        self.proxy = proxies.give(self.right(two), holder=self.holder, by=estate.account(two), **facts)
        choice = {"a": "yes", "b": "abstain"}
        casting.cast(self.named, by=self.holder, choice=choice, at=NOW, entry=self.right(two))
        said = keying.Said({"a": "no", "b": "yes"})
        self.slip = slips.slip_for(self.named, three, self.clerks[0])
        for clerk in self.clerks[:2]:
            keying.read(self.slip, said, by=clerk, at=NOW)
        self.waiting_slip = slips.slip_for(self.named, four, self.clerks[0])
        keying.read(self.waiting_slip, said, by=self.clerks[0], at=NOW)

    def _ask(self) -> None:
        right = self.right(self.owners[4])
        facts: dict[str, Any] = {"entry": right, "unit": right.units[0], "area": 8_100, "reason": "量错了"}
        asked = corrections.ask(self.named, ChangeKind.AREA, by=self.clerks[0], at=NOW, **facts)
        claimed = claiming.claim(self.named, home="9-1-501", text="", by=self.court.people["proposer"], at=NOW)
        self.asked, self.claimed = asked.pk, claimed.pk

    def right(self, owner: Owner) -> RollEntry:
        return self.named.entries.get(owner=owner)

    def client(self, role: str) -> Client:
        return Client() if role == "guest" else build.sign_in(Client(), self._person(role))

    def _person(self, role: str) -> User:
        people = self.court.people
        mine = {"superuser": self.superuser, "holder": self.holder, "clerk": self.clerks[2], "decider": people["upper"]}
        mine |= {"voted": self.court.endorsers[0], "waiting": self.court.endorsers[4]}
        return mine.get(role) or people[role]

    def turn(self) -> None:
        """Every choice that was made becomes another one; nothing else changes."""
        for ballot in (self.secret, self.named):
            for paper_ in ballot.papers.all():
                beside = f":{paper_.channel}:{paper_.receipt}" if paper_.channel else ""
                _turned(paper_, ballot, paper_.pk, paper_.entry_id, beside)
            for reading in Reading.objects.filter(slip__ballot=ballot).select_related("slip"):
                _turned(reading, ballot, keying._number(reading.slip), reading.clerk_id)

    def values(self, address: str) -> Iterator[dict[str, Any]]:
        """What may stand in the places of an address."""
        fixed = {"number": self.court.case.number, "code": self.here.code, "name": "rolls", "verb": "call_vote"}
        if not address.startswith("ballots/"):
            pk = {"proxies/": self.proxy.pk, "desk/rolls/cl": self.claimed, "desk/rolls/co": self.asked}
            found = [pk[start] for start in pk if address.startswith(start)]
            yield {"pk": (found or [1])[0], "key": "voting.quorum", **fixed} | _of_talk(address)
            return
        right = self.named.entries.first()
        assert right
        for ballot, slip in itertools.product((self.secret, self.named), (self.slip, self.waiting_slip)):
            yield fixed | {"pk": ballot.pk, "serial": slip.serial, "token": right.token, "entry": right.pk}


def _of_talk(address: str) -> dict[str, int]:
    return {"number": 0} if address.startswith("talk/") else {}


def _blank(ballot: Ballot, clerk: User, voter: User) -> Slip:
    [slip] = slip_making.make_blank(ballot, 1, by=clerk, at=NOW)
    paper.mark(ballot.entries.get(voter=voter), by=clerk, at=NOW)
    return paper.take_back(slip, by=clerk, at=NOW)


def _turned(row: Any, ballot: Ballot, number: Any, bound: int | None, beside: str = "") -> None:
    said = envelopes.unseal(ballot.pk, number, row.envelope, bound, beside)
    other = {key: OTHER[word] for key, word in said.items()} if isinstance(said, dict) else OTHER[said]
    row.envelope = envelopes.seal(ballot.pk, number, other, bound, beside)
    row.save(update_fields=["envelope"])


class Street(World):
    """Beside the two open votes one that was counted, one that is announced, and an owner who has done nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        policy.assign(self.here, f"{limits.EXTENSION}.owners", {"n": 0, "unit": "day"}, by=SYSTEM, at=urn.AT)
        times: dict[str, Any] = {"opens_at": NOW + procedure.DAY, "closes_at": NOW + 9 * procedure.DAY}
        self.announced = urn.call(self.here, chain="case:" + "7" * 32, **times)
        self.counted = self._counted()
        self.objection = objections.make(
            self.counted, grounds="三栋的票没有签名。", by=estate.account(self.owners[0]), at=NOW
        )
        facts: dict[str, Any] = {"holder": self.holder, "scope": "由他决定", "until": self.named.closes_at, "at": NOW}
        giver = self.owners[5]
        self.free_proxy = proxies.give(self.right(giver), by=estate.account(giver), **facts)
        [self.free_slip] = slip_making.make_out(self.named, [self.right(giver)], by=self.clerks[0], at=NOW)
        [self.blank] = slip_making.make_blank(self.secret, 1, by=self.clerks[0], at=NOW)

    def _counted(self) -> Ballot:
        closes = NOW - dt.timedelta(hours=1)
        chain = "case:" + "8" * 32
        ballot = procedure.call(self.here, self.court.people["chair"], chain=chain, closes_at=closes)
        for owner in self.owners:
            casting.cast(ballot, by=estate.account(owner), choice="yes", at=urn.AT)
        counting.close(ballot.pk, at=closes)
        return Ballot.objects.get(pk=ballot.pk)

    def _person(self, role: str) -> User:
        mine = {"owner": self.owners[4], "giver": self.owners[5]}
        return estate.account(mine[role]) if role in mine else super()._person(role)

    def doors(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Each door with what somebody who may would send: (address, data)."""
        return {
            name: (reverse(f"voting:{name.partition(' ')[0]}", args=args), data)
            for name, (args, data) in (self._ballots() | self._rolls() | self._papers() | self._proxies()).items()
        }

    def _ballots(self) -> dict[str, tuple[list[Any], dict[str, Any]]]:
        secret, named = [self.secret.pk], [self.named.pk]
        each = {"choice_a": "yes", "choice_b": "no", "mine": "on"}
        return {
            "ballot": (secret, {"choice": "yes"}),
            "confirm": (secret, {"choice": "yes"}),
            "cast": (secret, {"choice": "yes", "mine": "on"}),
            "cast named": (named, each),
            "receipt_sms": (secret, {"code": self.secret.receipts.all()[0].code}),
            "objection_make": ([self.counted.pk], {"grounds": "三栋 301 的纸质票上没有签名。"}),
            "objection_ruling": ([self.objection.pk], {"ruling": "note", "reason": REASON}),
        }

    def _rolls(self) -> dict[str, tuple[list[Any], dict[str, Any]]]:
        right = self.right(self.owners[4])
        area = {"kind": "area", "unit": "0", "area": "82.50", "reason": REASON}
        return {
            "register_import": ([self.here.code], {"file": table()}),
            "register_apply": ([self.here.code], {"sha256": "0" * 64, "seen": ""}),
            "register_export": ([self.here.code], {"format": "csv"}),
            "claim": ([self.named.pk], {"home": "9-1-501", "text": "上个月买的。"}),
            "correct": ([self.named.pk], {"home": "9栋 1单元 101", "reason": REASON}),
            "correct_right": ([self.named.pk, right.token], area),
            "ruling": ([self.claimed], {"ruling": "refuse", "reason": REASON}),
            "correction": ([self.asked], {"ruling": "make"}),
        }

    def _papers(self) -> dict[str, tuple[list[Any], dict[str, Any]]]:
        free = self.secret.entries.filter(voted=False).order_by("pk")[0]
        marked = self.secret.entries.filter(voted=True, channel="paper").order_by("pk")[0]
        return {
            "print_slips": ([self.named.pk], {"right": str(self.right(self.owners[4]).pk)}),
            "print_slips secret": ([self.secret.pk], {"count": "3"}),
            "hand_in": ([self.named.pk], {"slip": self.free_slip.serial}),
            "mark": ([self.secret.pk, free.pk], {}),
            "unmark": ([self.secret.pk, marked.pk], {}),
            "key_in": ([self.named.pk, self.waiting_slip.serial], {"typed": "1 2"}),
        }

    def _proxies(self) -> dict[str, tuple[list[Any], dict[str, Any]]]:
        letter = {"phone": self.holder.phone, "name": self.holder.name, "scope": "由他决定"}
        each = {"choice_a": "yes", "choice_b": "no", "mine": "on"}
        return {
            "proxy_give": ([self.named.pk], letter),
            "proxy_record": ([self.named.pk], letter | {"entry": self.right(self.owners[4]).pk, "letter": photo()}),
            "proxy": ([self.free_proxy.pk], each),
            "proxy_confirm": ([self.free_proxy.pk], each),
            "proxy_cast": ([self.free_proxy.pk], each),
            "proxy_revoke": ([self.free_proxy.pk], {}),
        }


def table() -> SimpleUploadedFile:
    return SimpleUploadedFile("register.csv", estate.table(estate.row()))


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "PNG")
    return SimpleUploadedFile("letter.png", out.getvalue(), "image/png")
