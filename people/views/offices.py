"""My offices: who acts for me and for whom I act, naming a deputy and recalling one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adapters import clock

from .. import deputies, policies
from ..access import MemberRequest, allowed
from ..forms import DeputyForm


@allowed(policies.may_work)
def offices(request: MemberRequest) -> HttpResponse:
    user, now = request.user, clock.now()
    held = deputies.offices_for(user, now)
    possible = policies.possible_deputies([office.body.area for office in held], now).exclude(user=user)
    colleagues = list(possible.select_related("user", "body").order_by("user__name", "user", "pk"))
    form = DeputyForm(held, colleagues, request.POST or None, at=now)
    if request.method == "POST" and (acting := form.depute(by=user, at=now)):
        messages.success(request, _("%(name)s is named as deputy.") % {"name": acting.user.name})
        return redirect("people:offices")
    context = {
        "mine": [office for office in held if office.user_id == user.pk],
        "others": [office for office in held if office.user_id != user.pk],
        "acted_in": deputies.acted_in(user, now),
        "form": form,
        "now": now,
        "nav": "me",
    }
    return render(request, "people/offices.html", context, status=422 if form.errors else 200)


@allowed(policies.may_work)
@require_POST
def recall(request: MemberRequest, pk: int) -> HttpResponse:
    now = clock.now()
    acting = get_object_or_404(deputies.recallable(request.user, now), pk=pk)
    deputies.recall(acting, by=request.user, at=now)
    messages.success(request, _("%(name)s no longer acts as deputy.") % {"name": acting.user.name})
    return redirect("people:offices")
