"""Words that every template knows: icons, dates, phrases, fields, bars and badges in the design's terms."""

import datetime as dt
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm, BaseFormSet
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from adapters import clock
from config import dates, fields, phrasing

register = template.Library()

register.filter("phrases", phrasing.phrases)


@register.filter
def day(when: dt.date | None) -> str:
    return dates.day(when, at=clock.now()) if when else ""


@register.filter
def moment(when: dt.datetime | None) -> str:
    return dates.moment(when, at=clock.now()) if when else ""


@register.filter
def deadline(due_at: dt.datetime | None) -> str:
    return dates.deadline(due_at, at=clock.now()) if due_at else ""


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One icon of icons.txt; decoration only, the word beside it is what is read."""
    shape = format_html(' data-size="{}"', size) if size else ""
    return format_html(
        '<svg class="y-icon"{} aria-hidden="true"><use href="{}#{}"></use></svg>', shape, _sprite_url(), name
    )


@register.simple_tag
def state_badge(tone: str, name: str, label: object) -> SafeString:
    """A state is icon, word and colour together."""
    return format_html('<span class="y-badge" data-tone="{}">{}{}</span>', tone, icon(name), label)


@register.simple_tag
def bar(percent: float | str, mark: float | str = "", label: str = "") -> SafeString:
    """A filled bar, with the threshold's mark if there is one. The numbers stand in the text beside it too."""
    return format_html(
        '<svg class="y-bar" role="img" aria-label="{}"><rect class="y-bar__track" width="100%" height="100%" rx="5"/>'
        '<rect class="y-bar__fill" width="{}%" height="100%" rx="5"/>{}</svg>',
        label,
        _percent(percent),
        _mark(mark),
    )


@register.inclusion_tag("_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Label, hint, control, error and counter, wired for those who listen."""
    longest = fields.longest(bound)
    described = fields.described_by(bound, longest=longest)
    return {
        "field": bound,
        "layout": fields.layout(bound),
        "control": fields.control(bound, described=described),
        "described": described,
        "longest": longest,
        "typed": len(bound.value() or "") if longest else 0,
    }


@register.inclusion_tag("_errors.html")
def errors(form: BaseForm, rows: BaseFormSet | None = None) -> dict[str, Any]:  # type: ignore[type-arg]
    """What must be changed, at the top of the form and of its rows; it takes the focus when the page opens."""
    forms = [form, *(rows.forms if rows else [])]
    general = form.non_field_errors() if form.is_bound else []
    return {
        "general": [*general, *(rows.non_form_errors() if rows and rows.is_bound else [])],
        "wrong": [
            (fields.anchor(one[name]), one[name].label) for one in forms for name in one.errors if name in one.fields
        ],
    }


@cache
def _sprite_url() -> str:
    return static("icons/sprite.svg")


def _percent(value: float | str) -> str:
    return f"{min(100.0, max(0.0, float(value))):.4g}"


def _mark(value: float | str) -> SafeString:
    if value == "":
        return SafeString()
    line = '<line class="{}" x1="{}%" x2="{}%" y1="-28%" y2="128%"/>'
    at = _percent(value)
    return format_html(line + line, "y-bar__halo", at, at, "y-bar__mark", at, at)
