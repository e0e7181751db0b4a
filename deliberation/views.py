"""The room as a page, and the doors to it that work without a socket."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adapters import clock
from areas.models import Area
from ledger import chains
from people.access import public

from . import policies, reading, rendering
from .forms import PostForm
from .models import Thread


def room(
    request: HttpRequest, thread: Thread, *, title: str, back_url: str, here: Area, form: PostForm | None = None
) -> HttpResponse:
    """The page of a thread, for the view of the app that owns the case. Answers 404 to whoever may not read.

    ?before=N pages back, ?reply=N prepares an answer to a post; both work without JavaScript.
    """
    at = clock.now()
    if not policies.may_read(request.user, thread, at):
        raise Http404
    verdict = policies.may_say(request.user, thread, at)
    context = {"title": title, "back_url": back_url, "here": here, "nav": "cases", "notabbar": True}
    context |= {"thread": thread, "verdict": verdict, "room_url": _room_url(request), "language": get_language()}
    context |= _reading(request, thread) | _composer(request, thread, form)
    status = 200 if form is None else 422 if verdict else 403
    return render(request, "deliberation/room.html", context, status=status)


@public
@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody may knock: the verdict is told on the room's page, where what was typed is kept."""
    thread = _readable(request, pk)
    form = PostForm(request.POST, thread=thread)
    post = form.say(by=request.user, at=clock.now())  # type: ignore[arg-type]
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(form.answer(post), status=200 if post else 422)
    if post is None:
        return _room_again(request, thread, form)
    return redirect(f"{_room_url(request)}#post-{post.number}")


@public
@require_GET
def since(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What came after a number, for those whose socket does not open. Their read mark moves along."""
    thread = _readable(request, pk)
    messages = [rendering.message(post) for post in reading.since(thread, number)]
    reading.mark_read(thread, request.user, number)
    return JsonResponse({"messages": messages, "last": thread.last_number, "open": thread.is_open})


@public
@require_GET
def before(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The screenful before a number, as a fragment."""
    thread = _readable(request, pk)
    return render(request, "deliberation/_posts.html", {"thread": thread, "screenful": reading.before(thread, number)})


def _readable(request: HttpRequest, pk: int) -> Thread:
    thread = get_object_or_404(Thread.objects.select_related("area"), pk=pk)
    if not policies.may_read(request.user, thread, clock.now()):
        raise Http404
    return thread


def _room_again(request: HttpRequest, thread: Thread, form: PostForm) -> HttpResponse:
    link = chains.links([thread.chain]).get(thread.chain)
    title, back_url = (link.title, link.url) if link else (_("Discussion"), _room_url(request))
    return room(request, thread, title=title, back_url=back_url, here=thread.area, form=form)


def _room_url(request: HttpRequest) -> str:
    """The room's own page, which the form brings along: a thread knows no address."""
    if request.method != "POST":
        return request.path
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"


def _reading(request: HttpRequest, thread: Thread) -> dict[str, Any]:
    """What there is to read; the newest screenful counts as read from now on."""
    if past := _number(request.GET.get("before")):
        return {"past": past, "screenful": reading.before(thread, past)}
    screenful = reading.latest(thread, request.user)
    reading.mark_read(thread, request.user, screenful.last)
    return {"screenful": screenful}


def _composer(request: HttpRequest, thread: Thread, form: PostForm | None) -> dict[str, Any]:
    form = form or PostForm.blank(thread, reply_to=_number(request.GET.get("reply")))
    return {"form": form, "answered": form.answered, "me": reading.own_ref(thread, request.user)}


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
