"""What a ballot's page says of its published roll."""

import datetime as dt

from django import template

from voting import limits, rolls
from voting.models import Ballot, Unit

register = template.Library()


@register.simple_tag
def roll_check(ballot: Ballot) -> dt.datetime:
    """Until when everybody is asked to check the roll."""
    return limits.until(ballot.area, limits.ROLL_CHECK, ballot.called_at)


@register.filter
def masked(name: str) -> str:
    return rolls.masked(name)


@register.filter
def masked_door(unit: Unit) -> str:
    return rolls.masked_door(unit)
