"""How ballots, shares and results are put into words and bars."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from voting.models import Ballot
from voting.states import Basis, Result, State
from voting.tally import HALF, Outcome, Share, percent

register = template.Library()

_STATES = {
    State.ANNOUNCED: ("open", "calendar-days"),
    State.OPEN: ("open", "vote"),
    State.CLOSED: ("end", "scale"),
    State.STOPPED: ("alarm", "circle-alert"),
}
_RESULTS = {
    Result.PASSED: ("done", "circle-check"),
    Result.NOT_PASSED: ("end", "circle-x"),
    Result.NO_QUORUM: ("end", "circle-minus"),
}


@register.inclusion_tag("voting/_badge.html")
def ballot_badge(ballot: Ballot) -> dict[str, Any]:
    tone, icon = _RESULTS[Result(ballot.result)] if ballot.result else _STATES[State(ballot.state)]
    label = ballot.get_result_display() if ballot.result else ballot.get_state_display()
    return {"tone": tone, "icon": icon, "label": label}


@register.filter
def verdict_tone(outcome: Outcome) -> str:
    return _RESULTS[outcome.result][0]


@register.filter
def verdict_icon(outcome: Outcome) -> str:
    return _RESULTS[outcome.result][1]


@register.filter
def words(share: Share) -> str:
    """More than half, at least 2/3, more than 3/5."""
    if share == HALF:
        return _("more than half")
    fraction = f"{share.numerator}/{share.denominator}"
    return (_("more than %(share)s") if share.strict else _("at least %(share)s")) % {"share": fraction}


@register.filter
def basis(code: str) -> str:
    return str(Basis(code).label)


@register.inclusion_tag("voting/_result_bar.html")
def result_bar(outcome: Outcome) -> dict[str, Any]:
    """Yes, no and abstentions as parts of all papers. Each part starts where the one before it ends."""
    papers = outcome.papers
    edges = [percent(upto, papers, digits=2) for upto in (outcome.yes, outcome.yes + outcome.no)]
    return {
        "outcome": outcome,
        "yes": percent(outcome.yes, papers),
        "no": percent(outcome.no, papers),
        "abstain": percent(outcome.abstain, papers),
        "edges": edges,
        "widths": [percent(part, papers, digits=2) for part in (outcome.yes, outcome.no, outcome.abstain)],
    }
