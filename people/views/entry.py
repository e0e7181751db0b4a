"""The door: phone and code on one page, e-mail and password on another, and the way out."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.logout import logout as leave
from allauth.account.models import Login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from adapters import clock

from .. import entry
from ..access import public, refuse
from ..forms import CodeForm, PasswordForm, PersonForm, PhoneForm
from ..models import User
from ..verdict import no


@never_cache
@public
def login(request: HttpRequest) -> HttpResponse:
    """Ask for the phone; once a code is on its way, ask for the code as well."""
    if request.user.is_authenticated:
        return redirect(next_of(request))
    if request.method != "POST":
        waiting = entry.pending(request)
        return _door(request, PhoneForm(initial={"phone": waiting.phone if waiting else ""}))
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _door(request, form, status=422)
    try:
        entry.send_code(request, form.cleaned_data["phone"], next_url=next_of(request), at=clock.now())
    except entry.TooOften as wait:
        form.add_error("phone", _wait_sentence(wait.seconds))
        return _door(request, form, status=429)
    return redirect("account_login")


@never_cache
@public
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent."""
    waiting, now = entry.pending(request), clock.now()
    if request.method != "POST" or waiting is None:
        return redirect("account_login")
    form = CodeForm(request.POST)
    if form.is_valid() and waiting.is_good(now) and checked(request, waiting, form):
        return entry.enter(request, waiting, at=now)
    if not waiting.is_good(now):
        return _start_again(request, waiting)
    status = 429 if form.has_error("code", "too_often") else 422
    return _door(request, PhoneForm(initial={"phone": waiting.phone}), code_form=form, status=status)


@public
def other_phone(request: HttpRequest) -> HttpResponse:
    """The number was wrong: begin again."""
    if request.method == "POST":
        entry.forget(request)
    return redirect("account_login")


@never_cache
@public
def who(request: HttpRequest) -> HttpResponse:
    """Several people share this phone: which of them is it?"""
    phone, now = entry.proved_phone(request), clock.now()
    if not phone:
        return redirect("account_login")
    people = User.objects.on_phone(phone).order_by("pk")
    if request.method == "POST":
        form = PersonForm(people, request.POST)
        if not form.is_valid():
            raise Http404
        return entry.go_on_as(request, form.cleaned_data["person"], next_url=next_of(request), at=now)
    choices = [(person, entry.may_be(person, now)) for person in people]
    return render(request, "people/who.html", {"choices": choices, "next": next_of(request), "nav": "me"})


@never_cache
@public
def password(request: HttpRequest) -> HttpResponse:
    """The second way in, for those who have set a password."""
    if request.user.is_authenticated:
        return redirect(next_of(request))
    form = PasswordForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login = Login(user=form.user, email=form.cleaned_data["email"], redirect_url=next_of(request))
        response: HttpResponse = perform_password_login(request, {"email": login.email}, login)
        return response
    status = 429 if form.too_often else 422 if form.errors else 200
    return render(
        request, "account/password.html", {"form": form, "next": next_of(request), "nav": "me"}, status=status
    )


@public
def other_door(request: HttpRequest) -> HttpResponse:
    """Where the editors' admin would ask for a password of its own: there is one door only, with words of its own."""
    list(messages.get_messages(request))
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': next_of(request)})}")
    if not request.user.second_factor:
        return redirect(f"{reverse('people:second_factor')}?{urlencode({'next': next_of(request)})}")
    return refuse(request, no(_("Your office does not include this.")))


@public
def logout(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "account/logout.html", {"nav": "me"})
    leave(request, show_message=False)
    return redirect("/")


def next_of(request: HttpRequest) -> str:
    """Where the person wanted to go; the home page when that is not one of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "/"


def _door(
    request: HttpRequest, form: PhoneForm, *, code_form: CodeForm | None = None, next_url: str = "", status: int = 200
) -> HttpResponse:
    waiting, now = entry.pending(request), clock.now()
    if waiting and not waiting.is_good(now):
        waiting = None
    context = {
        "form": form,
        "waiting": waiting,
        "code_form": code_form or CodeForm(),
        "wait": waiting.seconds_to_wait(now) if waiting else 0,
        "next": next_url or (waiting.next_url if waiting else next_of(request)),
        "nav": "me",
    }
    return render(request, "account/login.html", context, status=status)


def _start_again(request: HttpRequest, waiting: entry.Pending) -> HttpResponse:
    """The code is too old, or was guessed at too often."""
    entry.forget(request)
    form = PhoneForm({"phone": waiting.phone})
    form.add_error("phone", _("This code is no longer good. Please have a new one sent."))
    return _door(request, form, next_url=waiting.next_url, status=422)


def checked(request: HttpRequest, waiting: entry.Pending, form: CodeForm) -> bool:
    """Whether this is the code that was sent; if not, the form says so."""
    try:
        if entry.is_right(request, waiting, form.cleaned_data["code"]):
            return True
        form.add_error("code", _tries_sentence(waiting.tries_left))
    except entry.TooOften:
        form.add_error("code", ValidationError(_("That was too often. Please try again in an hour."), "too_often"))
    return False


def _wait_sentence(seconds: int) -> str:
    if not seconds:
        return _("Too many codes were asked for on this phone or from here. Please wait an hour, or call us.")
    return ngettext(
        "A code is on its way. You can have another one sent in %(n)s second.",
        "A code is on its way. You can have another one sent in %(n)s seconds.",
        seconds,
    ) % {"n": seconds}


def _tries_sentence(tries: int) -> str:
    return ngettext(
        "This code is not right. You can try once more.",
        "This code is not right. You can try %(n)s more times.",
        tries,
    ) % {"n": tries}
