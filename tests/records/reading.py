"""Reading a PDF back: its structure by pikepdf, its words and where they stand by poppler."""

import io
import re
import subprocess
from dataclasses import dataclass

import pikepdf


@dataclass(frozen=True)
class Word:
    """A run of characters without space; points from the top left corner of the page."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def text(content: bytes) -> str:
    return _poppler("-layout", content=content)


def flat(content: bytes) -> str:
    """All words without spaces and line ends, for sentences that may be broken anywhere."""
    return re.sub(r"\s", "", _poppler(content=content))


def pages(content: bytes) -> list[str]:
    return _poppler(content=content).split("\f")[:-1]


def words(content: bytes) -> list[Word]:
    found, page = [], 0
    for line in _poppler("-bbox", content=content).splitlines():
        page += "<page " in line
        if match := re.search(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</word>', line):
            left, top, right, bottom, said = match.groups()
            found.append(Word(page, float(left), float(top), float(right), float(bottom), said))
    return found


def fonts(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Dictionary]:
    """Each font's base name with its descriptor."""
    described = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontDescriptor" in item]
    return {str(font.BaseFont): font.FontDescriptor for font in described}


def glyph(pdf: pikepdf.Pdf, character: str) -> int:
    """The glyph that stands for a character; 0 is the box of a missing one. KeyError if it is not in the paper."""
    wanted = character.encode("utf-16-be").hex()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
            pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", item.ToUnicode.read_bytes())
            for number, meaning in pairs:
                if meaning.decode() == wanted:
                    return int(number, 16)
    raise KeyError(character)


def alternatives(pdf: pikepdf.Pdf) -> list[str]:
    """What is read aloud for each picture."""
    return [str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item]


def _poppler(*options: str, content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-enc", "UTF-8", *options, "-", "-"], input=content, capture_output=True)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout.decode()
