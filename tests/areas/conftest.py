"""A district with two streets, three communities and five courtyards; bodies only where a test puts them."""

import pytest

from areas.models import Area, Level


@pytest.fixture
def places():
    """The areas by name."""
    made: dict[str, Area] = {}

    def put(name, parent=None):
        fields = {"name": name, "code": f"T{len(made):03}", "level": Level(parent.level + 1 if parent else 1)}
        made[name] = parent.add_child(**fields) if parent else Area.add_root(**fields)
        return made[name]

    district = put("区")
    fuqin, yinmen = put("抚琴", district), put("营门口", district)
    jinyu, xinan, chang = put("金鱼街", fuqin), put("西南街", fuqin), put("长庆", yinmen)
    for name, community in (
        ("槐荫里", jinyu),
        ("临水苑", jinyu),
        ("向阳里", xinan),
        ("长庆里", chang),
        ("花照里", chang),
    ):
        put(name, community)
    return {area.name: area for area in Area.objects.all()}
