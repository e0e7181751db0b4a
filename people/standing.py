"""What a person is here today: where they live, and which offices they hold."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from areas.models import Area, Body

from .models import Appointment, Residence, ResidenceState, User
from .roles import Right


@dataclass(frozen=True)
class Standing:
    residence: Residence | None
    appointments: list[Appointment]

    @property
    def home(self) -> Area | None:
        """The courtyard in which this person is known to live."""
        verified = self.residence is not None and self.residence.state == ResidenceState.VERIFIED
        return self.residence.courtyard if self.residence and verified else None

    def bodies(self, right: Right) -> list[Body]:
        """In which bodies this person holds a right."""
        return list({office.body_id: office.body for office in self.appointments if office.allows(right)}.values())


def of(user: User, at: dt.datetime) -> Standing:
    """Two queries; within one request the answer is kept on the visitor (people.access gives them the room for it)."""
    if user.memo is None:
        return _look(user, at)
    if "standing" not in user.memo:
        user.memo["standing"] = _look(user, at)
    return cast(Standing, user.memo["standing"])


def _look(user: User, at: dt.datetime) -> Standing:
    return Standing(
        Residence.objects.current().filter(user=user).select_related("courtyard").first(),
        list(Appointment.objects.current(at).filter(user=user).select_related("body__area").order_by("pk")),
    )
