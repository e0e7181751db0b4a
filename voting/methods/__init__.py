"""The ways to vote and to count. Each method reads what a voter sends, and counts papers in any order."""

from django.utils.translation import gettext_lazy as _

from . import approval, equal_shares, knapsack, options, ranked, score, yes_no
from .papers import Method

METHODS = {
    method.key: method
    for method in (
        Method("yes_no", _("Yes, no or abstain"), yes_no.parse, yes_no.decide),
        Method("options", _("Several options, yes or no to each"), options.parse, options.decide),
        Method("approval", _("Tick what you agree to"), approval.parse, approval.decide),
        Method("ranked", _("Put the options in order"), ranked.parse, ranked.decide),
        Method("score", _("Give points"), score.parse, score.decide),
        Method("knapsack", _("Budget: the most chosen first"), knapsack.parse, knapsack.decide),
        Method("equal_shares", _("Budget: equal shares for everybody"), equal_shares.parse, equal_shares.decide),
    )
}

__all__ = ["METHODS", "Method"]
