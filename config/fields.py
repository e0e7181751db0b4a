"""How one form field is shown: which layout its control takes, and what is announced with it."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

_LAYOUTS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "agree"),
    (forms.CheckboxSelectMultiple, "checks"),
    (forms.RadioSelect, "choices"),
)
_NATIVE: tuple[tuple[type[forms.Widget], str, str | None], ...] = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


def layout(field: BoundField) -> str:
    widget = field.field.widget
    return next((name for kind, name in _LAYOUTS if isinstance(widget, kind)), "line")


def described_by(field: BoundField, *, longest: int | None) -> str:
    """The ids of the hint, the error and the counter: what is read aloud after the label."""
    parts = {"hint": field.help_text, "error": field.errors, "count": longest}
    return " ".join(f"{field.auto_id}_{part}" for part, shown in parts.items() if shown)


def anchor(field: BoundField) -> str:
    """Where a link to this field leads: to the control, or to the first of its choices."""
    return field.id_for_label or f"{field.auto_id}_0"


def longest(field: BoundField) -> int | None:
    """The length up to which a counter counts; short codes and names need none."""
    given = field.field.widget.attrs.get("maxlength") or getattr(field.field, "max_length", None)
    return int(given) if given and int(given) >= 20 and _is_typed(field.field.widget) else None


def control(field: BoundField, *, described: str) -> str:
    """The control itself, with its class and what describes it."""
    _make_native(field.field.widget)
    attrs: dict[str, Any] = {"class": _css_class(field.field.widget)}
    if described:
        attrs["aria-describedby"] = described
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


def _css_class(widget: forms.Widget) -> str:
    own = widget.attrs.get("class", "")
    look = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return "" if isinstance(widget, forms.CheckboxInput) else f"{look} {own}".strip()


def _make_native(widget: forms.Widget) -> None:
    """A date is picked with the browser's own picker, which wants ISO whatever the language."""
    for kind, input_type, pattern in _NATIVE:
        if isinstance(widget, kind):
            widget.input_type, widget.format = input_type, pattern  # type: ignore[attr-defined]
            return


def _is_typed(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.Textarea) or (
        isinstance(widget, forms.TextInput) and widget.input_type in ("text", "search")
    )
