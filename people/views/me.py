"""My page: my name, my home, who else uses this phone, my e-mail."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from adapters import clock
from areas.models import Area, Level

from .. import addresses, entry, mail, phones, residing, standing
from ..access import MemberRequest, member
from ..forms import EmailForm, HomeForm, NameForm
from ..models import Residence, User
from ..verdict import Refused
from .entry import next_of


@member
def me(request: MemberRequest) -> HttpResponse:
    user, now = request.user, clock.now()
    held = standing.of(user, now)
    phone = entry.proved_phone(request)
    context = {
        "phone": phones.masked(user.phone),
        "standing": held,
        "residence": held.residence or Residence.objects.filter(user=user).order_by("-claimed_at").first(),
        "others": User.objects.on_phone(phone).exclude(pk=user.pk).count() if phone else 0,
        "phone_proved": bool(phone),
        "nav": "me",
    }
    return render(request, "people/me.html", context)


@member
def welcome(request: MemberRequest) -> HttpResponse:
    """The first visit: choose a name, say whether one is an adult, and go on to where one was going."""
    return _name(request, "people/welcome.html", next_of(request))


@member
def name(request: MemberRequest) -> HttpResponse:
    return _name(request, "people/name.html", "people:me")


@member
def another(request: MemberRequest) -> HttpResponse:
    """Another resident who uses this phone gets an account of their own."""
    phone, now = entry.proved_phone(request), clock.now()
    if not (verdict := entry.may_add(phone)):
        raise Refused(verdict)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        adult_at = now if form.cleaned_data["adult"] else None
        person = entry.new_account(phone, at=now, name=form.cleaned_data["name"], adult_at=adult_at)
        return entry.go_on_as(request, person, next_url="/me/", at=now)
    return render(request, "people/another.html", {"form": form, "nav": "me"}, status=422 if form.errors else 200)


@member
def residence(request: MemberRequest) -> HttpResponse:
    """Find the courtyard: by its name, or from the street down."""
    query = request.GET.get("q", "").strip()[:40]
    within = Area.objects.filter(code=request.GET.get("in", "")).first()
    context = {
        "query": query,
        "within": within,
        "lineage": within.lineage() if within else [],
        "found": addresses.search(query) if query else [],
        "areas": [] if query else addresses.below(within),
        "standing": standing.of(request.user, clock.now()),
        "nav": "me",
    }
    return render(request, "people/residence.html", context)


@member
def home(request: MemberRequest, code: str) -> HttpResponse:
    """Building and door in the courtyard that was chosen."""
    courtyard = get_object_or_404(Area, code=code, level=Level.COURTYARD)
    now = clock.now()
    form = HomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        residing.claim(request.user, courtyard=courtyard, **form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("Your address is noted. The grid worker checks it, then you can endorse and vote."))
        return redirect("people:me")
    context = {"form": form, "courtyard": courtyard, "lineage": courtyard.lineage(), "nav": "me"}
    context["standing"] = standing.of(request.user, now)
    return render(request, "people/home.html", context, status=422 if form.errors else 200)


@member
def moved_away(request: MemberRequest) -> HttpResponse:
    """I do not live there any more: asked in words, then done."""
    current = standing.of(request.user, clock.now()).residence
    if current is None:
        return redirect("people:me")
    if request.method == "POST":
        residing.end(current, by=request.user, at=clock.now())
        messages.success(request, _("Your address is no longer kept as your home."))
        return redirect("people:me")
    return render(request, "people/moved_away.html", {"residence": current, "nav": "me"})


@member
def email(request: MemberRequest) -> HttpResponse:
    """Give an address: it counts once the link sent there was opened."""
    form = EmailForm(request.POST or None, initial={"email": request.user.email})
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="manage_email", user=request.user):
            return render(request, "429.html", status=429)
        mail.send_link(request.user, form.cleaned_data["email"])
        messages.success(request, _("We have sent a link to this address. Open it within a day."))
        return redirect("people:me")
    return render(request, "people/email.html", {"form": form, "nav": "me"}, status=422 if form.errors else 200)


@member
def email_confirm(request: MemberRequest, token: str) -> HttpResponse:
    """The link from the e-mail."""
    address = mail.promised(request.user, token)
    if request.method == "POST" and address:
        if mail.keep(request.user, address):
            messages.success(request, _("This e-mail address is yours now."))
        else:
            messages.error(request, _("Another account uses this e-mail address."))
        return redirect("people:me")
    return render(request, "people/email_confirm.html", {"address": address, "nav": "me"})


def _name(request: MemberRequest, template: str, onward: str) -> HttpResponse:
    user = request.user
    form = NameForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if user.is_adult:
        del form.fields["adult"]
    if request.method == "POST" and form.is_valid():
        form.instance.adult_attested_at = user.adult_attested_at or (
            clock.now() if form.cleaned_data["adult"] else None
        )
        form.save()
        return redirect(onward)
    context = {"form": form, "next": next_of(request), "nav": "me"}
    return render(request, template, context, status=422 if form.errors else 200)
