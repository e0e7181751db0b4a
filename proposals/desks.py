"""Doors to the desks: the officers' by role, one move for many cases there, and a resident's own matters."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adapters import clock
from people import standing
from people.access import MemberRequest, allowed, member
from people.models import User
from people.roles import Right
from people.verdict import Refused, no
from voting.models import Ballot

from . import bulk, policies
from . import desk as work
from . import mine as own


@allowed(policies.may_use_desk)
def desk(request: MemberRequest, name: str = "") -> HttpResponse:
    """Without a name the one with the most urgent work."""
    user, now = request.user, clock.now()
    seats = work.seats(user, now)
    counted = work.totals(seats)
    seat = work.choose(seats, counted, name)
    if name and seat is None:
        _turn_away(name)
    context = {"nav": "desk", "now": now, "seat": seat, "tabs": work.tabs(seats, counted)}
    context |= {"may_check": _has(user, now, Right.CHECK_RESIDENCE), "keeps_rolls": _has(user, now, Right.KEEP_ROLL)}
    if seat:
        show, counts = request.GET.get("show", ""), counted[seat.desk.name]
        context |= {"show": show, "pick": request.GET.get("pick") == "all", "waiting": counts["all"]}
        context["filters"] = work.filters(seat, counts)
        context["sheet"] = work.sheet(user, seat, now, show=show, number=request.GET.get("page"))
    return render(request, "proposals/desk.html", context)


def _has(user: User, now: dt.datetime, right: Right) -> bool:
    return bool(standing.of(user, now).bodies(right))


def _turn_away(name: str) -> None:
    """From a desk that this person does not have."""
    if name not in work.NAMES:
        raise Http404
    raise Refused(no(_("Your office does not include this.")))


@require_POST
@allowed(policies.may_use_desk)
def together(request: MemberRequest, name: str) -> HttpResponse:
    """One move for the chosen cases: the first time it is shown what will happen, the second time it is done."""
    user, now = request.user, clock.now()
    choice = bulk.Choice.read(request.POST, user, now)
    if choice is None:
        raise Http404
    if not choice.verdict:
        messages.warning(request, str(choice.verdict.reason))
        return redirect("proposals:desk", name)
    form = bulk.WordsForm(request.POST if request.POST.get("sure") else None, move=choice.move)
    context = {"nav": "desk", "name": name, "choice": choice, "form": form}
    if request.POST.get("sure") and form.is_valid():
        outcomes = bulk.make(choice, by=user, at=now, texts=form.cleaned_data)
        return render(request, "proposals/desk_done.html", context | _sorted_out(outcomes))
    return render(request, "proposals/desk_bulk.html", context | _sorted_out(bulk.preview(choice, user, now)))


def _sorted_out(outcomes: list[bulk.Outcome]) -> dict[str, list[bulk.Outcome]]:
    return {
        "done": [outcome for outcome in outcomes if not outcome.reason],
        "refused": [outcome for outcome in outcomes if outcome.reason],
    }


@member
def mine(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    page, groups = own.page(request.user, now, request.GET.get("page"))
    votes = Ballot.objects.select_related("area").with_turnout().open_for(request.user, now)
    context = {"nav": "me", "now": now, "page": page, "groups": groups, "votes": votes}
    return render(request, "proposals/mine.html", context)
