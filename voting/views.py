"""The ballot in four steps: choose, check, cast, keep the receipt; and the result when it has been counted."""

import datetime as dt
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adapters import clock, sms
from ledger import chains
from people.access import MemberRequest, member, public
from people.verdict import Refused

from . import casting, hands, paper, policies, publishing, receipts, roll_policies, show
from .forms import ConfirmForm, PaperForm, in_words
from .models import WAITING, Ballot, RollEntry
from .states import Channel

PAGE = 20


@public
@require_safe
def ballots(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    shown = Ballot.objects.select_related("area").with_turnout()
    mine = list(shown.open_for(request.user, now))
    page, more = request.GET.get("page"), request.GET.get("more")
    others = shown.open(now).exclude(pk__in=[ballot.pk for ballot in mine]).order_by("closes_at", "pk")
    facts = {
        "mine": mine,
        "open": Paginator(others, PAGE).get_page(more),
        "announced": Paginator(shown.announced(now).order_by("opens_at", "pk"), PAGE).get_page(more),
        "page": Paginator(shown.ended(), PAGE).get_page(page),
        "now": now,
        "nav": "vote",
    }
    return render(request, "voting/list.html", facts)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """POST comes back from the check page and brings the choice along; it is kept nowhere."""
    asked = _asked(pk)
    if asked.phase(clock.now()) not in WAITING:
        return redirect("voting:result", pk)
    return _choose(request, asked, _form(request, asked))


@member
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("voting:ballot", pk)
    asked = _asked(pk)
    form = _form(request, asked)
    _require_vote(request, asked)
    if not form.is_valid():
        return _choose(request, asked, form)
    return _check(request, asked, form, ConfirmForm(ballot=asked))


@member
@never_cache
@sensitive_post_parameters()
@require_POST
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent twice, the first counts, and both lead to the receipt."""
    asked = _asked(pk)
    form, confirmed = PaperForm(request.POST, ballot=asked), ConfirmForm(request.POST, ballot=asked)
    if not form.is_valid():
        return _choose(request, asked, _form(request, asked))
    if not confirmed.is_valid():
        return _check(request, asked, form, confirmed)
    try:
        code = casting.cast(asked, by=request.user, choice=form.content(), at=clock.now())  # type: ignore[arg-type]
        request.session[_key(pk)] = code
    except Refused as refused:
        if refused.verdict != policies.VOTED:
            raise
        messages.info(request, str(refused.verdict.reason))
    return redirect("voting:receipt", pk)


@member
@never_cache
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The code is shown once: the session hands it over and keeps nothing. Of papers sent at once the last one's."""
    asked = _asked(pk)
    entry = get_object_or_404(RollEntry, ballot=asked, voter=request.user, voted=True)
    code = request.session.pop(_key(pk), "")
    facts = {"code": receipts.last(entry) if code and asked.is_named else code, "entry": entry}
    return render(request, "voting/receipt.html", _facts(asked, clock.now()) | facts)


@member
@never_cache
@require_POST
def receipt_sms(request: MemberRequest, pk: int) -> HttpResponse:
    """The code that the page shows, to the voter's own phone as well; nothing keeps which it was."""
    asked = _asked(pk)
    entry = get_object_or_404(RollEntry, ballot=asked, voter=request.user, voted=True)
    code = receipts.normal(request.POST.get("code", ""))
    if receipts.is_of(entry, code):
        request.session[_key(pk)] = code
        _text(request, code)
    return redirect("voting:receipt", pk)


def _text(request: MemberRequest, code: str) -> None:
    phone = str(request.user.phone) if request.user.phone_verified else ""
    if phone and ratelimit.consume(request, action="text_receipt", user=request.user):
        sms.send(phone, _("%(code)s is the receipt code of your vote on Yuanyi.") % {"code": code})
        messages.success(request, _("The code is on its way to your phone."))
    else:
        messages.warning(request, _("The code could not be sent to your phone now. Please write it down."))


@public
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(pk)
    facts = _counted(request, asked) if asked.has_file else {}
    return render(request, "voting/result.html", _facts(asked, clock.now()) | facts)


def _counted(request: HttpRequest, asked: Ballot) -> dict[str, Any]:
    """Where the papers came from, and whether one with the code that was asked for is among them."""
    code = receipts.normal(request.GET.get("receipt", ""))
    return {
        "minutes": _minutes(request, asked) if asked.is_show else None,
        "channels": [(Channel(name).label, n) for name, n in paper.channels(asked).items() if n],
        "uncounted": len(paper.invalid(asked)),
        "published": publishing.published(asked),
        "asked_code": code,
        "code_found": bool(code) and receipts.exists(asked, code),
    }


def _minutes(request: HttpRequest, asked: Ballot) -> dict[str, Any] | None:
    """Their hash is public; the file is for those on the roll."""
    if (count := hands.counted(asked)) is None:
        return None
    return {"count": count, "may_read": show.may_read_minutes(request.user, count, clock.now())}


def _asked(pk: int) -> Ballot:
    return get_object_or_404(Ballot.objects.select_related("area"), pk=pk)


def _require_vote(request: HttpRequest, asked: Ballot) -> None:
    if not (verdict := policies.may_vote(request.user, asked, clock.now())):
        raise Refused(verdict)


def _form(request: HttpRequest, asked: Ballot) -> PaperForm:
    """Each voter finds the options in an order of their own."""
    entry = _entry(request, asked)
    data = request.POST if request.method == "POST" else None
    return PaperForm(data, ballot=asked, lot=str(entry.pk) if entry else "")


def _choose(request: HttpRequest, asked: Ballot, form: PaperForm) -> HttpResponse:
    now = clock.now()
    facts = {"form": form, "verdict": policies.may_vote(request.user, asked, now), "entry": _entry(request, asked)}
    facts["keeper"] = bool(roll_policies.may_keep(request.user, asked.area, now))
    facts["counter"] = asked.is_show and bool(roll_policies.may_correct(request.user, asked, now))
    return render(request, "voting/ballot.html", _facts(asked, now) | facts | {"focus": True})


def _check(request: HttpRequest, asked: Ballot, form: PaperForm, confirmed: ConfirmForm) -> HttpResponse:
    facts = {
        "form": confirmed,
        "sent": form.sent(),
        "words": in_words(asked, form.content()),
        "entry": _entry(request, asked),
    }
    return render(request, "voting/confirm.html", _facts(asked, clock.now()) | facts | {"focus": True})


def _entry(request: HttpRequest, asked: Ballot) -> RollEntry | None:
    return RollEntry.objects.filter(ballot=asked, voter=request.user.pk).first()


def _facts(asked: Ballot, now: dt.datetime) -> dict[str, Any]:
    case = chains.links([asked.chain]).get(asked.chain)
    facts = {"ballot": asked, "case": case, "left": asked.closes_at - now, "now": now}
    return facts | {"here": asked.area, "nav": "vote"}


def _key(pk: int) -> str:
    return f"receipt:{pk}"
