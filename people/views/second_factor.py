"""The second factor: whoever holds an office shows a code from their authenticator before any staff page."""

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import view_recovery_codes
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from ..access import MemberRequest, member
from ..forms import SetUpForm
from .entry import next_of


@never_cache
@member
def second_factor(request: MemberRequest) -> HttpResponse:
    """Set one up; whoever has one is asked for its code."""
    if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': next_of(request)})}")
    form = SetUpForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        authenticator, _codes = activate_totp(request, form)
        proof = {"id": authenticator.pk, "type": authenticator.type, "reauthenticated": True}
        record_authentication(request, request.user, method="mfa", **proof)
        return redirect(f"{reverse('people:recovery')}?{urlencode({'next': next_of(request)})}")
    address = get_adapter().build_totp_url(request.user, form.secret)
    context = {
        "form": form,
        "picture": segno.make(address).svg_data_uri(scale=5, border=4, light="#fff"),
        "secret": " ".join(form.secret[i : i + 4] for i in range(0, len(form.secret), 4)),
        "next": next_of(request),
        "nav": "me",
    }
    return render(request, "people/second_factor.html", context, status=422 if form.errors else 200)


@never_cache
@member
def recovery(request: MemberRequest) -> HttpResponse:
    """The codes for the day on which the authenticator is lost; allauth asks for the second factor before."""
    found, _shown = view_recovery_codes(request)
    if found is None:
        raise Http404
    context = {"codes": found.get_unused_codes(), "next": next_of(request), "nav": "me"}
    return render(request, "people/recovery.html", context)
