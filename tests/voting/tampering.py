"""What somebody with the database does to a named vote of all channels, one thing at a time."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from areas import policy
from ledger.actors import SYSTEM
from people.models import User
from tests import build
from tests.voting import procedure, slips, urn
from voting import auditing, casting, corrections, limits, proxies
from voting.models import Ballot, BallotPaper, Proxy, RollCorrection, Slip
from voting.states import ChangeKind, Channel, ProxyState, Ruling

HOUR = dt.timedelta(hours=1)
CHANGED, ENTRUSTED, ON_PAPER, UNSIGNED, PLAIN, HOLDER, SILENT = range(7)
Court = procedure.Owners
Tamper = Callable[[Court], set[str]]


def voted() -> Court:
    """Seven flats. The first owner changed their mind, the others voted by proxy, on paper, with a slip that nobody
    signed, twice on the web, and one not at all; one floor area was corrected."""
    here = build.courtyard()
    policy.assign(here, f"{limits.EXTENSION}.owners", {"n": 0, "unit": "day"}, by=SYSTEM, at=urn.AT)
    found = procedure.owners(7)
    clerks = slips.clerks(3, here)
    _correct(found, clerks)
    found.cast("yes")
    found.cast("no", at=urn.AT + HOUR)
    _entrust(found, found.people[HOLDER])
    for n, word in ((ON_PAPER, "yes"), (UNSIGNED, "unsigned")):
        slips.read(_slip(found, n, clerks[0]), clerks, word, word)
    for n in (PLAIN, HOLDER):
        casting.cast(found.ballot, by=found.people[n], choice="yes", at=urn.AT)
    return found


def _correct(court: Court, clerks: list[User]) -> None:
    right = court.right(SILENT)
    facts: dict[str, Any] = {"entry": right, "unit": right.units[0], "area": 8_100}
    asked = corrections.ask(court.ballot, ChangeKind.AREA, reason="量错了。", by=clerks[0], at=urn.AT, **facts)
    corrections.make(asked, by=clerks[1], at=urn.AT)


def _entrust(court: Court, holder: User) -> None:
    giver = court.people[ENTRUSTED]
    right, facts = court.right(ENTRUSTED), {"scope": "由他决定", "until": urn.CLOSES}
    proxies.give(right, holder=holder, by=giver, at=urn.AT, **facts)
    casting.cast(court.ballot, by=holder, choice="yes", at=urn.AT, entry=right)


def _slip(court: Court, n: int, clerk: User) -> Slip:
    owner = court.right(n).owner
    assert owner
    return slips.slip_for(court.ballot, owner, clerk)


def effective(court: Court, n: int) -> BallotPaper:
    return BallotPaper.objects.effective().get(entry=court.right(n))


def changed(row: Model, **facts: Any) -> str:
    """In the database alone: no rule of the application is asked. Returns how verify would name the row."""
    QuerySet(type(row)).filter(pk=row.pk).update(**facts)
    return named(row)


def removed(row: Model) -> str:
    name, rows = named(row), QuerySet[Model](type(row)).filter(pk=row.pk)
    rows._raw_delete(rows.db)
    return name


def named(row: Model) -> str:
    return f"{row._meta.label_lower} {'' if isinstance(row, BallotPaper) else '#'}{row.pk}"


def findings() -> set[str]:
    return {problem.row for problem in auditing.check()}


def counted(court: Court) -> Ballot:
    return court.sweep(urn.CLOSES)


# ── what is changed; each returns the rows that verify should name ───────────


def to_another_right(court: Court) -> set[str]:
    return {changed(effective(court, PLAIN), entry=court.right(SILENT))}


def swapped(court: Court) -> set[str]:
    """One owner's paper under the other's name, and the other way round."""
    one, other = effective(court, PLAIN), effective(court, CHANGED)
    changed(one, entry=court.right(SILENT))
    return {changed(other, entry=court.right(PLAIN)), changed(one, entry=court.right(CHANGED))}


def back_to_the_first_choice(court: Court) -> set[str]:
    last = effective(court, CHANGED)
    first = BallotPaper.objects.get(entry=court.right(CHANGED), superseded=True)
    changed(last, superseded=True, content=None)
    return {changed(first, superseded=False, content=None if last.content is None else "yes")}


def only_the_second_choice(court: Court) -> set[str]:
    """As if nobody had changed their mind."""
    removed(BallotPaper.objects.get(entry=court.right(CHANGED), superseded=True))
    return {named(effective(court, CHANGED))}


def with_a_proxy_made_later(court: Court) -> set[str]:
    made = Proxy(entry=court.right(PLAIN), holder=court.people[HOLDER], scope="x", given_at=urn.AT, until=urn.CLOSES)
    made.recorded_by, made.state, made.ended_at = court.people[PLAIN], ProxyState.USED, urn.AT
    made.save()
    return {named(made)}


def as_if_by_proxy(court: Court) -> set[str]:
    """The proxy's row and the paper's channel fit each other."""
    paper = effective(court, PLAIN)
    changed(court.right(PLAIN), channel=Channel.PROXY)
    return {changed(paper, channel=Channel.PROXY), named(court.right(PLAIN)), *with_a_proxy_made_later(court)}


def without_its_proxy(court: Court) -> set[str]:
    return {removed(Proxy.objects.get()) and named(court.right(ENTRUSTED))}


def without_a_paper_vote(court: Court) -> set[str]:
    """Taken out together with its mark."""
    removed(effective(court, ON_PAPER))
    changed(court.right(ON_PAPER), voted=False, channel="")
    return {named(slip_of(court, ON_PAPER))}


def without_a_proxy_vote(court: Court) -> set[str]:
    removed(effective(court, ENTRUSTED))
    return {changed(court.right(ENTRUSTED), voted=False, channel="")}


def without_a_slip(court: Court) -> set[str]:
    slip = slip_of(court, ON_PAPER)
    for reading in slip.readings.all():
        removed(reading)
    return {removed(slip) and named(court.right(ON_PAPER))}


def without_a_reading(court: Court) -> set[str]:
    slip = slip_of(court, ON_PAPER)
    removed(slip.readings.order_by("pk")[0])
    return {named(slip)}


def put_aside(court: Court) -> set[str]:
    slip = slip_of(court, ON_PAPER)
    return {changed(slip, state="invalid", fault="unsigned"), named(court.right(ON_PAPER))}


def another_mark(court: Court) -> set[str]:
    changed(court.right(PLAIN), channel=Channel.PAPER)
    return {named(court.ballot)}


def another_place(court: Court) -> set[str]:
    """Units and floor area of a right that was corrected fit each other."""
    return {changed(court.right(SILENT), units=[["3栋 7**", 99_000]], floor_area=99_000)}


def the_roll_and_its_sums(court: Court) -> set[str]:
    right, total = court.right(PLAIN), court.fresh().roll_area
    changed(right, units=[[right.units[0][0], 80_000]], floor_area=80_000)
    return {changed(court.ballot, roll_area=total + 72_000)}


def slip_of(court: Court, n: int) -> Slip:
    return Slip.objects.get(entry=court.right(n))


def of_a_slip(n: int, **facts: Any) -> Tamper:
    return lambda court: {changed(slip_of(court, n), **facts)}


def of_the_ballot(**facts: Any) -> Tamper:
    return lambda court: {changed(court.ballot, **facts)}


def of_a_paper(**facts: Any) -> Tamper:
    return lambda court: {changed(effective(court, PLAIN), **facts)}


def by_another_channel(court: Court) -> set[str]:
    return {changed(effective(court, PLAIN), channel=Channel.PAPER), named(court.right(PLAIN))}


def of_the_correction(**facts: Any) -> Tamper:
    return lambda court: {changed(RollCorrection.objects.get(), **facts)}


TAMPERING: dict[str, Tamper] = {
    "a paper moves to another right": to_another_right,
    "two papers are swapped": swapped,
    "a change of mind is undone": back_to_the_first_choice,
    "a change of mind is hidden": only_the_second_choice,
    "a paper came by another channel": by_another_channel,
    "a receipt is changed": of_a_paper(receipt="AAAA-AAAA"),
    "a mark has another channel": another_mark,
    "a proxy is made after the fact": with_a_proxy_made_later,
    "a vote looks as if a proxy had cast it": as_if_by_proxy,
    "a proxy is taken away": without_its_proxy,
    "a proxy vote is taken out": without_a_proxy_vote,
    "a paper vote is taken out": without_a_paper_vote,
    "a slip is taken out": without_a_slip,
    "a slip has another fault": of_a_slip(UNSIGNED, fault="altered"),
    "a slip that did not count is valid": of_a_slip(UNSIGNED, state="valid", fault=""),
    "a slip that counts is put aside": put_aside,
    "a reading is taken away": without_a_reading,
    "a floor area is changed": lambda court: {changed(court.right(PLAIN), floor_area=99_000)},
    "a corrected right is changed": another_place,
    "a right is changed with the sums": the_roll_and_its_sums,
    "a correction is taken away": lambda court: {removed(RollCorrection.objects.get())},
    "a correction has another reason": of_the_correction(reason="别的。"),
    "a correction has another day": of_the_correction(made_at=urn.AT + HOUR),
    "a correction is by somebody else": lambda court: {changed(RollCorrection.objects.get(), asked_by=court.chair)},
    "a correction is open again": of_the_correction(ruling=Ruling.OPEN, made_by=None, made_at=None),
    "the rule is changed": of_the_ballot(terms=procedure.RULE.data() | {"quorum": [1, 9, False]}),
    "the question is changed": of_the_ballot(question="另一件事"),
    "the plan is changed": of_the_ballot(plan="另一个方案"),
    "the caller is changed": of_the_ballot(called_by="0" * 64),
    "the notice is dated back": of_the_ballot(called_at=urn.AT - 30 * procedure.DAY),
    "the opening is moved": of_the_ballot(opens_at=urn.AT + HOUR),
    "another roll is named": of_the_ballot(part="3栋"),
}
