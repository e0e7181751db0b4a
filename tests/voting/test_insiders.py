"""Somebody with the database changes a named vote: nothing is counted, or verify says what was changed."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ledger import verifying
from ledger.models import Event
from people.models import User
from people.roles import RoleKey
from tests import build
from tests.voting import procedure, tampering, urn
from tests.voting.tampering import (
    ON_PAPER,
    PLAIN,
    SILENT,
    TAMPERING,
    Court,
    Tamper,
    changed,
    counted,
    effective,
    findings,
    named,
    of_a_paper,
    of_the_ballot,
    removed,
)
from voting import auditing, casting, objections, proxies, publishing, verify_tally
from voting import urn as voting_urn
from voting.models import Ballot, BallotPaper, Objection, Proxy
from voting.states import Channel, Remedy, Ruling, State
from voting.tally import Rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def court() -> Court:
    return tampering.voted()


# ── before the count, or after it ────────────────────────────────────────────


def others(rows: set[str], court: Court) -> set[str]:
    """The ballot itself is named along with what its numbers and its file rest on."""
    assert rows
    return rows - {named(court.ballot)}


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING.keys())
def test_what_was_changed_before_the_close_stops_the_count(court: Court, tamper: Tamper) -> None:
    rows = tamper(court)
    ballot = counted(court)
    assert (ballot.state, ballot.tally, procedure.told(ballot, "ballot.closed")) == (State.STOPPED, None, [])
    [(_kind, stopped)] = procedure.told(ballot, "ballot.stopped")
    assert others(set(stopped["rows"]), court) == others(rows | {named(ballot)}, court)
    assert others(findings(), court) == others(rows | {named(ballot)}, court)


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING.keys())
def test_verify_names_what_was_changed_after_the_close(court: Court, tamper: Tamper) -> None:
    counted(court)
    assert findings() == set()
    rows = tamper(court)
    assert others(findings(), court) == others(rows | {named(court.ballot)}, court)


def test_an_honest_vote_of_all_channels_is_counted(court: Court) -> None:
    ballot = counted(court)
    assert (ballot.state, ballot.tally, list(verifying.verify())) == (
        State.CLOSED,
        {
            "method": "yes_no", "result": "passed", "winners": [], "roll": [7, 56_100], "papers": [5, 40_000],
            "yes": [4, 32_000], "no": [1, 8_000], "abstain": [0, 0],
        },
        [],
    )  # fmt: skip


# ── while it is open ─────────────────────────────────────────────────────────


def given(court: Court, holder: User) -> Proxy:
    facts: dict[str, Any] = {"scope": "由他决定", "until": urn.CLOSES}
    return proxies.give(court.right(SILENT), holder=holder, by=court.people[SILENT], at=urn.AT, **facts)


def cast_for_the_silent(court: Court, holder: User) -> None:
    casting.cast(court.ballot, by=holder, choice="no", at=urn.AT, entry=court.right(SILENT))


def test_a_proxy_that_names_another_holder_stops_the_count(court: Court) -> None:
    proxy = given(court, court.people[PLAIN])
    changed(proxy, holder=court.people[ON_PAPER])
    cast_for_the_silent(court, court.people[ON_PAPER])
    assert (counted(court).state, findings()) == (
        State.STOPPED, {named(proxy), named(court.right(SILENT)), named(court.ballot)},
    )  # fmt: skip


def test_a_proxy_that_nobody_gave_stops_the_count(court: Court) -> None:
    facts: dict[str, Any] = {"given_at": urn.AT, "until": urn.CLOSES, "scope": "x"}
    holder = court.people[ON_PAPER]
    proxy = Proxy.objects.create(entry=court.right(SILENT), holder=holder, recorded_by=holder, **facts)
    cast_for_the_silent(court, holder)
    assert (counted(court).state, findings()) == (
        State.STOPPED, {named(proxy), named(court.right(SILENT)), named(court.ballot)},
    )  # fmt: skip


def test_a_paper_that_was_not_sealed_here_cannot_be_put_in(court: Court) -> None:
    """What a copy of the database without the key can make of it: somebody else's envelope."""
    entry, paper = court.right(SILENT), effective(court, PLAIN)
    changed(entry, voted=True, channel=Channel.WEB)
    made = BallotPaper(pk=voting_urn.number_of(entry.pk, 1), ballot=court.ballot, entry=entry, envelope=paper.envelope)
    made.channel, made.receipt = Channel.WEB, "AAAA-AAAA"
    made.save(force_insert=True)
    assert (counted(court).state, findings()) == (State.STOPPED, {named(made), named(court.ballot)})


@pytest.mark.parametrize("field", ["closes_at", "called_by", "question"])
def test_verify_sees_what_was_changed_while_the_vote_is_open(court: Court, field: str) -> None:
    assert findings() == set()
    far = urn.CLOSES + 9_000 * procedure.DAY
    changed(court.ballot, **{field: far if field == "closes_at" else "0" * 64})
    assert findings() == {named(court.ballot)}


# ── after the count ──────────────────────────────────────────────────────────


def objected(court: Court) -> Objection:
    made = objections.make(court.ballot, grounds="三栋的票没有签名。", by=court.people[SILENT], at=urn.CLOSES)
    judge = build.staff("主任", build.body(court.area.get_parent()), RoleKey.DECIDER)
    objections.accept(made, Remedy.NOTE, reason="已经记下。", by=judge, at=urn.CLOSES)
    return made


def added_objection(court: Court) -> set[str]:
    facts: dict[str, Any] = {"grounds": "后来写上去的。", "made_at": urn.CLOSES, "due_at": urn.CLOSES}
    return {named(Objection.objects.create(ballot=court.ballot, by=court.people[PLAIN], **facts))}


def of_the_objection(**facts: Any) -> Tamper:
    return lambda _court: {changed(Objection.objects.get(), **facts)}


def opened_again(court: Court) -> set[str]:
    """So that it is counted a second time, or never looked at again."""
    facts = {"state": State.OPEN, "tally": None, "result": "", "objections_until": None}
    BallotPaper.objects.update(content=None)
    return {changed(court.ballot, **facts)}


def of_the_tally(court: Court) -> set[str]:
    tally = court.fresh().tally | {"yes": [5, 40_000], "no": [0, 0]}
    return {changed(court.ballot, tally=tally)}


AFTERWARDS: dict[str, Tamper] = {
    "the tally is changed": of_the_tally,
    "the result is changed": of_the_ballot(result="not_passed"),
    "a choice is changed": of_a_paper(content="no"),
    "a choice is taken away": of_a_paper(content=None),
    "the time for objections is cut": of_the_ballot(objections_until=urn.CLOSES),
    "it is final already": of_the_ballot(state=State.FINAL),
    "it is annulled": of_the_ballot(state=State.ANNULLED),
    "it was never counted": opened_again,
    "an objection is taken away": lambda _court: {removed(Objection.objects.get())},
    "an objection is added": added_objection,
    "an objection has other grounds": of_the_objection(grounds="没有什么。"),
    "an objection has another ruling": of_the_objection(ruling=Ruling.REFUSED, remedy=""),
    "an objection has another remedy": of_the_objection(remedy=Remedy.ANNUL),
    "an objection is open again": of_the_objection(ruling=Ruling.OPEN, remedy="", ruled_by=None, ruled_at=None),
}


@pytest.mark.parametrize("tamper", AFTERWARDS.values(), ids=AFTERWARDS.keys())
def test_verify_names_what_was_changed_of_the_result(court: Court, tamper: Tamper) -> None:
    counted(court)
    objected(court)
    assert findings() == set()
    rows = tamper(court)
    assert others(findings(), court) == others(rows | {named(court.ballot)}, court)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("ballot.closed", {"yes": [5, 40_000]}),
        ("ballot.published", {"value": "0" * 64}),
        ("ballot.called", {"roll": 99}),
        ("roll.corrected", {"roll": 99}),
        ("proxy.used", {"right": "x"}),
    ],
)
def test_verify_names_the_event_that_was_changed(court: Court, kind: str, facts: dict[str, Any]) -> None:
    counted(court)
    event = Event.objects.get(kind=kind)
    changed(event, payload=event.payload | facts)
    assert str(event) in {problem.row for problem in verifying.verify()}


def test_the_command_names_the_row_and_fails(court: Court, capsys: pytest.CaptureFixture[str]) -> None:
    counted(court)
    call_command("verify")
    [row] = of_a_paper(receipt="AAAA-AAAA")(court)
    with pytest.raises(CommandError):
        call_command("verify")
    assert f"{row}: is not a paper that was cast in this ballot" in capsys.readouterr().out


def test_the_file_of_the_vote_is_accepted_and_an_altered_one_refused(court: Court, tmp_path: Path) -> None:
    ballot = counted(court)
    honest = b"".join(publishing.lines(ballot))
    altered = [honest.replace(old, new, 1) for old, new in ALTERED]
    assert honest not in altered
    assert [_checked(tmp_path, file, ballot) for file in (honest, *altered)] == [0, *[1] * len(altered)]


ALTERED = [
    (b'"content":"yes"', b'"content":"no"'),
    (b'"channel":"proxy"', b'"channel":"web"'),
    (b'"reason":"unsigned"', b'"reason":"altered"'),
    (b'"yes":[4,32000]', b'"yes":[5,40000]'),
    (b'"quorum":[2,3,false]', b'"quorum":[1,3,false]'),
    (b"8100", b"9100"),
]


def _checked(folder: Path, file: bytes, ballot: Ballot) -> int:
    path = folder / "tally.jsonl"
    path.write_bytes(file)
    command = [sys.executable, verify_tally.__file__, str(path), "--root", publishing.published(ballot)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ({"a": "红色", "b": "绿色"}, 0),
        ({"a": "白色", "b": "绿色"}, 1),
        ({"a": "红色"}, 1),
        ({"a": "绿色", "b": "红色"}, 2),
    ],
)
def test_the_words_of_the_options_stay_as_they_were_called(words: dict[str, str], count: int) -> None:
    rule = Rule(method="options", options=("a", "b"))
    ballot = procedure.owners(2, rule=rule, options={"a": "红色", "b": "绿色"}).ballot
    changed(ballot, options=words)
    assert len(list(auditing.check())) == count
