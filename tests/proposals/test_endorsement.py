import pytest
from django.utils import translation

from areas import policy
from ledger.actors import SYSTEM
from ledger.models import Event
from people.verdict import Refused
from proposals import diagram, endorsement, limits
from proposals.models import Endorsement, Proposal
from proposals.moves import TABLE
from proposals.states import ENDED, State
from tests import build
from tests.proposals.court import Court

pytestmark = pytest.mark.django_db


def test_one_door_counts_once() -> None:
    court = Court()
    case = court.to(State.ENDORSING)
    wife = build.person("她", court.courtyard, "501")
    husband = build.person("他", court.courtyard, "五〇一室".replace("五〇一", "501"))
    assert endorsement.endorse(case, by=wife, at=court.now) is True
    assert endorsement.endorse(case, by=wife, at=court.now) is False
    assert endorsement.endorse(case, by=husband, at=court.now) is False
    assert Endorsement.objects.filter(proposal=case).count() == 1


def test_at_the_threshold_the_examination_and_the_deliberation_become_a_duty_once() -> None:
    court = Court()
    case = court.to(State.ENDORSING)
    for neighbour in court.endorsers[:4]:
        endorsement.endorse(case, by=neighbour, at=court.now)
    assert court.settle().state == State.ENDORSING
    endorsement.endorse(case, by=court.endorsers[4], at=court.now)
    assert court.settle().state == State.SCREENING
    endorsement.endorse(case, by=court.people["neighbours"], at=court.now)
    events = Event.objects.filter(chain_id=case.chain, kind="case.qualified")
    assert [event.payload["households"] for event in events] == [5]


def test_only_residents_of_the_area_while_it_is_open() -> None:
    court = Court()
    case = court.to(State.ENDORSING)
    unchecked = build.person("新来的")
    for nobody in (court.people["stranger"], unchecked, court.people["chair"]):
        with pytest.raises(Refused):
            endorsement.endorse(case, by=nobody, at=court.now)
    with pytest.raises(Refused):
        endorsement.endorse(case, by=court.endorsers[0], at=case.due_at)
    assert Endorsement.objects.count() == 0


def test_taken_back_while_it_may_be() -> None:
    court = Court()
    case = court.to(State.ENDORSING)
    endorsement.endorse(case, by=court.endorsers[0], at=court.now)
    endorsement.withdraw(case, by=court.endorsers[0], at=court.now)
    assert Endorsement.objects.count() == 0
    court.endorse()
    with pytest.raises(Refused):
        endorsement.withdraw(court.case, by=court.endorsers[0], at=court.now)
    assert Endorsement.objects.count() == 5


def test_from_the_examination_and_the_deliberation_no_move_drops_the_matter() -> None:
    duty = (State.SCREENING, State.DELIBERATING)
    ways = {(move.verb, source, target) for move in TABLE for source, target in diagram.ways(move) if source in duty}
    assert ("open", State.SCREENING, State.DELIBERATING) in ways
    assert [way for way in ways if way[2] in ENDED] == []


def test_after_the_threshold_more_households_still_join_until_it_comes_to_a_vote() -> None:
    court = Court()
    court.to(State.DELIBERATING)
    assert endorsement.endorse(court.case, by=court.people["neighbours"], at=court.now) is True
    court.call()
    late = build.person("晚来的", court.courtyard)
    with translation.override("en"), pytest.raises(Refused, match=r"^Endorsements are not being collected now\.$"):
        endorsement.endorse(court.case, by=late, at=court.now)
    assert Endorsement.objects.count() == 6


def test_each_level_has_its_own_threshold() -> None:
    court = Court()
    community = court.courtyard.get_parent()
    areas = [court.courtyard, community, community.get_parent(), court.courtyard.get_root()]
    assert [limits.households(area) for area in areas] == [5, 20, 50, 100]
    policy.assign(community, "case.households.courtyard", 3, by=SYSTEM, at=court.now)
    assert [limits.households(area) for area in areas] == [3, 20, 50, 100]


def test_a_district_s_matter_also_qualifies_when_three_communities_reach_their_own_threshold() -> None:
    court = Court()
    policy.assign(court.courtyard.get_root(), "case.households.community", 2, by=SYSTEM, at=court.now)
    court.to(State.ENDORSING)
    Proposal.objects.update(area=court.courtyard.get_root(), endorsements_needed=100)
    others = [build.courtyard(f"{name}一院", within=build.community(name)) for name in ("营门口社区", "长庆社区")]
    people = [build.person(f"居民{n}", place) for place in (court.courtyard, *others) for n in range(2)]
    for neighbour in people[:5]:
        endorsement.endorse(court.case, by=neighbour, at=court.now)
    assert court.settle().state == State.ENDORSING
    endorsement.endorse(court.case, by=people[5], at=court.now)
    assert court.settle().state == State.SCREENING
