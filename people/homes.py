"""One home, however it is written: 3栋2单元501号, ３ 幢 2-0501 and 三栋 2-501 are the same household."""

import re
import unicodedata

from areas.models import Area

from .privacy import keyed_hash

_SUFFIX = "号楼|单元|栋|幢|座|楼|号|室|门|户|层"
_NUMERAL = re.compile(rf"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?={_SUFFIX}|$)")
_MARK = re.compile(rf"(?<=[0-9A-Z])(?:{_SUFFIX})|第(?=[0-9A-Z])|[^0-9A-Z一-鿿]+")
_GROUP = re.compile(r"[0-9]+|[A-Z]+|[一-鿿]+")


def plain(text: str) -> str:
    """A building's or door's bare form: its numbers and names joined by hyphens; empty when there are none."""
    text = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    text = _MARK.sub("-", _NUMERAL.sub(lambda found: str(_number(found[1])), text))
    return "-".join(group.lstrip("0") or "0" for group in _GROUP.findall(text))


def household(courtyard: Area, building: str, door: str) -> str:
    """The keyed hash by which a household is counted without knowing which door it is."""
    return keyed_hash("household", courtyard.code, plain(building), plain(door))


def _number(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    return (_digit(tens) or 1) * 10 * bool(ten) + _digit(ones)


def _digit(numeral: str) -> int:
    return "零一二三四五六七八九".find(numeral) if numeral else 0
