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
    "liable_party": Reason(
        _("Somebody is already liable by contract or law to do it."), _("Rules of procedure, article 6")
    ),
    "unlawful": Reason(_("What is wished for would break the law."), _("Rules of procedure, article 5")),
    "repeated": Reason(_("The same matter is already under way."), _("Rules of procedure, article 7")),
}
REFER = {
    "statutory": Reason(
        _("The matter belongs to court, arbitration, review or petition procedure."),
        _("Regulations on the Handling of Petitions, article 31"),
    ),
    "hotline": Reason(
        _("A single service request: the 12345 hotline deals with it faster."), _("Rules of procedure, article 5")
    ),
    "mediation": Reason(
        _("A dispute between neighbours: people's mediation is open to you."),
        _("People's Mediation Law, article 2"),
    ),
}
CALL_UP = {
    "danger": Reason(_("People are in danger if it waits."), _("Rules of procedure, article 8")),
    "many": Reason(_("It plainly concerns everybody here."), _("Rules of procedure, article 8")),
    "own": Reason(_("The body has the same matter on its own agenda."), _("Rules of procedure, article 8")),
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
CLIMB = {
    "timer": Reason(_("Nobody acted in time."), _("Rules of escalation, article 4")),
    "appeal": Reason(_("Supporting households appealed to the next level."), _("Rules of escalation, article 5")),
}
HAND_DOWN = {
    "self_rule": Reason(_("The neighbourhood can settle it itself."), _("Rules of escalation, article 6")),
    "listed": Reason(_("The competence list names the lower level."), _("Rules of escalation, article 6")),
}
SUSPEND = {
    "expertise": Reason(_("An expert opinion or measurement is awaited."), _("Rules of procedure, article 12")),
    "authority": Reason(_("Another authority must decide first."), _("Rules of procedure, article 12")),
    "season": Reason(_("Weather or season do not allow it now."), _("Rules of procedure, article 12")),
    "party": Reason(_("A party that is needed cannot be reached."), _("Rules of procedure, article 12")),
}
EXTEND = {
    "complex": Reason(_("It is more complex than it seemed."), _("Rules of procedure, article 11")),
    "several_units": Reason(_("Several units must agree."), _("Rules of procedure, article 11")),
    "more_time": Reason(_("More people should be able to take part."), _("Rules of procedure, article 11")),
}
DEFER = {
    "policy": Reason(_("The rules in force do not allow it yet."), _("Rules of deferral, article 2")),
    "history": Reason(_("A question from the past must be settled first."), _("Rules of deferral, article 2")),
    "funds": Reason(_("There is no money for it this year."), _("Rules of deferral, article 2")),
}
EXCLUDE = {
    "beyond_competence": Reason(_("Outside this office's competence."), _("Rules of evaluation, article 6")),
    "unfounded": Reason(_("What was reported was found not to be so."), _("Rules of evaluation, article 6")),
    "unlawful": Reason(_("What is wished for would break the law."), _("Rules of evaluation, article 6")),
}
REOPEN = {
    "not_done": Reason(_("What was reported as done is not done."), _("Rules of supervision, article 3")),
    "came_back": Reason(_("The trouble has come back."), _("Rules of supervision, article 3")),
}
REASSIGN = {
    "idle": Reason(_("The office did not act in spite of reminders."), _("Rules of supervision, article 4")),
    "listed": Reason(_("The competence list names another office."), _("Rules of supervision, article 4")),
}
