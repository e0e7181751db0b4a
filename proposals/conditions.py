"""What must hold of a case before a move, whoever asks: each answer is a Verdict."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from areas import calendar, competence
from areas.models import Body, Level
from people.verdict import YES, Verdict, no

from . import limits
from .models import Proposal, Screening, Stakeholder

MIN_FIELD = 4


def below_district(proposal: Proposal, at: dt.datetime) -> Verdict:
    if proposal.level == Level.DISTRICT:
        return no(_("There is no level above the district."))
    return YES


def above_home(proposal: Proposal, at: dt.datetime) -> Verdict:
    if proposal.level >= proposal.area.level:
        return no(_("This is the matter's home level; it cannot go further down."))
    return YES


def not_assigned(proposal: Proposal, at: dt.datetime) -> Verdict:
    if proposal.assigned:
        return no(_("The district's joint meeting has assigned this matter here, and that is final."))
    return YES


def is_orphaned(proposal: Proposal, at: dt.datetime) -> Verdict:
    if proposal.owner_id and Body.objects.sitting(at).filter(pk=proposal.owner_id).exists():
        return no(_("The body that has it still sits."))
    return YES


def is_screened(proposal: Proposal, at: dt.datetime) -> Verdict:
    """The four fields are written and the map names somebody who gains and somebody who bears."""
    missing = missing_in_screening(_examination(proposal))
    if missing:
        return no(_("Still missing in the examination: %(what)s.") % {"what": _(", ").join(missing)})
    return YES


def _examination(proposal: Proposal) -> Screening | None:
    """What a desk brought along for many cases (desk.py), else what stands in the database now."""
    if "examination" in vars(proposal):
        found: Screening | None = vars(proposal)["examination"]
        return found
    return Screening.objects.filter(proposal=proposal.pk).first()


def missing_in_screening(screening: Screening | None) -> list[str]:
    if screening is None:
        return [_("everything")]
    fields = ("cause", "affected", "obstacles", "units")
    names = [str(Screening._meta.get_field(name).verbose_name) for name in fields]  # type: ignore[union-attr]
    missing = [
        label for name, label in zip(fields, names, strict=True) if len(getattr(screening, name).strip()) < MIN_FIELD
    ]
    sides = {stakeholder.side for stakeholder in screening.stakeholders.all()}
    missing += [_("who gains")] * (Stakeholder.Side.GAINS not in sides)
    return missing + [_("who bears")] * (Stakeholder.Side.BEARS not in sides)


def is_in_time(proposal: Proposal, at: dt.datetime) -> Verdict:
    if proposal.due_at is None or at >= proposal.due_at:
        return no(_("The time of this step is over, so it can be neither extended nor stopped any more."))
    return YES


def not_extended(proposal: Proposal, at: dt.datetime) -> Verdict:
    return no(_("This step was extended once already.")) if proposal.extended else YES


def not_paused(proposal: Proposal, at: dt.datetime) -> Verdict:
    return no(_("The clock was stopped once already in this step.")) if proposal.paused else YES


def not_appealed(proposal: Proposal, at: dt.datetime) -> Verdict:
    return no(_("An appeal was decided already; that decision stands.")) if proposal.appealed else YES


def not_reviewed(proposal: Proposal, at: dt.datetime) -> Verdict:
    return no(_("The answer was reviewed once already.")) if proposal.reviewed else YES


def can_be_appealed(proposal: Proposal, at: dt.datetime) -> Verdict:
    """Within the time of the home area's rules after the case ended."""
    if proposal.closed_at and at >= limits.until(proposal.area, "case.appeal_within", proposal.closed_at):
        return no(_("The time for this is over."))
    return YES


def can_be_reviewed(proposal: Proposal, at: dt.datetime) -> Verdict:
    newest = proposal.decisions.last()
    if newest and at >= limits.until(proposal.area, "case.review_within", newest.at):
        return no(_("The time to ask for a review is over."))
    return YES


def can_be_reopened(proposal: Proposal, at: dt.datetime) -> Verdict:
    if not proposal.decisions.exists():
        return no(_("There was no answer and no work that could be put right."))
    if proposal.closed_at and at >= limits.until(proposal.area, "case.reopen_within", proposal.closed_at):
        return no(_("It was closed too long ago. Please file the matter anew."))
    return YES


def counts(proposal: Proposal, at: dt.datetime) -> Verdict:
    return no(_("This has been asked already.")) if proposal.exclusion else YES


def exclusion_is_asked(proposal: Proposal, at: dt.datetime) -> Verdict:
    return YES if proposal.exclusion == "asked" else no(_("Nobody has asked to leave this case out of the rates."))


def is_long_enough_ago(proposal: Proposal, at: dt.datetime) -> Verdict:
    """A matter that found too few endorsements may be filed again after a while, and changed."""
    earlier = proposal.earlier
    if earlier is None or earlier.closed_at is None:
        return YES
    free = limits.until(proposal.area, "case.resubmit_after", earlier.closed_at)
    if at < free:
        day = calendar.local_date(free - dt.timedelta(microseconds=1))
        return no(_("This matter may be filed again after %(day)s.") % {"day": date_format(day)})
    if (earlier.title, earlier.problem, earlier.wish) == (proposal.title, proposal.problem, proposal.wish):
        return no(_("Please change what found too few endorsements before you file it again."))
    return YES


def is_listed(body: Body, proposal: Proposal, at: dt.datetime) -> Verdict:
    """May the matter be sent to this body, by the competence list? The refusal names who is competent and why."""
    owners = competence.off_list(body, proposal.category, at, proposal.area)
    if owners is None:
        return YES
    assert proposal.category is not None
    facts = {"category": proposal.category.name, "body": body.name}
    if not owners:
        return no(_("“%(category)s” is not on the list of %(body)s.") % facts)
    facts |= {"level": owners[0].get_level_display(), "basis": owners[0].basis}
    if owners[0].body:
        facts["level"] = owners[0].body.name
    return no(_("“%(category)s” is not on the list of %(body)s. The list names: %(level)s (%(basis)s).") % facts)


def bodies_on_the_way(proposal: Proposal, at: dt.datetime) -> list[Body]:
    """The sitting bodies from the matter's home up to the district, nearest first."""
    bodies = Body.objects.sitting(at).filter(area__path__in=proposal.area.lineage_paths).select_related("area")
    return sorted(bodies, key=lambda body: (-body.area.level, body.pk))


def body_below(proposal: Proposal, at: dt.datetime) -> Body | None:
    """The next sitting body below the present level."""
    lower = [body for body in bodies_on_the_way(proposal, at) if body.area.level > proposal.level]
    return min(lower, key=lambda body: (body.area.level, body.pk), default=None)


def days_until(day: dt.date, at: dt.datetime) -> dict[str, Any]:
    """The period from now to the end of a day, at least one day."""
    return {"n": max(1, (day - calendar.local_date(at)).days), "unit": "day"}
