"""Whom a case's events concern: computed from the event and from how the case stands."""

from collections.abc import Callable, Iterable

from areas import competence
from areas.models import Area, Body
from ledger.models import Event
from notifications import subscriptions
from people.models import Appointment
from people.roles import Right, holding

from .models import Endorsement, Proposal, ProposalQuerySet
from .states import State

Recipients = Callable[[Event], Iterable[int]]


def where_no_answer_is_due(event: Event) -> Iterable[int]:
    """Whose turn it is when a case was taken over that first has to be examined, talked over or voted on."""
    return () if event.payload["to"] == State.DECIDING else whose_turn(event)


def where_an_answer_is_due(event: Event) -> Iterable[int]:
    return office(Right.DECIDE)(event) if event.payload["to"] == State.DECIDING else ()


def following(event: Event) -> Iterable[int]:
    return subscriptions.of(event.chain_id)


def proposer(event: Event) -> Iterable[int]:
    return _standing_so(event).filter(proposer__isnull=False).values_list("proposer", flat=True)


def judges(event: Event) -> Iterable[int]:
    """The proposer and those who endorsed, as long as the result is still to be judged."""
    cases = _standing_so(event)
    endorsers = Endorsement.objects.filter(proposal__in=cases, user__isnull=False).values_list("user", flat=True)
    return [*proposer(event), *endorsers]


WHOSE_TURN: dict[str, tuple[Right, ...]] = {
    State.SUBMITTED: (Right.SCREEN,),
    State.SCREENING: (Right.SCREEN, Right.STEER),
    State.DECIDING: (Right.DECIDE, Right.STEER),
    State.IMPLEMENTING: (Right.HANDLE, Right.STEER),
    State.RECTIFYING: (Right.HANDLE, Right.STEER),
}


RESIDENTS_TURN = frozenset({State.EVALUATING, State.RETURNED, State.ENDORSING})


def whose_turn(event: Event) -> Iterable[int]:
    """Who is to act in the office that has the case now; nobody where it waits for residents."""
    state = event.payload["to"]
    if state in RESIDENTS_TURN:
        return ()
    return office(*WHOSE_TURN.get(state, (Right.STEER,)))(event)


def waiting_residents(event: Event) -> Iterable[int]:
    """The residents for whom the case waits."""
    if event.payload["to"] == State.EVALUATING:
        return judges(event)
    return proposer(event) if event.payload["to"] in RESIDENTS_TURN else ()


def supervisors(event: Event) -> Iterable[int]:
    """Who watches the body that had the case then, in its area or one above; also if it is elsewhere by now."""
    paths = Body.objects.filter(pk=event.payload["owner"]).values_list("area__path", flat=True)
    lineage = {path[:end] for path in paths for end in range(Area.steplen, len(path) + 1, Area.steplen)}
    supervising = Appointment.objects.current(event.at).with_right(Right.SUPERVISE)
    return supervising.filter(body__area__path__in=lineage).values_list("user", flat=True)


def upper_office(event: Event) -> Iterable[int]:
    """Who leads the body one level above the one that is late."""
    late = Body.objects.filter(pk=event.payload["owner"]).select_related("area").first()
    above = competence.above(late, event.at) if late else None
    roles = holding(Right.STEER)
    return Appointment.objects.current(event.at).filter(body=above, role__in=roles).values_list("user", flat=True)


def home_office(event: Event) -> Iterable[int]:
    """Who leads the body of the matter's home when another level has it: co-responsible, it tells the residents."""
    case = Proposal.objects.select_related("area").get(chain=event.chain_id)
    sitting = Body.objects.sitting(event.at).filter(area=case.area).exclude(pk=event.payload["owner"])
    leading = Appointment.objects.current(event.at).filter(body__in=sitting, role__in=holding(Right.STEER))
    return leading.values_list("user", flat=True)


def receiving(event: Event) -> Iterable[int]:
    """Who is to act on what came up; what nobody has accepted yet also concerns those who screen."""
    unscreened = event.payload["to"] == State.SUBMITTED
    return office(*[Right.SCREEN] * unscreened, Right.STEER)(event)


def both(*sources: Recipients) -> Recipients:
    return lambda event: [user for source in sources for user in source(event)]


def office(*rights: Right) -> Recipients:
    """Those with one of these rights in the body that has the case now, as long as it still waits for them."""
    roles = {role for right in rights for role in holding(right)}

    def holders(event: Event) -> Iterable[int]:
        bodies = _standing_so(event).values("owner")
        return (
            Appointment.objects.current(event.at).filter(body__in=bodies, role__in=roles).values_list("user", flat=True)
        )

    return holders


def _standing_so(event: Event) -> ProposalQuerySet:
    """The case, if it still is as this event left it: nobody is asked for an act that is already done."""
    return Proposal.objects.filter(
        chain=event.chain_id,
        state=event.payload["to"],
        owner=event.payload["owner"],
        state_since__lte=event.at,
    )
