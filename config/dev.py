"""The development page of the demo: be anybody, read what was sent, move the clock. Nowhere else is it found."""

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django import forms
from django.conf import settings
from django.contrib import auth, messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from adapters import clock, mail, sms
from config import background, dates
from ledger import following
from people.access import public
from people.models import Appointment, Residence, User

SHOWN = 10
MOST_PEOPLE = 60
JUMPS = (1, 24, 3 * 24, 15 * 24)

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Account:
    """code: what this person's authenticator shows now; empty where there is none."""

    user: User
    offices: list[Appointment]
    homes: list[Residence]
    code: str


class ClockForm(forms.Form):
    """Days are typed, hours come from a button: one of them."""

    days = forms.IntegerField(
        label=gettext_lazy("Days forward"),
        min_value=1,
        max_value=400,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Write a whole number of days from 1 to 400. The clock does not go back."),
        ),
    )
    hours = forms.IntegerField(min_value=1, max_value=400 * 24, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["days" if "hours" in self.data else "hours"]

    @property
    def by(self) -> dt.timedelta:
        return dt.timedelta(**self.cleaned_data)


def demo_only(view: View) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@public
@demo_only
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return _shown(request, ClockForm())


@public
@demo_only
@require_POST
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Be this person, as if they had signed in with all that their office asks for."""
    user = get_object_or_404(User, pk=pk, is_active=True, closed_at=None)
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    if user.appointments.current(clock.now()).exists():
        record_authentication(request, user, method="mfa", type=Authenticator.Type.TOTP)
    messages.success(request, _("You are now %(name)s.") % {"name": user.name})
    return redirect("/")


@public
@demo_only
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Forward only; then everything that has become due happens at once."""
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    now = clock.advance(form.by)
    background.sweep_all()
    following.wake()
    messages.success(request, _("It is now %(moment)s.") % {"moment": dates.moment(now, at=now)})
    return redirect("config:dev")


def _shown(request: HttpRequest, form: ClockForm) -> HttpResponse:
    now = clock.now()
    facts = {
        "form": form,
        "jumps": JUMPS,
        "now": now,
        "accounts": accounts(now),
        "texts": sms.recent(SHOWN),
        "letters": mail.recent(SHOWN),
    }
    return render(request, "config/dev.html", facts, status=422 if form.errors else 200)


def accounts(now: dt.datetime) -> list[Account]:
    """Those who hold an office first, then the oldest accounts."""
    serving = Appointment.objects.current(now).select_related("body")
    homes = Residence.objects.current().select_related("courtyard")
    people = (
        User.objects.filter(is_active=True, closed_at=None)
        .annotate(serves=Exists(serving.filter(user=OuterRef("pk"))))
        .prefetch_related(Prefetch("appointments", serving, "offices"), Prefetch("residences", homes, "homes"))
        .order_by("-serves", "pk")[:MOST_PEOPLE]
    )
    codes = _codes(people)
    return [Account(user, user.offices, user.homes, codes.get(user.pk, "")) for user in people]


def _codes(people: Iterable[User]) -> dict[int, str]:
    secrets = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__in=list(people))
    return {row.user_id: _code(decrypt(row.data["secret"])) for row in secrets}


def _code(secret: str) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2])))


urlpatterns = [
    path("", page, name="dev"),
    path("clock/", move_clock, name="dev_clock"),
    path("enter/<int:pk>/", enter, name="dev_enter"),
]
