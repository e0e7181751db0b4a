"""One SVG file with all our icons, made from the lucide package: pages point into it with <use>."""

import re
import zipfile
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from django.conf import settings

RENAMED = {"circle-help": "circle-question-mark"}  # lucide renames; our templates need not

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def build() -> Path:
    """Write the sprite where static files are found, unless it is already the right one."""
    path = Path(settings.DATA_DIR) / "built" / "icons" / "sprite.svg"
    mark = f"<!-- lucide {version('lucide')}: {' '.join(names())} -->"
    if not path.exists() or not path.read_text().startswith(mark):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(f"{mark}\n{_svg()}\n")
        draft.replace(path)
    return path


@cache
def names() -> tuple[str, ...]:
    """The icons that templates may use, in the order of icons.txt."""
    return tuple(files("config").joinpath("icons.txt").read_text().split())


def _svg() -> str:
    with zipfile.ZipFile(str(files("lucide").joinpath("lucide.zip"))) as archive:
        symbols = [_symbol(name, archive.read(f"{RENAMED.get(name, name)}.svg").decode()) for name in names()]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>"])


def _symbol(name: str, svg: str) -> str:
    drawing = _INNER.search(svg)
    assert drawing, f"lucide's {name}.svg is not an SVG"
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(drawing[1].split())}</symbol>'
