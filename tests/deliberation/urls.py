"""The house with one more door: a room without a case around it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from config.urls import urlpatterns as house
from deliberation import views
from deliberation.models import Thread
from people.access import public


@public
def room(request: HttpRequest, pk: int) -> HttpResponse:
    thread = get_object_or_404(Thread, pk=pk)
    return views.room(request, thread, title="充电棚离窗户多远", back_url="/cases/", here=thread.area)


urlpatterns = [path("room/<int:pk>/", room), *house]
