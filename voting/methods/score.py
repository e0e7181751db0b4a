"""Points from 0 to the highest for every option; the most points win, and equal ones go to a run-off."""

from typing import Any

from django.utils.translation import gettext as _

from ..tally import Rule
from .papers import Finding, Papers, best


def parse(content: Any, rule: Rule) -> dict[str, int]:
    if not isinstance(content, dict) or content.keys() != set(rule.options) or not _fit(content, rule.max_score):
        raise ValueError(_("Give each option a whole number from 0 to %(most)s.") % {"most": rule.max_score})
    return {key: content[key] for key in rule.options}


def decide(papers: Papers, rule: Rule) -> Finding:
    found = {key: sum(content[key] * weight.heads for content, weight in papers.groups) for key in rule.options}
    most = max(found.values())
    return best([key for key, points in found.items() if points == most], options=found)


def _fit(content: dict[str, Any], most: int) -> bool:
    return all(type(points) is int and 0 <= points <= most for points in content.values())
