import pytest

from ledger.models import Event
from people.verdict import Refused
from proposals import endorsement
from proposals.models import Endorsement
from proposals.states import State
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


def test_at_the_threshold_deliberation_becomes_a_duty_once() -> None:
    court = Court()
    case = court.to(State.ENDORSING)
    for neighbour in court.endorsers[:4]:
        endorsement.endorse(case, by=neighbour, at=court.now)
    assert court.settle().state == State.ENDORSING
    endorsement.endorse(case, by=court.endorsers[4], at=court.now)
    assert court.settle().state == State.DELIBERATING
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
