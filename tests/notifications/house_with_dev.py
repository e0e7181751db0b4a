"""The house's addresses with the demo's page, which a test run does not have."""

from django.urls import include, path

from config import dev
from config.urls import urlpatterns as house

urlpatterns = [path("dev/", include((dev.urlpatterns, "config"))), *house]
