"""Several options, each answered by yes, no or abstain: first the majority for each, then the highest yes.

By floor area the highest yes must be highest both by heads and by area; where these are two, they are tied.
"""

from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from ..states import Choice
from ..tally import Rule, Weight
from .papers import Finding, Papers, best


def parse(content: Any, rule: Rule) -> dict[str, str]:
    if not isinstance(content, dict) or content.keys() != set(rule.options):
        raise ValueError(_("Answer each option with yes, no or abstain."))
    if not all(answer in Choice.values for answer in content.values()):
        raise ValueError(_("Answer each option with yes, no or abstain."))
    return {key: str(content[key]) for key in rule.options}


def decide(papers: Papers, rule: Rule) -> Finding:
    found = {key: papers.answers(itemgetter(key)) for key in rule.options}
    yes = {key: answers[Choice.YES] for key, answers in found.items()}
    fit = {key: weight for key, weight in yes.items() if rule.met(rule.majority, weight, papers.total)}
    counted = {key: {choice: weight.data() for choice, weight in answers.items()} for key, answers in found.items()}
    return best(_highest(fit, by_area=rule.by_area), options=counted)


def _highest(fit: dict[str, Weight], *, by_area: bool) -> list[str]:
    heads = max((weight.heads for weight in fit.values()), default=0)
    area = max((weight.area for weight in fit.values()), default=0)
    return [key for key, weight in fit.items() if weight.heads == heads or (by_area and weight.area == area)]
