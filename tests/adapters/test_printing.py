import datetime as dt
import hashlib
import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from adapters import printing
from tests.records import reading

AT = dt.datetime(2026, 11, 18, 10, 0, tzinfo=dt.UTC)
HEAD = '<!doctype html><html lang="zh-Hans-CN"><head><title>一纸</title></head>'
PAGE = (
    HEAD + '<body><p style="font-family: Fangsong">院子里的事<b style="font-family: Heiti">大家议</b></p></body></html>'
)
SAME_ELSEWHERE = """
import datetime as dt, hashlib, sys
from adapters import printing
pdf = printing.html_to_pdf(sys.stdin.read(), created=dt.datetime(2026, 11, 18, 10, 0, tzinfo=dt.UTC))
print(hashlib.sha256(pdf.content).hexdigest())
"""


def printed(html=PAGE, **options):
    return printing.html_to_pdf(html, created=AT, **options)


def picture():
    made = io.BytesIO()
    Image.new("RGB", (40, 30), (14, 94, 98)).save(made, "PNG")
    return made.getvalue()


def test_this_machine_is_ready():
    assert printing.ready() is None


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(printing.LIBRARIES, "libnowhere.so.0", "libnowhere0")
    assert printing.ready() == "Papers cannot be printed: install libnowhere0."


def test_it_is_pdf_a_tagged_titled_and_in_chinese():
    pdf = reading.opened(printed().content)
    with pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
        assert xmp["dc:title"] == "一纸"
    assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("zh-Hans-CN", True)
    assert str(pdf.docinfo["/CreationDate"]) == str(pdf.docinfo["/ModDate"]) == "D:20261118100000+00'00"


def test_every_font_is_ours_embedded_and_a_subset():
    pdf = reading.opened(printed().content)
    fonts = reading.fonts(pdf)
    assert sorted(name.split("+")[1] for name in fonts) == ["Fangsong", "Heiti-Bold"]
    assert all("/FontFile3" in descriptor for descriptor in fonts.values())
    assert all(len(name.split("+")[0].strip("/")) == 6 for name in fonts)


@pytest.mark.parametrize("character", "璟珹洺邨〔〕—·㎡℃")
@pytest.mark.parametrize("family", ["Fangsong", "Heiti", "Kaiti", "Xiaobiaosong"])
def test_rare_characters_have_a_glyph(character, family):
    html = f'{HEAD}<body><p style="font-family: {family}, Fangsong">{character}</p></body></html>'
    pdf = reading.opened(printed(html).content)
    assert reading.glyph(pdf, character) != 0
    assert len(reading.fonts(pdf)) == 1


def test_a_character_without_glyph_stops_the_printing():
    with pytest.raises(printing.Unprintable, match="No font has these characters: \U0010fffd"):
        printed(PAGE.replace("大家议", "\U0010fffd"))


def test_what_our_fonts_lack_is_spelled_out():
    assert printing.unprintable("好👍🏽") == {"👍", "🏽"}
    assert printing.spell_out("好\u200b👍\ufe0f，𠮷\n") == "好〔U+1F44D〕，〔U+20BB7〕\n"


def test_the_same_input_gives_the_same_bytes_here_and_in_another_process():
    elsewhere = subprocess.run(
        [sys.executable, "-c", SAME_ELSEWHERE], input=PAGE, text=True, capture_output=True, check=True,
        cwd=Path(printing.__file__).parent.parent,
    )  # fmt: skip
    digests = {hashlib.sha256(printed().content).hexdigest() for _ in range(2)}
    assert digests == {elsewhere.stdout.strip()}


def test_another_instant_gives_other_bytes():
    later = printing.html_to_pdf(PAGE, created=AT + dt.timedelta(seconds=1))
    assert later.content != printed().content


def test_threads_take_turns():
    papers = [PAGE.replace("大家议", f"第{number}件") for number in range(4)]
    made = {}
    workers = [threading.Thread(target=lambda p=paper: made.update({p: printed(p).content})) for paper in papers]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert made == {paper: printed(paper).content for paper in papers}


def test_pages_are_counted():
    assert printed(PAGE.replace("<p ", '<p></p><p style="break-before: page"></p><p ')).pages == 2


def test_it_shows_its_own_files():
    html = PAGE.replace("大家议", '<img src="own:bench" alt="长椅">')
    pdf = reading.opened(printed(html, files={"bench": picture()}).content)
    assert reading.alternatives(pdf) == ["长椅"]


@pytest.mark.parametrize(
    "address",
    ["own:other", "http://127.0.0.1:9/x.png", "https://example.org/x.png", "file:///etc/hostname", "data:image/png,x",
     "/etc/hostname", "../x.png", "ftp://127.0.0.1/x"],
)  # fmt: skip
def test_it_fetches_nothing_else(address):
    html = PAGE.replace("大家议", f'<img src="{address}" alt="">')
    if "://" not in address and ":" not in address:
        html = html.replace("<head>", '<head><base href="file:///">')
    with pytest.raises(printing.Unprintable):
        printed(html, files={"bench": picture()})


def test_a_style_sheet_cannot_fetch_either():
    with pytest.raises(printing.Unprintable):
        printed(PAGE.replace("<title>", '<link rel="stylesheet" href="file:///etc/hostname"><title>'))
