"""Where the sockets of this app are."""

from django.urls import path

from .consumers import RoomConsumer

websocket_urlpatterns = [path("ws/talk/<int:pk>/", RoomConsumer.as_asgi())]
