"""Proxies: whom I trust with my vote, for whom I vote, and the ballot cast for somebody else."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adapters import clock
from people import policies as people_policies
from people.access import MemberRequest, allowed, member
from people.roles import Right
from people.verdict import Refused

from . import casting, corrections, policies, proxies, proxy_policies, roll_policies
from .forms import PaperForm, in_words
from .models import Ballot, Proxy, RollEntry
from .proxy_forms import EntrustedForm, GiveForm, LetterForm


@member
@never_cache
@require_safe
def proxies_of(request: MemberRequest, pk: int) -> HttpResponse:
    now, ballot = clock.now(), _ballot(pk)
    own = RollEntry.objects.filter(ballot=ballot, voter=request.user).select_related("owner").first()
    facts = {
        "held": proxies.held_by(request.user, ballot),
        "given": proxies.given_by(request.user, ballot),
        "may_give": proxy_policies.may_give(request.user, own, ballot, now) if own else None,
        "may_record": bool(roll_policies.may_keep(request.user, ballot.area, now)),
        "now": now,
    }
    return render(request, "voting/proxies.html", facts | _place(ballot))


@member
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: MemberRequest, pk: int) -> HttpResponse:
    now, ballot = clock.now(), _ballot(pk)
    own = get_object_or_404(RollEntry.objects.select_related("owner"), ballot=ballot, voter=request.user)
    form = GiveForm(ballot, request.POST or None)
    if request.method != "POST":
        corrections.require(proxy_policies.may_give(request.user, own, ballot, now))
    if _done(request, form, lambda: proxies.give(own, **form.facts(), by=request.user, at=now)):
        messages.success(request, _("Your proxy is in force. Until it is used you can take it back, or vote."))
        return redirect("voting:proxies", pk)
    return _form(request, "voting/proxy_give.html", ballot, form)


@allowed(people_policies.may_work_with(Right.KEEP_ROLL))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: MemberRequest, pk: int) -> HttpResponse:
    now, ballot = clock.now(), _ballot(pk)
    corrections.require(roll_policies.may_keep(request.user, ballot.area, now))
    form = LetterForm(ballot, request.POST or None, request.FILES or None)
    if _done(request, form, lambda: proxies.record_letter(**form.facts(), by=request.user, at=now)):
        messages.success(request, _("The proxy is recorded; those concerned are told."))
        return redirect("voting:proxy_record", pk)
    return _form(request, "voting/proxy_record.html", ballot, form)


@member
@require_POST
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    proxy = _proxy(pk)
    proxies.revoke(proxy, by=request.user, at=clock.now())
    messages.success(request, _("The proxy is taken back."))
    return redirect("voting:proxies", proxy.entry.ballot_id)


@member
@never_cache
@require_safe
def letter(request: MemberRequest, pk: int) -> HttpResponse:
    """For those concerned, and whoever keeps the roll."""
    proxy, now = _proxy(pk), clock.now()
    concerned = request.user.pk in (proxy.holder_id, proxy.entry.voter_id)
    if not proxy.letter or not (concerned or roll_policies.may_keep(request.user, proxy.entry.ballot.area, now)):
        raise Http404
    with proxy.letter.open("rb") as kept:
        return HttpResponse(kept.read(), content_type="image/jpeg")


@member
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: MemberRequest, pk: int) -> HttpResponse:
    """POST comes back from the check page and brings the choice along; it is kept nowhere."""
    proxy = _held(request, pk)
    return _choose(request, proxy, _paper(request, proxy))


@member
@never_cache
@sensitive_post_parameters()
@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    proxy = _held(request, pk)
    form = _paper(request, proxy)
    corrections.require(proxy_policies.may_cast(request.user, proxy.entry, proxy.entry.ballot, clock.now()))
    if not form.is_valid():
        return _choose(request, proxy, form)
    return _check(request, proxy, form, EntrustedForm(ballot=proxy.entry.ballot))


@member
@never_cache
@sensitive_post_parameters()
@require_POST
def cast(request: MemberRequest, pk: int) -> HttpResponse:
    """Sent twice, the first counts, and both lead to the receipt."""
    proxy = _held(request, pk)
    ballot, form = proxy.entry.ballot, _paper(request, proxy)
    confirmed = EntrustedForm(request.POST, ballot=ballot)
    if not form.is_valid():
        return _choose(request, proxy, form)
    if not confirmed.is_valid():
        return _check(request, proxy, form, confirmed)
    facts = {"by": request.user, "choice": form.content(), "at": clock.now(), "entry": proxy.entry}
    try:
        request.session[_key(pk)] = casting.cast(ballot, **facts)
    except Refused as refused:
        if not _proxy(pk).is_used:
            raise
        messages.info(request, str(refused.verdict.reason))
    return redirect("voting:proxy_receipt", pk)


@member
@never_cache
@require_safe
def receipt(request: MemberRequest, pk: int) -> HttpResponse:
    """The code is shown once, to whoever cast."""
    proxy = _held(request, pk)
    if not proxy.is_used:
        raise Http404
    facts = {"code": request.session.pop(_key(pk), ""), "proxy": proxy, "entry": proxy.entry}
    return render(request, "voting/proxy_receipt.html", facts | _place(proxy.entry.ballot))


def _choose(request: MemberRequest, proxy: Proxy, form: PaperForm) -> HttpResponse:
    ballot, now = proxy.entry.ballot, clock.now()
    verdict = proxy_policies.may_cast(request.user, proxy.entry, ballot, now)
    facts = {"form": form, "verdict": verdict, "proxy": proxy, "entry": proxy.entry, "left": ballot.closes_at - now}
    return render(request, "voting/proxy_choose.html", facts | _place(ballot))


def _check(request: MemberRequest, proxy: Proxy, form: PaperForm, confirmed: EntrustedForm) -> HttpResponse:
    ballot = proxy.entry.ballot
    words = in_words(ballot, form.content())
    facts = {"form": confirmed, "sent": form.sent(), "words": words, "proxy": proxy, "entry": proxy.entry}
    return render(request, "voting/proxy_confirm.html", facts | _place(ballot))


def _paper(request: MemberRequest, proxy: Proxy) -> PaperForm:
    return PaperForm(request.POST or None, ballot=proxy.entry.ballot, lot=str(proxy.entry_id))


def _done(request: MemberRequest, form: GiveForm, act: Callable[[], object]) -> bool:
    """What is refused is said in the form, which keeps what was written."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, str(refused.verdict.reason))
        return False
    return True


def _form(request: MemberRequest, template: str, ballot: Ballot, form: GiveForm) -> HttpResponse:
    return render(request, template, {"form": form} | _place(ballot), status=422 if form.errors else 200)


def _ballot(pk: int) -> Ballot:
    """Of a secret ballot and a show of hands there is no such page."""
    ballot = get_object_or_404(Ballot.objects.select_related("area"), pk=pk)
    if not ballot.is_named:
        raise Refused(policies.takes_papers(ballot) and proxy_policies.SECRET)
    return ballot


def _proxy(pk: int) -> Proxy:
    return get_object_or_404(Proxy.objects.select_related("entry__ballot__area", "entry__voter", "holder"), pk=pk)


def _held(request: MemberRequest, pk: int) -> Proxy:
    proxy = _proxy(pk)
    if proxy.holder_id != request.user.pk:
        raise Http404
    return proxy


def _place(ballot: Ballot) -> dict[str, Any]:
    return {"ballot": ballot, "here": ballot.area, "nav": "vote"}


def _key(pk: int) -> str:
    return f"receipt:proxy:{pk}"
