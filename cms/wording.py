"""Sentences that Wagtail's admin has in English only: found by makemessages here, worded in locale/."""

from django.utils.translation import gettext_noop, ngettext_lazy

SENTENCES = (
    gettext_noop("Exploring"),
    gettext_noop("Search all pages…"),
    gettext_noop("Page types usage"),
    gettext_noop("Privacy and access"),
    gettext_noop("Shortcuts"),
    gettext_noop("Actions"),
    gettext_noop("Saved"),
    gettext_noop("Autosave is paused"),
    gettext_noop("To be created by %(user)s"),
    gettext_noop("Date updated"),
    gettext_noop("Edited by"),
    gettext_noop("Has child pages"),
    gettext_noop("Page type"),
    gettext_noop("Any"),
    gettext_noop("Checks"),
    gettext_noop("Toggle checks"),
    gettext_noop("Content metrics"),
    gettext_noop("Words"),
    gettext_noop("Reading time"),
    gettext_noop("Readability"),
    gettext_noop("This data explained"),
    gettext_noop("Locking: "),
    gettext_noop("Anyone can edit this %(model_name)s"),
    ngettext_lazy("Referenced %(count)s time", "Referenced %(count)s times", "count"),
    ngettext_lazy(
        "This %(model_name)s is referenced %(usage_count)s time.",
        "This %(model_name)s is referenced %(usage_count)s times.",
        "counter",
    ),
    ngettext_lazy("There is one matching page", "There are %(counter)s matching pages", "counter"),
    ngettext_lazy(
        '%(total)s Page <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Pages <span class="w-sr-only">created in %(site_name)s</span>',
        "counter",
    ),
)
