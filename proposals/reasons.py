"""Coded reasons for returning or rejecting, each with its basis: no refusal without one."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    """label: what the proposer reads; basis: the rule it rests on (domain.md §2, Beijing swift-response rules §11)."""

    label: Promise
    basis: Promise


RETURN = {
    "place_missing": Reason(_("The exact place is missing."), _("Rules of procedure, article 3")),
    "unclear": Reason(_("It is not clear what happened or who is affected."), _("Rules of procedure, article 3")),
    "wish_missing": Reason(_("It is not clear what is wished for."), _("Rules of procedure, article 3")),
    "several": Reason(_("Several matters in one: please file them one by one."), _("Rules of procedure, article 4")),
}
REJECT = {
    "private": Reason(
        _("A private matter between individuals, not a public affair of the neighbourhood."),
        _("Rules of procedure, article 5; people's mediation is open to you"),
    ),
    "statutory": Reason(
        _("The matter belongs to court, arbitration, review or petition procedure."),
        _("Regulations on the Handling of Petitions, article 31"),
    ),
    "liable_party": Reason(
        _("Somebody is already liable by contract or law to do it."), _("Rules of procedure, article 6")
    ),
    "unlawful": Reason(_("What is wished for would break the law."), _("Rules of procedure, article 5")),
    "repeated": Reason(_("The same matter is already under way."), _("Rules of procedure, article 7")),
}
HAND_UP = {
    "beyond_competence": Reason(_("Beyond the competence of this level."), _("Rules of escalation, article 1")),
    "beyond_budget": Reason(_("The cost is beyond this level's budget."), _("Rules of escalation, article 1")),
    "several_areas": Reason(_("It affects more than this area."), _("Rules of escalation, article 1")),
    "no_consensus": Reason(_("No agreement after deliberation."), _("Rules of escalation, article 2")),
    "vote_result": Reason(_("The vote asks the higher level to act."), _("Rules of escalation, article 2")),
}
HAND_BACK = {
    "own_competence": Reason(_("The lower level is competent itself."), _("Rules of escalation, article 3")),
    "papers_missing": Reason(_("What was handed up is incomplete."), _("Rules of escalation, article 3")),
}
