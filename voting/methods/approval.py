"""Tick as many options as you like; the most ticked of those with a majority of the papers take the seats.

An equal number at the border of the seats decides nothing there: those above are sure, and a run-off between all that
are equal decides the rest.
"""

from typing import Any

from django.utils.translation import gettext as _

from ..states import Result
from ..tally import Rule
from .papers import Finding, Papers


def parse(content: Any, rule: Rule) -> list[str]:
    """In announced order. Nothing ticked is a vote for none of them, and takes part."""
    chosen = distinct(content, rule)
    return [key for key in rule.options if key in chosen]


def distinct(content: Any, rule: Rule) -> list[str]:
    if not isinstance(content, list) or any(key not in rule.options for key in content):
        raise ValueError(_("Choose only from the options of this vote."))
    if len(set(content)) < len(content):
        raise ValueError(_("Each option can be chosen only once."))
    return content


def decide(papers: Papers, rule: Rule) -> Finding:
    found = papers.supporters(rule)
    fit = [key for key in rule.options if rule.majority.met(found[key], papers.total.heads)]
    fit.sort(key=lambda key: -found[key])
    sure, tied = _seated(fit, found, rule.seats)
    result = Result.TIED if tied else Result.PASSED if sure else Result.NOT_PASSED
    return Finding(sure + tied, {"options": found}, {"sure": sure, "tied": tied}, result)


def _seated(fit: list[str], found: dict[str, int], seats: int) -> tuple[list[str], list[str]]:
    """fit: the most ticked first."""
    if len(fit) <= seats or found[fit[seats]] < found[fit[seats - 1]]:
        return fit[:seats], []
    border = found[fit[seats]]
    return [key for key in fit if found[key] > border], [key for key in fit if found[key] == border]
