"""One question: yes, no or abstain. Exactly half of more-than-half fails, and so does a tie."""

from typing import Any

from django.utils.translation import gettext as _

from ..states import Choice, Result
from ..tally import Rule, Weight
from .papers import Finding, Papers


def parse(content: Any, rule: Rule) -> str:
    if content not in Choice.values:
        raise ValueError(_("Choose one of the three."))
    return str(content)


def decide(papers: Papers, rule: Rule) -> Finding:
    found = papers.answers()
    counted: dict[str, Any] = {choice: weight.data() for choice, weight in found.items()}
    if rule.silent:
        counted |= _silent(papers.roll - papers.total, found)
    passed = rule.met(rule.majority, found[Choice.YES], papers.total)
    return Finding([], counted, result=Result.PASSED if passed else Result.NOT_PASSED)


def _silent(silent: Weight, found: dict[str, Weight]) -> dict[str, Any]:
    """Those who sent no paper, and both sides if they had joined the larger one. It is shown and turns nothing."""
    yes, no = found[Choice.YES], found[Choice.NO]
    if yes.heads > no.heads:
        yes += silent
    elif no.heads > yes.heads:
        no += silent
    return {"silent": silent.data(), "with_silent": {"yes": yes.data(), "no": no.data()}}
