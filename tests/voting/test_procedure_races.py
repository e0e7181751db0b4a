"""Voter, holder and clock at once, on whichever database the tests run: one paper, one end, one result."""

import datetime as dt
from collections.abc import Callable

import pytest

from people.verdict import Verdict
from tests import build
from tests.voting import procedure, urn
from tests.voting.test_concurrency import together
from voting import auditing, casting, clock, objections, policies, proxies, proxy_policies
from voting.models import BallotPaper, Proxy, RollEntry
from voting.states import Channel, ProxyState

pytestmark = pytest.mark.django_db(transaction=True)
LATE = urn.CLOSES - dt.timedelta(seconds=1)


def entrusted(count: int = 2) -> tuple[procedure.Owners, RollEntry, Proxy]:
    """Owner 0 has given owner 1 their proxy."""
    court = procedure.owners(count)
    right, facts = court.right(0), {"scope": "按他自己的意思投", "until": urn.CLOSES, "at": urn.AT}
    return court, right, proxies.give(right, holder=court.people[1], by=court.people[0], **facts)


def by_holder(court: procedure.Owners, right: RollEntry, at: dt.datetime = urn.AT) -> Callable[[], str]:
    return lambda: casting.cast(court.ballot, by=court.people[1], choice="no", at=at, entry=right)


def by_voter(court: procedure.Owners) -> Callable[[], str]:
    return lambda: casting.cast(court.ballot, by=court.people[0], choice="yes", at=urn.AT)


def test_of_voter_and_holder_one_is_first() -> None:
    court, right, proxy = entrusted()
    answers = together([by_voter(court), by_holder(court, right)])
    [paper] = BallotPaper.objects.effective().filter(entry=right)
    proxy.refresh_from_db()
    if paper.channel == Channel.WEB:
        assert (answers, proxy.state) == ([paper.receipt, proxy_policies.FIRST], ProxyState.REVOKED)
    else:
        assert (answers, proxy.state) == ([policies.VOTED, paper.receipt], ProxyState.USED)
    assert BallotPaper.objects.filter(entry=right).count() == 1
    assert list(auditing.faults(court.fresh())) == []


def test_a_holder_who_sends_thirty_times_casts_once() -> None:
    court, right, _proxy = entrusted()
    answers = together([by_holder(court, right)] * 30)
    codes = [answer for answer in answers if isinstance(answer, str)]
    assert [paper.receipt for paper in BallotPaper.objects.filter(entry=right)] == codes
    assert {answer for answer in answers if not isinstance(answer, str)} <= {
        proxy_policies.USED, proxy_policies.FIRST,
    }  # fmt: skip
    assert list(auditing.faults(court.fresh())) == []


def test_a_proxy_is_taken_back_or_used_never_both() -> None:
    court, right, proxy = entrusted()
    answers = together([lambda: proxies.revoke(proxy, by=court.people[0], at=urn.AT), by_holder(court, right)])
    proxy.refresh_from_db()
    papers = list(BallotPaper.objects.filter(entry=right).values_list("receipt", flat=True))
    if proxy.state == ProxyState.USED:
        assert answers == [proxy_policies.USED, *papers]
    else:
        assert (answers, papers) == ([None, proxy_policies.TAKEN_BACK], [])
    assert list(auditing.faults(court.fresh())) == []


def test_two_who_trust_the_same_neighbour_at_once_do_not_pass_the_cap() -> None:
    court = procedure.owners(6)
    holder = build.person("受托人", court.area)

    def give(n: int) -> Callable[[], Proxy]:
        facts = {"scope": "按他自己的意思投", "until": urn.CLOSES, "at": urn.AT}
        return lambda: proxies.give(court.right(n), holder=holder, by=court.people[n], **facts)

    answers = together([give(n) for n in range(6)])
    assert sum(isinstance(answer, Proxy) for answer in answers) == 3
    assert sum(isinstance(answer, Verdict) for answer in answers) == 3
    assert Proxy.objects.filter(holder=holder).count() == 3


def test_several_clocks_extend_and_count_once() -> None:
    court = procedure.owners(3)
    together([lambda: clock.sweep(urn.CLOSES)] * 5)
    end = court.fresh().closes_at
    together([lambda: clock.sweep(end)] * 5)
    kinds = [kind for kind, _payload in procedure.told(court.ballot, "ballot.extended", "ballot.closed")]
    assert kinds == ["ballot.extended", "ballot.closed"]


def test_several_clocks_remind_once_and_make_the_result_final_once() -> None:
    court = procedure.owners(1)
    together([lambda: clock.sweep(LATE)] * 5)
    court.cast("yes")
    until = court.sweep(urn.CLOSES).objections_until
    together([lambda: clock.sweep(until)] * 5)
    kinds = [kind for kind, _payload in procedure.told(court.ballot, "ballot.reminded", "ballot.final")]
    assert kinds == ["ballot.reminded", "ballot.final"]


def test_an_objection_in_the_last_moment_comes_before_the_final_result_or_is_refused() -> None:
    court = procedure.owners(1)
    court.cast("yes")
    until = court.sweep(urn.CLOSES).objections_until
    assert until is not None
    moment = until - dt.timedelta(seconds=1)
    made, _moved = together(
        [
            lambda: objections.make(court.ballot, grounds="计票有误，请复核。", by=court.people[0], at=moment),
            lambda: clock.sweep(until),
        ]
    )
    assert court.fresh().state == ("final" if isinstance(made, Verdict) else "closed")
