"""Somebody votes for a neighbour: in writing, for one ballot, until a day, and once."""

import datetime as dt

import pytest

from areas import policy
from ledger import following
from ledger.models import Event, Visibility
from notifications.models import Notice
from people.models import User
from people.roles import RoleKey
from people.verdict import Refused, Verdict
from tests import build
from tests.voting import procedure, slips, urn
from voting import auditing, casting, clock, keying, paper, policies, proxies, proxy_policies, slip_making
from voting.models import BallotPaper, Proxy, RollEntry
from voting.states import Channel, ProxyState

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
SCOPE = "按他自己的意思投"


def give(
    court: procedure.Owners, giver: int, holder: User, *, until: dt.datetime = urn.CLOSES, at: dt.datetime = urn.AT
) -> Proxy:
    by = court.people[giver]
    return proxies.give(court.right(giver), holder=holder, scope=SCOPE, until=until, by=by, at=at)


def refused(act: object, *args: object, **facts: object) -> Verdict:
    with pytest.raises(Refused) as error:
        act(*args, **facts)  # type: ignore[operator]
    return error.value.verdict


def standing(court: procedure.Owners, n: int) -> tuple[bool, str, int]:
    """Whether the right was used, by which channel, and how many papers count for it."""
    right = court.right(n)
    return right.voted, right.channel, BallotPaper.objects.effective().filter(entry=right).count()


def test_the_holder_casts_for_the_voter_and_for_themself() -> None:
    court = procedure.owners(2)
    holder = court.people[1]
    proxy = give(court, 0, holder)
    code = casting.cast(court.ballot, by=holder, choice="yes", at=urn.AT, entry=court.right(0))
    casting.cast(court.ballot, by=holder, choice="no", at=urn.AT)
    proxy.refresh_from_db()
    assert (proxy.state, proxy.ended_at) == (ProxyState.USED, urn.AT)
    assert (standing(court, 0), standing(court, 1)) == ((True, Channel.PROXY, 1), (True, Channel.WEB, 1))
    assert BallotPaper.objects.get(entry=court.right(0)).receipt == code
    counted = court.sweep(urn.CLOSES)
    assert (counted.tally["yes"], counted.tally["no"]) == ([1, procedure.AREA], [1, procedure.AREA])
    assert list(auditing.check()) == []


def test_giving_and_using_are_on_record_and_the_choice_is_not() -> None:
    court = procedure.owners(2)
    holder = court.people[1]
    proxy = give(court, 0, holder)
    casting.cast(court.ballot, by=holder, choice="yes", at=urn.AT, entry=court.right(0))
    codes = {"ballot": court.ballot.pk, "proxy": proxy.pk, "right": court.right(0).token}
    assert procedure.told(court.ballot, "proxy.given", "proxy.used") == [
        ("proxy.given", codes | {"on_paper": False, "due": "2026-11-25T02:00:00.000000Z"}),
        ("proxy.used", codes),
    ]
    assert set(Event.objects.filter(kind__startswith="proxy.").values_list("visibility", flat=True)) == {
        Visibility.STAFF
    }


def test_the_holder_is_asked_and_the_voter_learns_that_it_was_used() -> None:
    court = procedure.owners(2)
    holder = court.people[1]
    give(court, 0, holder)
    following.drain(urn.AT)
    asked = Notice.objects.get(kind="proxy.given")
    assert (asked.user_id, asked.due_at, asked.done_at) == (holder.pk, urn.CLOSES, None)
    casting.cast(court.ballot, by=holder, choice="yes", at=urn.AT + SECOND, entry=court.right(0))
    following.drain(urn.AT + SECOND)
    asked.refresh_from_db()
    own = Notice.objects.get(kind="ballot_opened_named", user=court.people[0])
    told = Notice.objects.filter(kind="proxy.used").values_list("user_id", flat=True)
    assert (asked.done_at, own.done_at, list(told)) == (urn.AT + SECOND, urn.AT, [court.people[0].pk])


def test_what_was_taken_back_cannot_be_used() -> None:
    court = procedure.owners(2)
    holder = court.people[1]
    proxy = give(court, 0, holder)
    proxies.revoke(proxy, by=court.people[0], at=urn.AT)
    verdict = refused(casting.cast, court.ballot, by=holder, choice="yes", at=urn.AT, entry=court.right(0))
    assert (verdict, standing(court, 0)) == (proxy_policies.TAKEN_BACK, (False, "", 0))
    assert give(court, 0, holder).state == ProxyState.GIVEN


def test_what_was_used_cannot_be_taken_back_or_changed_by_anybody() -> None:
    court = procedure.owners(2)
    voter, holder = court.people
    proxy = give(court, 0, holder)
    casting.cast(court.ballot, by=holder, choice="yes", at=urn.AT, entry=court.right(0))
    again = {"choice": "no", "at": urn.AT}
    assert refused(proxies.revoke, proxy, by=voter, at=urn.AT) == proxy_policies.USED
    assert refused(casting.cast, court.ballot, by=holder, entry=court.right(0), **again) == proxy_policies.USED
    assert refused(casting.cast, court.ballot, by=voter, **again) == policies.VOTED
    casting.cast(court.ballot, by=holder, **again)
    assert court.sweep(urn.CLOSES).tally["yes"] == [1, procedure.AREA]


def test_who_votes_themself_takes_the_proxy_back_and_may_change_their_mind() -> None:
    court = procedure.owners(2)
    holder = court.people[1]
    proxy = give(court, 0, holder)
    court.cast("yes")
    proxy.refresh_from_db()
    assert proxy.state == ProxyState.REVOKED
    verdict = refused(casting.cast, court.ballot, by=holder, choice="no", at=urn.AT, entry=court.right(0))
    assert verdict == proxy_policies.FIRST
    court.cast("abstain", "no")
    assert court.sweep(urn.CLOSES).tally["abstain"] == [1, procedure.AREA]


def test_who_votes_on_paper_takes_the_proxy_back_too() -> None:
    court = procedure.owners(2)
    proxy, clerks = give(court, 0, court.people[1]), slips.clerks()
    [slip] = slip_making.make_out(court.ballot, [court.right(0)], by=clerks[0], at=urn.AT)
    paper.take_back(slip, by=clerks[0], at=urn.AT)
    for clerk in clerks[:2]:
        keying.read(slip, keying.Said("no"), by=clerk, at=urn.AT)
    proxy.refresh_from_db()
    assert (proxy.state, standing(court, 0)) == (ProxyState.REVOKED, (True, "paper", 1))
    assert list(auditing.check()) == []


def test_nobody_casts_for_others_without_a_proxy() -> None:
    court = procedure.owners(3)
    give(court, 0, court.people[1])
    verdict = refused(casting.cast, court.ballot, by=court.people[2], choice="yes", at=urn.AT, entry=court.right(0))
    assert (verdict, standing(court, 0)) == (proxy_policies.NO_PROXY, (False, "", 0))


def test_the_term_ends_it_and_another_can_be_given_then() -> None:
    court = procedure.owners(3)
    day = urn.AT + procedure.DAY
    give(court, 0, court.people[1], until=day)
    assert refused(give, court, 0, court.people[2]) == proxy_policies.ONE_ALREADY
    late = refused(casting.cast, court.ballot, by=court.people[1], choice="yes", at=day, entry=court.right(0))
    assert (late, give(court, 0, court.people[2], at=day).state) == (proxy_policies.EXPIRED, ProxyState.GIVEN)


@pytest.mark.parametrize(
    ("until", "verdict"),
    [
        (urn.CLOSES + SECOND, proxy_policies.TOO_LONG),
        (urn.AT, proxy_policies.TOO_SHORT),
    ],
)
def test_a_term_lies_between_now_and_the_end(until: dt.datetime, verdict: Verdict) -> None:
    court = procedure.owners(2)
    assert refused(give, court, 0, court.people[1], until=until) == verdict


def test_a_proxy_given_after_the_close_never_counts() -> None:
    court = procedure.owners(2)
    assert refused(give, court, 0, court.people[1], at=urn.CLOSES, until=urn.CLOSES + SECOND) == policies.OVER
    assert Proxy.objects.count() == 0


def test_it_can_be_given_before_voting_begins_but_not_used() -> None:
    court = procedure.owners(2, opens_at=urn.AT + procedure.DAY)
    give(court, 0, court.people[1])
    verdict = refused(casting.cast, court.ballot, by=court.people[1], choice="yes", at=urn.AT, entry=court.right(0))
    assert verdict == policies.NOT_YET


def test_a_secret_vote_has_no_proxies() -> None:
    first, second = urn.neighbours(2)
    ballot = urn.call()
    right = RollEntry.objects.get(ballot=ballot, voter=first)
    verdict = refused(proxies.give, right, holder=second, scope=SCOPE, until=urn.CLOSES, by=first, at=urn.AT)
    assert verdict == proxy_policies.SECRET


def test_only_the_voter_gives_and_nobody_to_themself() -> None:
    court = procedure.owners(2)
    stranger = court.people[1]
    right, facts = court.right(0), {"scope": SCOPE, "until": urn.CLOSES, "at": urn.AT}
    assert refused(proxies.give, right, holder=stranger, by=stranger, **facts) == proxy_policies.NOT_YOURS
    assert refused(give, court, 0, court.people[0]) == proxy_policies.OWN


def test_who_is_not_known_or_holds_an_office_here_holds_no_proxy() -> None:
    court = procedure.owners(1)
    officer = build.staff("委员", build.body(court.area), RoleKey.MODERATOR)
    build.home(officer, court.area, "999")
    build.home(court.chair, court.area, "998")
    verdicts = [refused(give, court, 0, who) for who in (build.person("无家"), officer, court.chair)]
    assert verdicts == [proxy_policies.UNKNOWN, proxy_policies.OFFICER, proxy_policies.OFFICER]


def test_the_caller_from_a_higher_body_holds_none_either() -> None:
    area = build.courtyard()
    caller = build.staff("主任", build.body(area.get_parent()), RoleKey.CHAIR)
    build.home(caller, area, "997")
    court = procedure.owners(2, by=caller)
    assert refused(give, court, 0, caller) == proxy_policies.OFFICER


@pytest.mark.parametrize("most", [1, 3])
def test_nobody_holds_more_than_the_area_allows_used_ones_too(most: int) -> None:
    court = procedure.owners(most + 1)
    policy.assign(court.area, "voting.proxies_most", most, by=court.chair, at=urn.AT)
    holder = build.person("受托人", court.area)
    for n in range(most):
        give(court, n, holder)
    casting.cast(court.ballot, by=holder, choice="yes", at=urn.AT, entry=court.right(0))
    assert not refused(give, court, most, holder).allowed
    if most > 1:
        proxies.revoke(Proxy.objects.get(entry=court.right(1)), by=court.people[1], at=urn.AT)
        assert give(court, most, holder).state == ProxyState.GIVEN


def test_a_clerk_records_a_letter_and_the_voter_is_told() -> None:
    court = procedure.owners(2)
    clerk = build.staff("文员", build.body(court.area.get_parent()), RoleKey.CLERK)
    facts = {"scope": SCOPE, "until": urn.CLOSES, "letter": b"JPEG", "by": clerk, "at": urn.AT}
    proxy = proxies.record_letter(court.right(0), holder=court.people[1], **facts)
    following.drain(urn.AT)
    told = Notice.objects.filter(kind__in=["proxy.given", "proxy.recorded"]).values_list("kind", "user")
    assert set(told) == {("proxy.given", court.people[1].pk), ("proxy.recorded", court.people[0].pk)}
    with proxy.letter.open() as kept:
        assert kept.read() == b"JPEG"
    assert court.right(0).token not in proxy.letter.name


def test_only_who_keeps_the_roll_records_a_letter() -> None:
    court = procedure.owners(2)
    facts = {"scope": SCOPE, "until": urn.CLOSES, "letter": b"JPEG", "at": urn.AT}
    for by in (court.people[0], court.people[1], court.chair):
        assert not refused(proxies.record_letter, court.right(0), holder=court.people[1], by=by, **facts).allowed
    assert Proxy.objects.count() == 0


def test_what_lasts_until_the_end_follows_an_extension() -> None:
    court = procedure.owners(3)
    whole, part = give(court, 0, court.people[2]), give(court, 1, court.people[2], until=urn.AT + procedure.DAY)
    longer = court.sweep(urn.CLOSES).closes_at
    assert [Proxy.objects.get(pk=proxy.pk).until for proxy in (whole, part)] == [longer, urn.AT + procedure.DAY]
    assert casting.cast(court.ballot, by=court.people[2], choice="yes", at=urn.CLOSES, entry=court.right(0))


def test_a_holder_is_found_only_by_phone_and_name_together() -> None:
    home = build.courtyard()
    known = build.person("竹筠", home, phone="00012345678")
    build.person("同住人", home, phone="00012345678")
    build.person("未核实", phone="00012345678")
    tries = [
        ("00012345678", "竹筠"),
        ("00012345678", "别人"),
        ("00012345679", "竹筠"),
        ("00012345678", "未核实"),
        ("", "竹筠"),
    ]
    assert [proxies.find_holder(*typed) for typed in tries] == [known, None, None, None, None]


def test_a_proxy_forged_in_the_database_is_found() -> None:
    court = procedure.owners(3)
    holder = court.people[1]
    forged = Proxy.objects.create(
        entry=court.right(0), holder=holder, scope="", given_at=urn.AT, until=urn.CLOSES, recorded_by=holder
    )
    casting.cast(court.ballot, by=holder, choice="yes", at=urn.AT, entry=court.right(0))
    right = court.right(0)
    assert [str(problem) for problem in auditing.faults(court.fresh())] == [
        f"voting.rollentry #{right.pk}: a paper by proxy and a used proxy do not go together here",
        f"voting.proxy #{forged.pk}: nothing in the ledger says that it was given before the end, and used",
    ]


def test_a_paper_whose_proxy_is_gone_is_found() -> None:
    court = procedure.owners(2)
    proxy = give(court, 0, court.people[1])
    casting.cast(court.ballot, by=court.people[1], choice="yes", at=urn.AT, entry=court.right(0))
    assert list(auditing.faults(court.fresh())) == []
    Proxy.objects.filter(pk=proxy.pk).update(state=ProxyState.REVOKED)
    assert [problem.what for problem in auditing.faults(court.fresh())] == [
        "a paper by proxy and a used proxy do not go together here"
    ]
    clock.sweep(urn.CLOSES)
    assert court.fresh().state == "stopped"
