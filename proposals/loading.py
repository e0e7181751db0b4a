"""A case as its reader may load it: what one may not see does not exist."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from adapters import clock

from . import policies
from .models import Proposal


def load(request: HttpRequest, number: str) -> Proposal:
    """With everything that verdicts on it ask for. Raises Http404 also where it is only hidden."""
    cases = Proposal.objects.select_related(
        "area", "owner__area", "left_owner__area", "proposer", "category", "earlier"
    )
    case = get_object_or_404(cases, number=number)
    if not policies.may_see(request.user, case, clock.now()):
        raise Http404
    return case
