from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from config import dev, display, health

handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((health.urlpatterns, "health"))),
    path("", include((display.urlpatterns, "display"))),
    path("", include("people.urls")),
    path("", include("notifications.urls")),
    path("", include("deliberation.urls")),
    path("", include("voting.urls")),
    path("", include("proposals.urls")),
    path("", include("records.urls")),
    path("", include("cms.urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]
if settings.DEMO:
    urlpatterns.insert(0, path("dev/", include((dev.urlpatterns, "config"))))
