"""HTML to PDF: the only door to WeasyPrint. Fonts are named by file, and nothing is fetched from anywhere."""

import ctypes
import datetime as dt
import functools
import io
import threading
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as wheel

OWN = "own:"
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
_press = threading.Lock()


class Unprintable(Exception):
    """The paper cannot be printed as it is meant; the message says why."""


@dataclass(frozen=True)
class Face:
    """A family as the style sheets of papers name it, and the files that can stand for it, the best one first.

    Where no file is found the style sheet's next family stands in: every stack ends with Fangsong, which is always
    there. `member` is the font's position in a collection.
    """

    family: str
    files: tuple[Path, ...]
    member: int = 0

    @property
    def file(self) -> Path | None:
        return next((path for path in self.files if path.is_file()), None)


DEBIAN = Path("/usr/share/fonts")
FACES = (
    Face("Fangsong", (wheel.serif_path(),)),
    Face("Heiti", (wheel.sans_path(),)),
    Face("Kaiti", (DEBIAN / "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",)),
    Face("Xiaobiaosong", (DEBIAN / "opentype/noto/NotoSerifCJK-Bold.ttc",), member=2),
)


@dataclass(frozen=True)
class Pdf:
    content: bytes
    pages: int


def ready() -> str | None:
    """What keeps this machine from printing, in a sentence that says what to install; None when nothing does."""
    missing = sorted(package for library, package in LIBRARIES.items() if not _loads(library))
    return f"Papers cannot be printed: install {' '.join(missing)}." if missing else None


def html_to_pdf(
    html: str, *, created: dt.datetime, files: Mapping[str, bytes] | None = None, variant: str = "pdf/a-3a"
) -> Pdf:
    """The same HTML, files and instant give the same bytes, on the same versions of fonts and libraries.

    `files` are all that the HTML can show, as `own:<name>`; any other address is refused with Unprintable, as is a
    character that no font of ours has. Safe to call from several threads: one paper is printed at a time.
    """
    with _press:
        document = _laid_out(html, files or {}, variant)
        document.metadata.created = document.metadata.modified = created.isoformat(timespec="seconds")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint forgets to close its colour profile
            content = document.write_pdf(pdf_variant=variant)
    missing = sorted({chr(code) for font in document.fonts.values() for code in font.missing})
    if missing:
        raise Unprintable(f"No font has these characters: {' '.join(missing)}")
    return Pdf(content, len(document.pages))


def spell_out(text: str) -> str:
    """Characters that our fonts lack become their code point, as 〔U+1F44D〕; invisible ones go."""
    for character in sorted(unprintable(text)):
        invisible = unicodedata.category(character) in ("Cf", "Cc", "Mn")
        text = text.replace(character, "" if invisible else f"〔U+{ord(character):04X}〕")
    return text


def unprintable(text: str) -> set[str]:
    """The characters of a text that no font of ours has."""
    return {character for character in set(text) - {"\n", "\r", "\t"} if ord(character) not in _coverage()}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _laid_out(html: str, files: Mapping[str, bytes], variant: str) -> Any:
    fonts = _fonts()
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    try:
        return HTML(string=html, url_fetcher=_only(files)).render(font_config=fonts, pdf_variant=variant)
    except FatalURLFetchingError as error:
        raise Unprintable(f"{error}: a paper shows its own files only.") from error


def _only(files: Mapping[str, bytes]) -> Any:
    """A fetcher that answers with these files and refuses every other address: no network, no disk."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: object = None) -> Any:
            return URLFetcherResponse(url, files[url.removeprefix(OWN)])

    return OwnFiles(allowed_protocols=(), fail_on_errors=True)


@functools.cache
def _fonts() -> Any:
    """The one font configuration of this process: a new one for each paper would keep 30 MB each."""
    if trouble := ready():
        raise Unprintable(trouble)
    from PIL import ImageFile
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint's import turns it on for the whole process
    fonts = FontConfiguration()
    found = {face.family: _font_file(face.file, face.member) for face in FACES if face.file}
    rules = (f"@font-face {{ font-family: {family}; src: url({OWN}{family}) }}" for family in found)
    CSS(string="\n".join(rules), font_config=fonts, url_fetcher=_only(found))
    return fonts


def _font_file(path: Path, member: int) -> bytes:
    """One font, out of a collection if it is one, without what only vertical writing needs."""
    from fontTools.ttLib import TTFont

    single = io.BytesIO()
    with TTFont(path, fontNumber=member, lazy=True, recalcTimestamp=False) as font:
        for table in ("vhea", "vmtx", "VORG"):
            if table in font:
                del font[table]
        font.save(single, reorderTables=False)
    return single.getvalue()


@functools.cache
def _coverage() -> frozenset[int]:
    return frozenset().union(*(_characters(face.file) for face in FACES[:2] if face.file))


def _characters(path: Path) -> set[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())
