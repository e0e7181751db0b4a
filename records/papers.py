"""From data to a page in three steps: a dataclass, its template, the bytes."""

import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from adapters import printing

from .models import Record

SHANGHAI = ZoneInfo("Asia/Shanghai")
HASH_HEAD = 16
_LEVELS = {"one": re.compile(r"[一二三四五六七八九十]+、"), "two": re.compile(r"（[一二三四五六七八九十]+）")}


@dataclass(frozen=True)
class Imprint:
    """What makes a paper checkable: it stands on each of them."""

    number: str
    version: int
    code: str
    address: str
    event: str
    sample: bool

    @property
    def qr(self) -> str:
        """The address as an SVG with a title that is read aloud."""
        drawing = io.BytesIO()
        segno.make(self.address, error="m", micro=False).save(
            drawing, kind="svg", xmldecl=False, border=0, omitsize=True, title="核验二维码", nl=False
        )
        return drawing.getvalue().decode()


@dataclass(frozen=True)
class Paragraph:
    """level: "one" and "two" begin 一、 and （一）, and their first sentence, the lead, is a heading. "head" and "lead"
    name a part, on a line of its own or running into it.
    """

    level: str
    lead: str
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """at: the instant of the event that caused it, which is the paper's date."""

    template: ClassVar[str]
    title: str
    organ: str
    at: dt.datetime
    imprint: Imprint
    public: bool
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def date(self) -> str:
        return date(self.at)


def imprint(record: Record) -> Imprint:
    return Imprint(
        number=record.number,
        version=record.version,
        code=record.spoken_code,
        address=settings.SITE_URL + reverse("records:verify", args=[record.spoken_code]),
        event=record.event.hash[:HASH_HEAD],
        sample=settings.DEMO,
    )


@translation.override("zh-hans")
def html(paper: Paper) -> str:
    """The papers are Chinese documents, whatever language the reader's screen has."""
    return render_to_string(paper.template, {"paper": paper})


def pdf(paper: Paper) -> printing.Pdf:
    return printing.html_to_pdf(printing.spell_out(html(paper)), created=paper.at, files=paper.files)


def date(at: dt.datetime) -> str:
    """2026年3月2日, without leading zeros, in Chengdu's time."""
    return day(at.astimezone(SHANGHAI).date())


def day(when: dt.date) -> str:
    return f"{when.year}年{when.month}月{when.day}日"


def moment(at: dt.datetime) -> str:
    return f"{date(at)}{at.astimezone(SHANGHAI):%H:%M}"


def deadline(at: dt.datetime) -> str:
    """A term that ends with a day is written as that day's 24:00."""
    local = at.astimezone(SHANGHAI)
    return moment(at) if local.time() != dt.time() else f"{date(local - dt.timedelta(days=1))}24:00"


def paragraphs(text: str) -> list[Paragraph]:
    """One for each line that says something, with the level that its beginning gives it."""
    return [_paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def _paragraph(line: str) -> Paragraph:
    level = next((name for name, mark in _LEVELS.items() if mark.match(line)), "")
    lead, stop, rest = line.partition("。")
    return Paragraph(level, lead + stop, rest) if level and rest else Paragraph(level, line)
