"""How ballots, shares and results are put into words and bars."""

from typing import Any

from django import template
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from voting import statutes
from voting.models import Ballot
from voting.outcomes import Measure, Outcome
from voting.states import Result, State
from voting.tally import HALF, Share, percent

register = template.Library()

_STATES = {
    State.ANNOUNCED: ("open", "calendar-days"),
    State.OPEN: ("open", "vote"),
    State.CLOSED: ("open", "scale"),
    State.FINAL: ("end", "scale"),
    State.ANNULLED: ("alarm", "circle-x"),
    State.STOPPED: ("alarm", "circle-alert"),
}
_RESULTS = {
    Result.PASSED: ("done", "circle-check"),
    Result.NOT_PASSED: ("end", "circle-x"),
    Result.NO_QUORUM: ("end", "circle-minus"),
    Result.TIED: ("pause", "equal"),
}


@register.inclusion_tag("voting/_badge.html")
def ballot_badge(ballot: Ballot) -> dict[str, Any]:
    """The result, as long as it stands."""
    stands = ballot.result and ballot.state != State.ANNULLED
    tone, icon = _RESULTS[Result(ballot.result)] if stands else _STATES[State(ballot.state)]
    label = ballot.get_result_display() if stands else ballot.get_state_display()
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
    """The rule's name, and the words of the law behind it."""
    statute = statutes.get(code)
    return f"{statute.title}。{statute.basis}" if get_language() != "en" else f"{statute.title}. {statute.basis}"


@register.inclusion_tag("voting/_result_bar.html")
def result_bar(measure: Measure) -> dict[str, Any]:
    """Yes, no and abstentions as parts of all papers. Each part starts where the one before it ends."""
    papers = measure.papers
    edges = [percent(upto, papers, digits=2) for upto in (measure.yes, measure.yes + measure.no)]
    return {
        "measure": measure,
        "yes": percent(measure.yes, papers),
        "no": percent(measure.no, papers),
        "abstain": percent(measure.abstain, papers),
        "edges": edges,
        "widths": [percent(part, papers, digits=2) for part in (measure.yes, measure.no, measure.abstain)],
    }


@register.filter
def square(area: int) -> str:
    """Floor area in m², from 0.01 m²."""
    return f"{area // 100:,}.{area % 100:02} ㎡"


@register.filter
def money(amount: int) -> str:
    return f"¥{amount:,}"


@register.filter
def amount(n: int, measure: Measure) -> str:
    return square(n) if measure.by_area else heads(n)


@register.filter
def heads(n: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", n) % {"n": n}


@register.filter
def choices_template(method: str) -> str:
    """How a paper of this method is filled in."""
    return f"voting/choose/{method}.html"


@register.filter
def rule_template(method: str) -> str:
    """What passes, in words."""
    return f"voting/rule/{method}.html"


@register.filter
def tally_template(method: str) -> str:
    return f"voting/tally/{method}.html"


@register.filter
def winners(ballot: Ballot) -> str:
    outcome = ballot.outcome
    return "、".join(ballot.options[key] for key in outcome.winners) if outcome else ""


@register.filter
def counted_options(ballot: Ballot) -> list[dict[str, Any]]:
    """The options as announced, each with what was counted for it."""
    outcome = ballot.outcome
    assert outcome is not None
    badge = _("tied") if outcome.result == Result.TIED else _("chosen")
    return [
        {"text": ballot.options[key], "won": key in outcome.winners, "badge": badge, **outcome.counted(key)}
        for key in ballot.rule.options
    ]
