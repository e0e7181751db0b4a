"""The design's own rules, held by the style sheets and templates."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config import sprite

CSS = Path(settings.BASE_DIR, "static", "css")
TOKENS = (CSS / "tokens.css").read_text()
ROOMS = [path for path in CSS.glob("*.css") if path.name not in ("tokens.css", "yuanyi.css")]
TEMPLATES = [*settings.BASE_DIR.glob("templates/**/*.html"), *settings.BASE_DIR.glob("*/templates/**/*.html")]
STATES = ["open", "duty", "doing", "done", "pause", "alarm", "end"]
SURFACES = ["paper", "card", "sunk"]


def colours(selector: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for body in re.findall(r"(?m)^\s*" + re.escape(selector) + r"\s*\{(.*?)\}", TOKENS, re.DOTALL):
        found |= dict(re.findall(r"--y-([\w-]+):\s*(#[0-9a-f]{6})", body))
    return found


LIGHT = colours(":root")
DARK = LIGHT | colours(':root[data-bs-theme="dark"]')
ELDER = LIGHT | colours(':root[data-mode="elder"]')
ELDER_DARK = DARK | colours(':root[data-mode="elder"]') | colours(':root[data-mode="elder"][data-bs-theme="dark"]')

PAIRS = [
    *[(ink, surface, 7.0 if ink == "ink" else 4.5) for ink in ("ink", "ink-2", "ink-3") for surface in SURFACES],
    *[("accent-ink", surface, 4.5) for surface in [*SURFACES, "accent-soft"]],
    *[("on-accent", surface, 4.5) for surface in ("accent", "accent-hover")],
    *[("ink", surface, 7.0) for surface in ("accent-soft", "ginkgo-soft", "mark")],
    *[(f"{state}-fg", surface, 4.5) for state in STATES for surface in (f"{state}-bg", "card", "paper")],
    *[("ink", f"{state}-bg", 7.0) for state in STATES],
    *[(f"{state}-edge", surface, 3.0) for state in STATES for surface in ("card", "paper")],
    *[(edge, surface, 3.0) for edge in ("line-strong", "accent", "focus") for surface in SURFACES],
    *[(vote, surface, 3.0) for vote in ("yes", "no", "threshold") for surface in ("card", "track")],
    ("abstain", "card", 3.0),
    ("card", "alarm-fg", 4.5),
]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", [LIGHT, DARK, ELDER, ELDER_DARK], ids=["light", "dark", "elder", "elder-dark"])
def test_contrast_is_enough(mode: dict[str, str]) -> None:
    assert [pair for pair in PAIRS if contrast(mode[pair[0]], mode[pair[1]]) < pair[2]] == []


def test_dark_by_device_is_dark_by_choice() -> None:
    assert colours(":root:not([data-bs-theme])") == colours(':root[data-bs-theme="dark"]')


def test_entry_sheet_lists_every_sheet_and_puts_bootstrap_below() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\)(.*);', (CSS / "yuanyi.css").read_text())
    assert imported[0] == ("../bootstrap/css/bootstrap.min.css", " layer(bootstrap)")
    assert sorted(name for name, _ in imported[1:]) == sorted(path.name for path in [*ROOMS, CSS / "tokens.css"])


@pytest.mark.parametrize("sheet", ROOMS, ids=lambda path: path.name)
def test_every_rule_is_in_a_layer(sheet: Path) -> None:
    outside = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    while "{" in outside:
        outside = re.sub(r"[^{}]*\{[^{}]*\}", lambda rule: "@" if "@layer" in rule[0] else "", outside)
    assert set(outside.split()) == {"@"}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    sources = [*TEMPLATES, *settings.BASE_DIR.glob("[a-z]*/*.py")]
    used = {
        name for path in sources for name in re.findall(r'(?:{% icon |icon_name=|\bicon=)"([^"]+)"', path.read_text())
    }
    assert used - set(sprite.names()) == set()


def test_templates_stay_small() -> None:
    assert [path.name for path in TEMPLATES if len(path.read_text().splitlines()) > 120] == []
