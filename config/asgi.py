"""The ASGI door: pages through Django, sockets through the doormen of the apps."""

import os

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()  # the apps must be loaded before their consumers are imported

from adapters import live  # noqa: E402
from adapters.doorman import Visitors  # noqa: E402
from deliberation import routing as deliberation  # noqa: E402
from notifications import routing as notifications  # noqa: E402


class NoSuchDoor(AsyncWebsocketConsumer):
    """Any other address: answered like a room that is not there."""

    access = "public"

    async def connect(self) -> None:
        await self.accept()
        await self.close(live.GONE)


websocket_urlpatterns = [
    *deliberation.websocket_urlpatterns,
    *notifications.websocket_urlpatterns,
    re_path("", NoSuchDoor.as_asgi()),
]
application = ProtocolTypeRouter(
    {"http": pages, "websocket": AllowedHostsOriginValidator(Visitors(URLRouter(websocket_urlpatterns)))}
)
