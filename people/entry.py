"""Log-in by a phone and the code sent to it. Whoever types the code has the phone; a new phone gets an account."""

import datetime as dt
import secrets
from dataclasses import dataclass

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adapters import sms

from .models import User
from .privacy import keyed_hash
from .verdict import YES, Refused, Verdict, no

MOST_ON_ONE_PHONE = 8
WAIT = dt.timedelta(seconds=60)
_CODE, _PHONE = "phone_code", "proved_phone"


class TooOften(Exception):
    """seconds: how long to wait; 0 when only "later" can be said."""

    def __init__(self, seconds: int = 0) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class Pending:
    """A code on its way: kept in the session, which knows only its keyed hash."""

    phone: str
    sent_at: dt.datetime
    mark: str
    tries: int
    next_url: str

    @property
    def tries_left(self) -> int:
        return max(0, int(app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS) - self.tries)

    def seconds_to_wait(self, at: dt.datetime) -> int:
        return max(0, round((self.sent_at + WAIT - at).total_seconds()))

    def is_good(self, at: dt.datetime) -> bool:
        return (at - self.sent_at).total_seconds() <= app_settings.LOGIN_BY_CODE_TIMEOUT and self.tries_left > 0


def send_code(request: HttpRequest, phone: str, *, next_url: str, at: dt.datetime) -> None:
    """Text a fresh code. The same for phones that have an account and for those that have none. Raises TooOften."""
    before = pending(request)
    if before and before.phone == phone and (seconds := before.seconds_to_wait(at)):
        raise TooOften(seconds)
    if not ratelimit.consume(request, action="request_login_code", key=phone):
        raise TooOften
    code = get_adapter().generate_login_code()
    _keep(request, Pending(phone, at, _mark(phone, code), 0, next_url))
    text = gettext("%(code)s is your code for Yuanyi. It is good for 5 minutes. Tell it to nobody.")
    sms.send(phone, text % {"code": code})


def pending(request: HttpRequest) -> Pending | None:
    kept = request.session.get(_CODE)
    return Pending(**kept | {"sent_at": dt.datetime.fromisoformat(kept["sent_at"])}) if kept else None


def forget(request: HttpRequest) -> None:
    request.session.pop(_CODE, None)


def is_right(request: HttpRequest, waiting: Pending, code: str) -> bool:
    """Compare, and count a wrong try. Raises TooOften: the session alone would not count guesses made at once."""
    if not ratelimit.consume(request, action="check_login_code", key=waiting.phone):
        raise TooOften
    if secrets.compare_digest(waiting.mark, _mark(waiting.phone, code)):
        return True
    waiting.tries += 1
    _keep(request, waiting)
    return False


def enter(request: HttpRequest, waiting: Pending, *, at: dt.datetime) -> HttpResponse:
    """Sign in who has this phone; with several of them one chooses on the next page, with none an account is made."""
    forget(request)
    request.session[_PHONE] = waiting.phone
    user = _owner_of(waiting.phone, request, at)
    if user is None:
        return redirect(_first("people:who", waiting.next_url))
    onward = waiting.next_url if user.last_login else _first("people:welcome", waiting.next_url)
    return _sign_in(request, user, waiting.phone, onward)


def may_be(user: User, at: dt.datetime) -> Verdict:
    """Whether a phone that others use too may open this account: for an office its second factor must be there."""
    if user.appointments.current(at).exists() and not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        return no(_("This person holds an office. They sign in with e-mail and password and set up their code there."))
    return YES


def may_add(phone: str) -> Verdict:
    """Whether one more person may have an account on this phone."""
    if not phone:
        return no(_("To add somebody, please sign in with the code sent to the phone that you share."))
    if User.objects.on_phone(phone).count() >= MOST_ON_ONE_PHONE:
        return no(_("Many accounts use this phone already. Please ask the grid worker to add another one."))
    return YES


def go_on_as(request: HttpRequest, user: User, *, next_url: str, at: dt.datetime) -> HttpResponse:
    """Be this person from now on; of whoever was here before nothing but the proved phone stays in the session."""
    phone = proved_phone(request)
    if not (verdict := may_be(user, at)):
        raise Refused(verdict)
    logout(request)
    request.session[_PHONE] = phone
    return _sign_in(request, user, phone, next_url)


def proved_phone(request: HttpRequest) -> str:
    """The phone whose code was typed in this session; empty after a log-in by password."""
    return str(request.session.get(_PHONE, ""))


def new_account(phone: str, *, at: dt.datetime, name: str = "", adult_at: dt.datetime | None = None) -> User:
    name = name or gettext("Neighbour %(number)s") % {"number": f"{secrets.randbelow(9000) + 1000}"}
    return User.objects.create_user(
        at=at, name=name, phone=phone, phone_verified=bool(phone), adult_attested_at=adult_at
    )


@transaction.atomic
def _owner_of(phone: str, request: HttpRequest, at: dt.datetime) -> User | None:
    """The only person on this phone, made if need be; None when there are several. A double press makes one account."""
    Session.objects.select_for_update().filter(pk=request.session.session_key).first()
    known = list(User.objects.on_phone(phone)[:2])
    if not known:
        return new_account(phone, at=at)
    return known[0] if len(known) == 1 else None


def _sign_in(request: HttpRequest, user: User, phone: str, onward: str) -> HttpResponse:
    """allauth takes it from here, and asks for a second factor where there is one."""
    record_authentication(request, user, method="code", phone=phone)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=onward))
    return response


def _keep(request: HttpRequest, waiting: Pending) -> None:
    request.session[_CODE] = vars(waiting) | {"sent_at": waiting.sent_at.isoformat()}


def _mark(phone: str, code: str) -> str:
    return keyed_hash("login-code", phone, code)


def _first(page: str, next_url: str) -> str:
    return f"{reverse(page)}?{urlencode({'next': next_url})}"
