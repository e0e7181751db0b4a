"""The house itself: settings, the face that all pages share, and what joins the rooms."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "House"
