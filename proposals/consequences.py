"""What a move does to its own row and to lower rooms, in the move's transaction."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from areas import calendar
from areas.models import Category
from deliberation import discussion
from deliberation.models import Thread
from ledger.models import Visibility
from notifications import subscriptions
from people.verdict import Refused, no
from voting import balloting, calling
from voting.calling import Call

from . import deadlines, limits
from .models import Counter, Proposal
from .states import Exclusion, Outcome, State


@dataclass
class Step:
    """One move while it happens: `facts` go into the event, `changes` are columns written with the state."""

    proposal: Proposal
    by: Any
    at: dt.datetime
    facts: dict[str, Any]
    texts: dict[str, str]
    changes: dict[str, Any] = field(default_factory=dict)


def number(step: Step) -> None:
    step.changes |= {
        "number": Counter.next_number(step.at.astimezone(calendar.SHANGHAI).year),
        "submitted_at": step.at,
    }


def subscribe_proposer(step: Step) -> None:
    if step.proposal.proposer:
        subscriptions.add(step.proposal.proposer, step.proposal.chain)


def set_threshold(step: Step) -> None:
    needed = limits.households(step.proposal.area)
    step.changes["endorsements_needed"] = step.facts["needed"] = needed


def set_category(step: Step) -> None:
    """The code of a category among the facts; without one the case keeps what it has."""
    code = step.facts.pop("category", "")
    if not code:
        return
    step.changes["category"] = Category.objects.filter(code=code).first()
    if step.changes["category"] is None:
        raise Refused(no(_("Please choose a category from the list.")))
    step.facts["category"] = code


def remember_refuser(step: Step) -> None:
    step.changes["refused_by"] = step.by


def not_carried(step: Step) -> None:
    step.changes["outcome"] = step.facts["outcome"] = str(Outcome.NOT_CARRIED)


def mark_appealed(step: Step) -> None:
    step.changes["appealed"] = True


def mark_reviewed(step: Step) -> None:
    step.changes["reviewed"] = True


def change_proposer(step: Step) -> None:
    step.changes["proposer"] = step.by


def count_hand_back(step: Step) -> None:
    step.changes["hand_backs"] = step.facts["hand_backs"] = step.proposal.hand_backs + 1


def mark_assigned(step: Step) -> None:
    step.changes["assigned"] = True


def count_round(step: Step) -> None:
    """From the second failure on the supervision watches."""
    step.changes["rectified"] = step.facts["round"] = step.proposal.rectified + 1
    if step.proposal.rectified >= 1:
        step.changes["supervised_at"] = step.proposal.supervised_at or step.at


def judge_anew(step: Step) -> None:
    """What was said of the result so far does not count for the next one: that is judged in a round of its own."""
    if step.proposal.judgements.filter(round=step.proposal.rectified).exists():
        count_round(step)


def extend(step: Step) -> None:
    """At most by the step's own length; what was promised first stays visible."""
    case = step.proposal
    assert case.owner is not None and case.due_at is not None
    own = limits.period(case.owner.area, State(case.state))
    days = step.facts.get("days", 0)
    if not isinstance(days, int) or not 1 <= days <= own["n"]:
        raise Refused(no(_("Please give a number from 1 to %(most)s.") % {"most": own["n"]}))
    step.facts["was"] = case.due_at.isoformat()
    step.changes |= deadlines.lengthen(case, {"n": days, "unit": own["unit"]})


def prolong(step: Step) -> None:
    """until: the ISO instant to which the ballot has moved its end, or the time for objections to it."""
    case = step.proposal
    assert case.due_at is not None
    step.facts["was"] = case.due_at.isoformat()
    step.changes |= deadlines.prolong(case, dt.datetime.fromisoformat(step.facts.pop("until")))


def set_recheck(step: Step) -> None:
    """recheck_on: an ISO date, at most the policy's days away."""
    most = limits.period(step.proposal.area, State.DEFERRED)["n"]
    today = calendar.local_date(step.at)
    try:
        chosen = dt.date.fromisoformat(step.facts.get("recheck_on", ""))
    except ValueError:
        chosen = today  # what is no day is refused like one that is over
    if not today < chosen <= today + dt.timedelta(days=most):
        raise Refused(no(_("The re-check must be within %(most)s days from now.") % {"most": most}))
    step.changes["recheck_on"] = chosen
    if not step.texts.get("interim", "").strip():
        raise Refused(no(_("Please write what is done in the meantime.")))


def ask_exclusion(step: Step) -> None:
    step.changes |= {
        "exclusion": Exclusion.ASKED,
        "exclusion_reason": step.facts["reason"],
        "exclusion_by": step.by,
    }


def exclude(step: Step) -> None:
    step.changes["exclusion"] = Exclusion.EXCLUDED


def keep_counting(step: Step) -> None:
    step.changes |= {"exclusion": "", "exclusion_reason": "", "exclusion_by": None}


def open_thread(step: Step) -> None:
    case = step.proposal
    if not Thread.objects.filter(chain=case.chain).exists():
        discussion.open_thread(chain=case.chain, area=case.area, by=step.by, at=step.at, visibility=Visibility.PUBLIC)


def open_thread_to_deliberate(step: Step) -> None:
    if step.proposal.state == State.DELIBERATING:
        open_thread(step)


def close_thread(step: Step) -> None:
    thread = Thread.objects.filter(chain=step.proposal.chain, is_open=True).first()
    if thread:
        discussion.close_thread(thread, by=step.by, at=step.at)


def call_ballot(step: Step) -> None:
    """It opens when its notice is over, a residents' ballot at once, a show of hands with the meeting, and closes with
    the case's clock for voting."""
    assert step.proposal.due_at is not None
    call = called(step)
    balloting.call(
        chain=step.proposal.chain,
        area=step.proposal.area,
        question=step.texts["text"],
        plan=step.texts.get("plan", ""),
        opens_at=calling.opening(step.proposal.area, call, at=step.at, before=step.proposal.due_at),
        closes_at=step.proposal.due_at,
        by=step.by,
        at=step.at,
        rule=call.rule,
        options=call.options,
        roll_kind=call.roll_kind,
        part=call.part,
        place=call.place,
    )


def called(step: Step) -> Call:
    """What the mover chose of rule, method and roll; the house's own for residents where nothing was chosen."""
    asked = ("statute", "method", "budget", "part", "meets_at")
    chosen = {name: step.facts[name] for name in asked if step.facts.get(name)}
    chosen |= {"lines": step.texts.get("options", ""), "place": step.texts.get("place", "")}
    return calling.prepared(step.proposal.area, on=calendar.local_date(step.at), **chosen)
