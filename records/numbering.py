"""The number of a paper: the organ's short name and the kind of paper, the year, the running number."""

from areas.models import Area, Level

from .models import Kind

KIND_WORDS = {Kind.DECISION: "议答", Kind.CASE_FILE: "议卷"}
SHORTER = {Level.DISTRICT: ("区", ""), Level.STREET: ("街道", "街"), Level.COMMUNITY: ("社区", "社")}


def word(area: Area, kind: str) -> str:
    """金牛区 → 金牛议答, 抚琴街道 → 抚琴街议答, 金鱼街社区 → 金鱼街社议答, 槐荫里 → 槐荫里议答."""
    long, short = SHORTER.get(Level(area.level), ("", ""))
    name = area.name.removesuffix(long) + short if long and area.name.endswith(long) else area.name
    return name + KIND_WORDS[Kind(kind)]
