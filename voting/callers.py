"""Which bodies called a vote: those that its caller led at that moment."""

from django.db.models import QuerySet

from areas.models import Body
from people.models import Alias, Appointment
from people.roles import Right

from .models import Ballot


def bodies(ballot: Ballot) -> QuerySet[Body]:
    caller = Alias.objects.filter(ref=ballot.called_by).values("user")
    offices = Appointment.objects.current(ballot.called_at).with_right(Right.STEER).filter(user__in=caller)
    return Body.objects.filter(pk__in=offices.values("body"))
