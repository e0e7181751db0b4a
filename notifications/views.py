"""The inbox, its preferences, and the button that follows a case."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adapters import clock
from ledger import chains
from people import standing
from people.access import MemberRequest, member

from . import badge, inbox, preferences, readings, subscriptions
from .forms import FollowForm, PreferenceForm
from .models import Channel, Notice

PAGE = 20


@member
@require_safe
def inbox_page(request: MemberRequest) -> HttpResponse:
    now, tab = clock.now(), request.GET.get("tab", "")
    mine = Notice.objects.of(request.user)
    shown = {"todo": mine.to_do(now), "news": mine.news()}.get(tab, mine)
    page = Paginator(shown.in_order(now).select_related("event"), PAGE).get_page(request.GET.get("page"))
    found = readings.read(page, request.user)
    facts = {
        "tab": tab if tab in ("todo", "news") else "",
        "page": page,
        "waiting": [reading for reading in found if reading.notice.waits_at(now)],
        "news": [reading for reading in found if not reading.notice.waits_at(now)],
        "to_do": mine.to_do(now).count(),
        "now": now,
        "nav": "me",
    }
    return render(request, "notifications/inbox.html", facts)


@member
@require_safe
def open_notice(request: MemberRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    inbox.mark_read(notice, at=clock.now())
    return redirect(notice.url)


@member
@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    inbox.mark_all_read(request.user, at=clock.now())
    messages.success(request, _("Everything is marked as read."))
    return redirect("notifications:inbox")


@member
@require_safe
def unread(request: MemberRequest) -> HttpResponse:
    """For the bell of a page whose socket is broken."""
    return JsonResponse({"unread": badge.count(request.user)}, headers={"Cache-Control": "no-store"})


@member
@require_http_methods(["GET", "HEAD", "POST"])
def preferences_page(request: MemberRequest) -> HttpResponse:
    serves = bool(standing.of(request.user, clock.now()).appointments)
    groups = preferences.kinds_by_group(desk=serves)
    chosen = {group.value: yes for group, yes in preferences.of(request.user, Channel.EMAIL).items()}
    form = PreferenceForm(request.POST or None, groups=list(groups), initial=chosen)
    if request.method == "POST" and form.is_valid():
        preferences.choose(request.user, Channel.EMAIL, form.wanted)
        messages.success(request, _("Your choice is kept and holds from now on."))
        return redirect("notifications:preferences")
    rows = [(form[group.value], kinds) for group, kinds in groups.items()]
    return render(request, "notifications/preferences.html", {"form": form, "rows": rows, "nav": "me"})


@member
@require_POST
def follow(request: MemberRequest) -> HttpResponse:
    form = FollowForm(request.POST)
    link = chains.links([form.cleaned_data["chain"]]) if form.is_valid() else {}
    if not link:
        raise Http404
    [(chain, case)] = link.items()
    following = form.cleaned_data["following"]
    (subscriptions.add if following else subscriptions.remove)(request.user, chain)
    if request.headers.get("HX-Request"):
        return render(request, "notifications/_follow.html", {"chain": chain, "following": following})
    return redirect(case.url)
