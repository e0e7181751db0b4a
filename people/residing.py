"""From a claimed address to a verified home: claim, the grid worker's check, moving away."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from areas.models import Area
from ledger import recording
from ledger.actors import Actor
from ledger.models import Visibility

from . import entry, homes, policies
from .models import Residence, ResidenceState, User
from .verdict import Refused, no


@transaction.atomic
def claim(user: User, *, courtyard: Area, building: str, door: str, by: Actor, at: dt.datetime) -> Residence:
    """Say where one lives. Claiming the same home twice changes nothing; another one ends the former."""
    household = homes.household(courtyard, building, door)
    User.objects.select_for_update().get(pk=user.pk)  # one claim of a person at a time
    current = Residence.objects.current().filter(user=user).first()
    if current and current.household == household:
        return current
    if current:
        end(current, by=by, at=at)
    made = Residence.objects.create(
        user=user,
        courtyard=courtyard,
        building=homes.plain(building),
        door=homes.plain(door),
        household=household,
        claimed_at=at,
    )
    _tell("claimed", made, by=by, at=at)
    return made


def confirm(residence: Residence, *, by: User, at: dt.datetime) -> None:
    """The desk has seen that this person lives there."""
    _check(residence, ResidenceState.VERIFIED, by=by, at=at)


def refuse(residence: Residence, *, by: User, at: dt.datetime, reason: str) -> None:
    _check(residence, ResidenceState.REFUSED, by=by, at=at, refusal=reason)


@transaction.atomic
def end(residence: Residence, *, by: Actor, at: dt.datetime) -> None:
    """Moved away, or the claim was taken back."""
    current = Residence.objects.current().filter(pk=residence.pk)
    if current.update(state=ResidenceState.ENDED, ended_at=at):
        _tell("ended", residence, by=by, at=at)


@transaction.atomic
def register(*, name: str, phone: str, courtyard: Area, building: str, door: str, by: User, at: dt.datetime) -> User:
    """An account for an adult who stands at the desk, their home checked on the spot.

    phone: empty, or one whose code this person has just read out.
    """
    user = entry.new_account(phone, at=at, name=name, adult_at=at)
    confirm(claim(user, courtyard=courtyard, building=building, door=door, by=by, at=at), by=by, at=at)
    return user


@transaction.atomic
def _check(residence: Residence, to: ResidenceState, *, by: User, at: dt.datetime, refusal: str = "") -> None:
    if not (verdict := policies.may_check(by, residence, at)):
        raise Refused(verdict)
    waiting = Residence.objects.waiting().filter(pk=residence.pk)
    if not waiting.update(state=to, checked_at=at, checked_by=by, refusal=refusal):
        raise Refused(no(_("Somebody has dealt with this already.")))
    _tell(to.value, residence, by=by, at=at)


def _tell(what: str, residence: Residence, *, by: Actor, at: dt.datetime) -> None:
    recording.record(
        f"residence.{what}",
        chain=residence.courtyard.chain,
        subject=residence,
        by=by,
        at=at,
        visibility=Visibility.STAFF,
    )
