"""What belongs to a case is written by its moves alone: no admin offers it for editing."""

import importlib.util

from django.apps import apps
from django.db import models
from django.urls import get_resolver
from wagtail.admin.viewsets import viewsets
from wagtail.contrib.settings.registry import registry as setting_registry
from wagtail.coreutils import resolve_model_string
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

CASES = ("proposals", "voting", "deliberation", "ledger", "records", "notifications")


def editable() -> set[type[models.Model]]:
    """Every model that some admin edits: Wagtail's views, snippets, settings and pages, and Django's own admin."""
    assert get_resolver().url_patterns  # the addresses are read: Wagtail has registered its views
    named = [viewset.model for viewset in viewsets.viewsets if getattr(viewset, "model", None)]
    found = {resolve_model_string(model) for model in named}
    found |= {*get_snippet_models(), *setting_registry}
    found |= {model for model in apps.get_models() if issubclass(model, Page)}
    if importlib.util.find_spec("django.contrib.admin") and apps.is_installed("django.contrib.admin"):
        from django.contrib import admin

        found |= set(admin.site._registry)
    return found


def rooms(models_: set[type[models.Model]]) -> set[str]:
    return {model._meta.app_label for model in models_}


def test_no_admin_edits_what_belongs_to_a_case():
    assert {model._meta.label for model in editable() if model._meta.app_label in CASES} == set()


def test_the_walk_finds_what_is_editable():
    assert {"areas", "cms"} <= rooms(editable())
    assert {"areas.Category", "areas.Competence"} == {
        model._meta.label for model in editable() if model._meta.app_label == "areas"
    }
